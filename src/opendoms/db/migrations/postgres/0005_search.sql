-- The search index of orders: the terms of each document in a slim row, and an inverted index over them.

-- What each search index was built with. An index that is being rebuilt has come as far as the key; a null: it is whole.
create table search_indexes (
    name text collate "C" not null primary key,
    definition text collate "C" not null,
    rebuilt_tenant text collate "C",
    rebuilt_id text collate "C"
);
insert into search_indexes (name, definition) values ('order_search', '');

create table order_search (
    tenant text collate "C" not null,
    id text collate "C" not null,
    moment bigint not null,
    terms bigint[] not null,
    primary key (tenant, id)
);
-- How often a term is there must be known down to rare ones: where the planner takes a term of one order for one of
-- thousands, it walks all moments in search of it (a second at a million orders, instead of a millisecond).
alter table order_search alter column terms set statistics 1000;
create index order_search_by_moment on order_search (tenant, moment, id);
-- Without a list of pending entries: emptying it would hold up one write for all the others.
create index order_search_by_term on order_search using gin (terms) with (fastupdate = off);

-- Ends a write by a process of another release, whose terms the index would not understand.
create function opendoms_expect_index(index_name text, expected text) returns boolean language plpgsql as $$
begin
    if not exists (select 1 from search_indexes where name = index_name and definition = expected) then
        raise exception 'opendoms: % is built by another definition', index_name using errcode = 'OD002';
    end if;
    return true;
end $$;
