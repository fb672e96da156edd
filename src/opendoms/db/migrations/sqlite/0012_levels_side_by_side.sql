-- The levels of an article lie side by side. A promise reads those of hundreds of facilities for each article, and with a
-- rowid each of them lay on a page of its own, in the order in which stock came in.
alter table stock_levels rename to stock_levels_by_arrival;
create table stock_levels (
    tenant text not null check (tenant <> ''),
    tenant_article_id text not null check (tenant_article_id <> ''),
    facility_ref text not null check (facility_ref <> ''),
    on_hand integer not null check (on_hand >= 0),
    safety integer not null check (safety >= 0),
    reserved integer not null check (reserved >= 0),
    restocked integer not null check (restocked >= 1),
    primary key (tenant, tenant_article_id, facility_ref),
    constraint stock_levels_cover_reservations check (reserved = 0 or reserved <= on_hand - safety)
) without rowid;
insert into stock_levels (tenant, tenant_article_id, facility_ref, on_hand, safety, reserved, restocked)
    select tenant, tenant_article_id, facility_ref, on_hand, safety, reserved, restocked from stock_levels_by_arrival;
drop table stock_levels_by_arrival;
-- The reasons of promises are kept in another form, and those of before cannot be told any more.
delete from promise_explanations;
