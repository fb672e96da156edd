-- Promises: what they look through for every article, whether what they keep in memory still holds, and why they are so.

-- Of a listing, what a promise asks: whether it sells, and what holds when there is none left. `preorder_from` is an
-- instant in ms, `restock_days` 0 for an unknown number of days.
alter table listings add column status text not null default 'ACTIVE';
alter table listings add column behaviour text not null default 'NONE';
alter table listings add column preorder_from bigint;
alter table listings add column restock_days bigint;
update listings set
    status = document::json ->> 'status',
    behaviour = coalesce(document::json ->> 'outOfStockBehaviour', 'NONE'),
    preorder_from = round(extract(epoch from coalesce(
        document::json #>> '{outOfStockConfig,preorder,availabilityTimeframe,start}',
        document::json #>> '{availabilityTimeframe,start}')::timestamptz) * 1000)::bigint,
    -- Not least(), which passes over null.
    restock_days = case
        when (document::json #>> '{outOfStockConfig,restock,restockableInDays}')::numeric > 36500 then 36500
        else (document::json #>> '{outOfStockConfig,restock,restockableInDays}')::numeric::bigint end;
create index listings_offered
    on listings (tenant, tenant_article_id, facility_ref, status, behaviour, preorder_from, restock_days);

-- Which facilities, connections and carriers there are, in which versions: read without their documents.
create index facilities_versions on facilities (tenant, id, version);
create index facility_carrier_connections_versions on facility_carrier_connections (tenant, id, version);
create index carriers_versions on carriers (tenant, id, version);

-- Why a promise is as it is; the id is the order's. `facts` are compressed, since every facility is in them.
create table promise_explanations (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facts bytea not null,
    primary key (tenant, id)
);
