-- The whole schema as all migrations together make it, to be read; migrations are what is run, a test holds both together.
-- Every table of documents leads with tenant, id, version, document; promoted columns follow (see kernel/changeset.py).
-- Instants are milliseconds since 1970 UTC. Ids compare by bytes (collate "C"), as they do in SQLite.
-- A document is text, not jsonb: it is answered byte for byte, and inserts several times faster. Our connections ask for
-- lz4 where the server has it (not every build does), so no column names a compression.

-- What was migrated; opendoms makes it before the first migration.
create table schema_migrations (
    number integer not null primary key,
    name text not null,
    applied_at bigint not null
);

create table orders (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    status text collate "C" not null check (status in ('OPEN', 'PROMISED', 'LOCKED', 'CANCELLED', 'OBSOLETE')),
    tenant_order_id text collate "C",
    consumer_id text collate "C",
    order_date bigint not null,
    process_id text collate "C",
    created bigint not null,
    anonymized boolean not null,
    primary key (tenant, id)
);
-- Decision D1: one live order per business key. Finished ones keep theirs.
create unique index orders_live_tenant_order_id on orders (tenant, tenant_order_id)
    where status in ('OPEN', 'LOCKED', 'PROMISED') and tenant_order_id is not null;
create index orders_by_tenant_order_id on orders (tenant, tenant_order_id, id) where tenant_order_id is not null;
create index orders_by_consumer_id on orders (tenant, consumer_id, id) where consumer_id is not null;
create index orders_by_process_id on orders (tenant, process_id);

create table configurations (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table signing_keys (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table users (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    email text collate "C" not null check (email <> ''),
    primary key (tenant, id)
);
-- The sign-in call carries no tenant, so an e-mail is unique over all of them.
create unique index users_email on users (email);

-- Append-only. `xid` lets a reader stop before transactions that have not ended: positions are handed out before commit.
create table events (
    position bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    tenant text collate "C" not null check (tenant <> ''),
    entity_kind text collate "C" not null,
    entity_id text collate "C" not null,
    seq bigint not null check (seq >= 1),
    event_id text collate "C" not null,
    type text collate "C" not null,
    at bigint not null,
    actor text not null,
    cause text not null,
    document text not null,
    detail text
);
create unique index events_seq on events (tenant, entity_kind, entity_id, seq);
-- The feed reads one tenant's events by transaction, then position: positions are handed out before commit, but every
-- transaction below the oldest running one has ended, so nothing can appear in front of what was read.
create index events_by_transaction on events (tenant, xid, position);

create table timers (
    tenant text collate "C" not null check (tenant <> ''),
    kind text collate "C" not null check (kind <> ''),
    entity_id text collate "C" not null,
    due bigint not null,
    detail text,
    attempts integer not null default 0 check (attempts >= 0),
    -- Until when (instant) a worker has claimed it, and which: after that another one may.
    claimed_until bigint,
    claimed_by text,
    primary key (tenant, kind, entity_id)
);
create index timers_due on timers (due);

-- The event before must be there: history has no holes. Creations (seq 1) skip the look-up.
create function opendoms_event_follows() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from events
        where tenant = new.tenant and entity_kind = new.entity_kind and entity_id = new.entity_id and seq = new.seq - 1)
    then raise exception 'events: seq has a gap';
    end if;
    return new;
end $$;
create trigger events_gap_free before insert on events
    for each row when (new.seq > 1) execute function opendoms_event_follows();

create function opendoms_refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'events: history is append-only';
end $$;
create trigger events_keep_identity before update on events
    for each row when (
        (old.position, old.tenant, old.entity_kind, old.entity_id, old.seq, old.event_id, old.type, old.at)
        is distinct from
        (new.position, new.tenant, new.entity_kind, new.entity_id, new.seq, new.event_id, new.type, new.at))
    execute function opendoms_refuse_rewriting();

-- Ends a grouped write whose row counts are not the expected ones, so that nothing of it stays.
create function opendoms_expect(actual bigint, expected bigint) returns boolean language plpgsql as $$
begin
    if actual <> expected then
        raise exception 'opendoms: % rows written, % expected', actual, expected using errcode = 'OD001';
    end if;
    return true;
end $$;

create table facilities (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    tenant_facility_id text collate "C",
    name text collate "C" not null,
    postal_code text collate "C",
    status text collate "C" not null check (status in ('ONLINE', 'SUSPENDED', 'OFFLINE')),
    type text collate "C" not null check (type in ('MANAGED_FACILITY', 'SUPPLIER')),
    primary key (tenant, id)
);
-- A caller's own id names one facility.
create unique index facilities_tenant_facility_id on facilities (tenant, tenant_facility_id)
    where tenant_facility_id is not null;
create index facilities_by_name on facilities (tenant, name, id);
create index facilities_by_postal_code on facilities (tenant, postal_code, id);

-- A tag's id is the caller's own.
create table tags (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table cancelation_reasons (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    reason text collate "C" not null,
    primary key (tenant, id)
);
-- Decision D22: a reason with the same text is the same reason.
create unique index cancelation_reasons_reason on cancelation_reasons (tenant, reason);

-- The clock of a tenant in a sandbox; the document says by how much it is off, or at which instant it stands.
create table sandbox_clocks (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- A key names one carrier: orders and connections refer to carriers by it.
create table carriers (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    carrier_key text collate "C" not null check (carrier_key <> ''),
    primary key (tenant, id)
);
create unique index carriers_key on carriers (tenant, carrier_key);

create table facility_carrier_connections (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facility_ref text collate "C" not null check (facility_ref <> ''),
    carrier_ref text collate "C" not null check (carrier_ref <> ''),
    carrier_key text collate "C" not null check (carrier_key <> ''),
    primary key (tenant, id)
);
-- A carrier comes to a facility by one connection. Reads by facility go by this index as well.
create unique index facility_carrier_connections_pair
    on facility_carrier_connections (tenant, facility_ref, carrier_ref);

create table order_records (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    tenant_order_record_id text collate "C",
    facility_ref text collate "C" not null check (facility_ref <> ''),
    order_record_date bigint not null,
    anonymized boolean not null,
    retention_due bigint not null,
    primary key (tenant, id)
);
-- Decision D15: a caller's own id names one sale.
create unique index order_records_tenant_order_record_id on order_records (tenant, tenant_order_record_id)
    where tenant_order_record_id is not null;
create index order_records_by_facility on order_records (tenant, facility_ref, id);
-- Decision 0020: what retention walks, in batches. No timer per order record.
create index order_records_by_retention on order_records (tenant, retention_due);

-- What each search index was built with. An index that is being rebuilt has come as far as the key; a null: it is whole.
create table search_indexes (
    name text collate "C" not null primary key,
    definition text collate "C" not null,
    rebuilt_tenant text collate "C",
    rebuilt_id text collate "C"
);

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

-- What a facility offers. An article is listed once per facility.
create table listings (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facility_ref text collate "C" not null,
    tenant_article_id text collate "C" not null,
    status text not null default 'ACTIVE',
    behaviour text not null default 'NONE',
    preorder_from bigint,
    restock_days bigint,
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
    on reservations (tenant, tenant_article_id, valid_until, facility_ref, quantity) where valid_until is not null;

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
-- With room on its pages, so that counting touches no index.
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
) with (fillfactor = 70);

-- Ends a grouped write where a level is lower than what is asked of it, so that nothing of it stays.
create function opendoms_enough(actual bigint, expected bigint) returns boolean language plpgsql as $$
begin
    if actual <> expected then
        raise exception 'opendoms: % levels changed, % expected', actual, expected using errcode = 'OD003';
    end if;
    return true;
end $$;

-- What was said about a process itself; most have no row. Its id is the order's processId.
create table processes (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);
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
-- Order records come in bulk: their terms are gathered in a list (in KiB) and sorted in together.
create index order_record_search_by_term on order_record_search using gin (terms)
    with (fastupdate = on, gin_pending_list_limit = 256);

-- Who is told of which events. `endpoint_id` names the callback URL: subscriptions with the same one are served together, so
-- that an order's events reach it in order, whatever their names are. Events behind `since_xid`, `since_position` are sent.
create table subscriptions (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    endpoint_id text collate "C" not null,
    paused boolean not null,
    since_xid bigint not null,
    since_position bigint not null,
    primary key (tenant, id)
);

-- What deliveries are signed with. Apart from the subscriptions, so that no answer holds it by accident.
create table subscription_secrets (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- How far each callback URL has been served, and by which process until when.
create table webhook_endpoints (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- One row per event and subscription, once there is something to tell: that it was delivered, or that it waits. `number`
-- is the order of rows per endpoint. `lane` is the entity's id while the delivery is open, `due` the instant of the next
-- attempt where it is the first of its lane.
create table webhook_deliveries (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    subscription_id text collate "C" not null,
    entity_id text collate "C" not null,
    position bigint not null,
    number bigint not null,
    state text collate "C" not null check (state in ('WAITING', 'RETRYING', 'DELIVERED', 'DEAD', 'CANCELLED')),
    lane text collate "C",
    due bigint,
    primary key (tenant, id),
    check ((lane is not null) = (state in ('WAITING', 'RETRYING'))),
    check (due is null or lane is not null)
);
create index webhook_deliveries_by_subscription on webhook_deliveries (tenant, subscription_id, id);
create index webhook_deliveries_by_entity on webhook_deliveries (tenant, entity_id, id);
-- What is not delivered is little, and is asked for by its state.
create index webhook_deliveries_by_state on webhook_deliveries (tenant, state, id) where state <> 'DELIVERED';
create index webhook_deliveries_by_subscription_and_state on webhook_deliveries (tenant, subscription_id, state, id)
    where state <> 'DELIVERED';
create index webhook_deliveries_by_lane on webhook_deliveries (tenant, lane, number) where lane is not null;
create index webhook_deliveries_open on webhook_deliveries (tenant, subscription_id, lane, due) where lane is not null;
create index webhook_deliveries_due on webhook_deliveries (tenant, subscription_id, due) where due is not null;

-- Events that a subscription is sent once more: at most one replay at a time, so its id is the subscription's.
create table webhook_replays (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    running boolean not null,
    primary key (tenant, id)
);
create index webhook_replays_running on webhook_replays (tenant, id) where running;

-- What retention walks (decision 0028): of orders that are over first those with their people, then those without. The
-- others only where an operator has set an age after which they count as over.
create index orders_over_by_retention on orders (tenant, anonymized, created) where status in ('CANCELLED', 'OBSOLETE');
create index orders_live_by_retention on orders (tenant, anonymized, created)
    where status in ('OPEN', 'LOCKED', 'PROMISED');

-- Promises: what they look through for every article, whether what they keep in memory still holds, and why they are so.
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
