-- The search index of order records.
insert into search_indexes (name, definition) values ('order_record_search', '');

-- The same shape as order_search.
create table order_record_search (
    tenant text collate "C" not null,
    id text collate "C" not null,
    moment bigint not null,
    terms bigint[] not null,
    primary key (tenant, id)
);
-- As for orders: a rare term must be known to be rare.
alter table order_record_search alter column terms set statistics 1000;
create index order_record_search_by_moment on order_record_search (tenant, moment, id);
create index order_record_search_by_term on order_record_search using gin (terms) with (fastupdate = off);
