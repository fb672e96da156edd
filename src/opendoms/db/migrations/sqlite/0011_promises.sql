-- Promises: what they look through for every article, whether what they keep in memory still holds, and why they are so.

-- Of a listing, what a promise asks: whether it sells, and what holds when there is none left. `preorder_from` is an
-- instant in ms, `restock_days` 0 for an unknown number of days.
alter table listings add column status text not null default 'ACTIVE';
alter table listings add column behaviour text not null default 'NONE';
alter table listings add column preorder_from integer;
alter table listings add column restock_days integer;
update listings set
    status = json_extract(document, '$.status'),
    behaviour = coalesce(json_extract(document, '$.outOfStockBehaviour'), 'NONE'),
    preorder_from = cast(round((julianday(coalesce(
        json_extract(document, '$.outOfStockConfig.preorder.availabilityTimeframe.start'),
        json_extract(document, '$.availabilityTimeframe.start'))) - 2440587.5) * 86400000) as integer),
    restock_days = min(cast(json_extract(document, '$.outOfStockConfig.restock.restockableInDays') as integer), 36500);
create index listings_offered
    on listings (tenant, tenant_article_id, facility_ref, status, behaviour, preorder_from, restock_days);

-- Which facilities, connections and carriers there are, in which versions: read without their documents.
create index facilities_versions on facilities (tenant, id, version);
create index facility_carrier_connections_versions on facility_carrier_connections (tenant, id, version);
create index carriers_versions on carriers (tenant, id, version);

-- Why a promise is as it is; the id is the order's. `facts` are compressed, since every facility is in them.
create table promise_explanations (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    facts blob not null,
    primary key (tenant, id)
);
