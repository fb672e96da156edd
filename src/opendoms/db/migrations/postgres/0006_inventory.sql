-- Stock: what facilities list, what lies in them, what is held for orders, and what is kept back.

-- What a facility offers. An article is listed once per facility.
create table listings (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facility_ref text collate "C" not null,
    tenant_article_id text collate "C" not null,
    primary key (tenant, id)
);
create unique index listings_article on listings (tenant, facility_ref, tenant_article_id);
create index listings_by_facility on listings (tenant, facility_ref, id);
create index listings_by_article on listings (tenant, tenant_article_id, id);

-- Pieces of one kind in one place. `counted` is how many of them the level of article and facility counts;
-- `available_until` (instant) is until when they may be promised.
create table stocks (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facility_ref text collate "C" not null,
    tenant_article_id text collate "C" not null,
    location_ref text collate "C",
    counted bigint not null check (counted >= 0),
    available_until bigint,
    primary key (tenant, id)
);
create index stocks_by_article on stocks (tenant, tenant_article_id, facility_ref, id);
create index stocks_by_facility on stocks (tenant, facility_ref, id);
create index stocks_by_location on stocks (tenant, location_ref, id) where location_ref is not null;
create index stocks_that_lapse on stocks (tenant, tenant_article_id, facility_ref, available_until, counted)
    where available_until is not null;

-- Pieces that are held for an order, until `valid_until` (instant) where that is there, else until they are released.
create table reservations (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facility_ref text collate "C" not null,
    tenant_article_id text collate "C" not null,
    order_ref text collate "C",
    quantity bigint not null check (quantity >= 1),
    valid_until bigint,
    primary key (tenant, id)
);
create index reservations_by_order on reservations (tenant, order_ref, id) where order_ref is not null;
create index reservations_by_article on reservations (tenant, tenant_article_id, facility_ref, id);
create index reservations_that_expire
    on reservations (tenant, tenant_article_id, facility_ref, valid_until, quantity) where valid_until is not null;

-- Pieces of an article that are kept back: in one facility, or with the facility '' in every one that says nothing else.
create table safety_stocks (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    tenant_article_id text collate "C" not null,
    facility_ref text collate "C" not null,
    primary key (tenant, id)
);
create unique index safety_stocks_article on safety_stocks (tenant, tenant_article_id, facility_ref);
create index safety_stocks_by_facility on safety_stocks (tenant, facility_ref, id);

-- One per article that has a level or a safety stock somewhere. Whoever makes a level, and whoever changes a safety
-- stock, puts the next version: so neither misses the other.
create table stocked_articles (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- How much there is of an article in a facility. Never deleted; changed by differences (see db/levels.py).
-- `restocked` counts the writes of stock. What is reserved is always there, safety stock left aside.
create table stock_levels (
    tenant text collate "C" not null check (tenant <> ''),
    tenant_article_id text collate "C" not null check (tenant_article_id <> ''),
    facility_ref text collate "C" not null check (facility_ref <> ''),
    on_hand bigint not null check (on_hand >= 0),
    safety bigint not null check (safety >= 0),
    reserved bigint not null check (reserved >= 0),
    restocked bigint not null check (restocked >= 1),
    primary key (tenant, tenant_article_id, facility_ref),
    constraint stock_levels_cover_reservations check (reserved = 0 or reserved <= on_hand - safety)
);

-- Ends a grouped write where a level is lower than what is asked of it, so that nothing of it stays.
create function opendoms_enough(actual bigint, expected bigint) returns boolean language plpgsql as $$
begin
    if actual <> expected then
        raise exception 'opendoms: % levels changed, % expected', actual, expected using errcode = 'OD003';
    end if;
    return true;
end $$;
