-- The whole schema as all migrations together make it, to be read; migrations are what is run, a test holds both together.
-- Every table of documents leads with tenant, id, version, document; promoted columns follow (see kernel/changeset.py).
-- Instants are milliseconds since 1970 UTC.

-- What was migrated; opendoms makes it before the first migration.
create table schema_migrations (
    number integer not null primary key,
    name text not null,
    applied_at integer not null
);

create table orders (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    status text not null check (status in ('OPEN', 'PROMISED', 'LOCKED', 'CANCELLED', 'OBSOLETE')),
    tenant_order_id text,
    consumer_id text,
    order_date integer not null,
    -- The rowid of the document in order_search: the moment in ms and a number among the documents of that moment.
    search_key integer,
    process_id text,
    created integer not null default 0,
    anonymized integer not null default 0 check (anonymized in (0, 1)),
    primary key (tenant, id)
);
-- Decision D1: one live order per business key. Finished ones keep theirs.
create unique index orders_live_tenant_order_id on orders (tenant, tenant_order_id)
    where status in ('OPEN', 'LOCKED', 'PROMISED') and tenant_order_id is not null;
create index orders_by_tenant_order_id on orders (tenant, tenant_order_id, id) where tenant_order_id is not null;
create index orders_by_consumer_id on orders (tenant, consumer_id, id) where consumer_id is not null;
create index orders_by_process_id on orders (tenant, process_id);
create unique index orders_search_key on orders (search_key);

create table configurations (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table signing_keys (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table users (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    email text not null check (email <> ''),
    primary key (tenant, id)
);
-- The sign-in call carries no tenant, so an e-mail is unique over all of them.
create unique index users_email on users (email);

-- Append-only: the two triggers below say it a second time.
create table events (
    position integer primary key autoincrement,
    tenant text not null check (tenant <> ''),
    entity_kind text not null,
    entity_id text not null,
    seq integer not null check (seq >= 1),
    event_id text not null,
    type text not null,
    at integer not null,
    actor text not null,
    cause text not null,
    document text not null,
    detail text
);
create unique index events_seq on events (tenant, entity_kind, entity_id, seq);
-- The feed reads one tenant's events by position, which is in commit order here: there is one writer.
create index events_by_position on events (tenant, position);
create trigger events_gap_free before insert on events
    when new.seq > 1 and not exists (
        select 1 from events
        where tenant = new.tenant and entity_kind = new.entity_kind and entity_id = new.entity_id and seq = new.seq - 1)
    begin select raise(abort, 'events: seq has a gap'); end;
create trigger events_keep_identity before update on events
    when old.position <> new.position or old.tenant <> new.tenant or old.entity_kind <> new.entity_kind
        or old.entity_id <> new.entity_id or old.seq <> new.seq or old.event_id <> new.event_id
        or old.type <> new.type or old.at <> new.at
    begin select raise(abort, 'events: history is append-only'); end;

create table timers (
    tenant text not null check (tenant <> ''),
    kind text not null check (kind <> ''),
    entity_id text not null,
    due integer not null,
    detail text,
    attempts integer not null default 0 check (attempts >= 0),
    -- Until when (instant) a worker has claimed it, and which: after that another one may.
    claimed_until integer,
    claimed_by text,
    primary key (tenant, kind, entity_id)
) without rowid;
create index timers_due on timers (due);

create table facilities (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    tenant_facility_id text,
    name text not null,
    postal_code text,
    status text not null check (status in ('ONLINE', 'SUSPENDED', 'OFFLINE')),
    type text not null check (type in ('MANAGED_FACILITY', 'SUPPLIER')),
    primary key (tenant, id)
);
-- A caller's own id names one facility.
create unique index facilities_tenant_facility_id on facilities (tenant, tenant_facility_id)
    where tenant_facility_id is not null;
create index facilities_by_name on facilities (tenant, name, id);
create index facilities_by_postal_code on facilities (tenant, postal_code, id);

-- A tag's id is the caller's own.
create table tags (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table cancelation_reasons (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    reason text not null,
    primary key (tenant, id)
);
-- Decision D22: a reason with the same text is the same reason.
create unique index cancelation_reasons_reason on cancelation_reasons (tenant, reason);

-- The clock of a tenant in a sandbox; the document says by how much it is off, or at which instant it stands.
create table sandbox_clocks (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- A key names one carrier: orders and connections refer to carriers by it.
create table carriers (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    carrier_key text not null check (carrier_key <> ''),
    primary key (tenant, id)
);
create unique index carriers_key on carriers (tenant, carrier_key);

create table facility_carrier_connections (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    facility_ref text not null check (facility_ref <> ''),
    carrier_ref text not null check (carrier_ref <> ''),
    carrier_key text not null check (carrier_key <> ''),
    primary key (tenant, id)
);
-- A carrier comes to a facility by one connection. Reads by facility go by this index as well.
create unique index facility_carrier_connections_pair
    on facility_carrier_connections (tenant, facility_ref, carrier_ref);

create table order_records (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    tenant_order_record_id text,
    facility_ref text not null check (facility_ref <> ''),
    order_record_date integer not null,
    anonymized integer not null check (anonymized in (0, 1)),
    retention_due integer not null,
    -- The rowid of the document in order_record_search, as orders have it.
    search_key integer,
    primary key (tenant, id)
);
-- Decision D15: a caller's own id names one sale.
create unique index order_records_tenant_order_record_id on order_records (tenant, tenant_order_record_id)
    where tenant_order_record_id is not null;
create index order_records_by_facility on order_records (tenant, facility_ref, id);
-- Decision 0020: what retention walks, in batches. No timer per order record.
create index order_records_by_retention on order_records (tenant, retention_due);
create unique index order_records_search_key on order_records (search_key);

-- What each search index was built with. An index that is being rebuilt has come as far as the key; a null: it is whole.
create table search_indexes (
    name text not null primary key,
    definition text not null,
    rebuilt_tenant text,
    rebuilt_id text
) without rowid;

-- Keeps no text, no positions, no lengths: only which documents have a term.
create virtual table order_search using fts5 (terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii');

-- What a facility offers. An article is listed once per facility.
create table listings (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    facility_ref text not null,
    tenant_article_id text not null,
    status text not null default 'ACTIVE',
    behaviour text not null default 'NONE',
    preorder_from integer,
    restock_days integer,
    primary key (tenant, id)
);
create unique index listings_article on listings (tenant, facility_ref, tenant_article_id);
create index listings_by_facility on listings (tenant, facility_ref, id);
create index listings_by_article on listings (tenant, tenant_article_id, id);

-- Pieces of one kind in one place. `counted` is how many of them the level of article and facility counts;
-- `available_until` (instant) is until when they may be promised.
create table stocks (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    facility_ref text not null,
    tenant_article_id text not null,
    location_ref text,
    counted integer not null check (counted >= 0),
    available_until integer,
    primary key (tenant, id)
);
create index stocks_by_article on stocks (tenant, tenant_article_id, facility_ref, id);
create index stocks_by_facility on stocks (tenant, facility_ref, id);
create index stocks_by_location on stocks (tenant, location_ref, id) where location_ref is not null;
create index stocks_that_lapse on stocks (tenant, tenant_article_id, facility_ref, available_until, counted)
    where available_until is not null;

-- Pieces that are held for an order, until `valid_until` (instant) where that is there, else until they are released.
create table reservations (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    facility_ref text not null,
    tenant_article_id text not null,
    order_ref text,
    quantity integer not null check (quantity >= 1),
    valid_until integer,
    primary key (tenant, id)
);
create index reservations_by_order on reservations (tenant, order_ref, id) where order_ref is not null;
create index reservations_by_article on reservations (tenant, tenant_article_id, facility_ref, id);
create index reservations_that_expire
    on reservations (tenant, tenant_article_id, valid_until, facility_ref, quantity) where valid_until is not null;

-- Pieces of an article that are kept back: in one facility, or with the facility '' in every one that says nothing else.
create table safety_stocks (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    tenant_article_id text not null,
    facility_ref text not null,
    primary key (tenant, id)
);
create unique index safety_stocks_article on safety_stocks (tenant, tenant_article_id, facility_ref);
create index safety_stocks_by_facility on safety_stocks (tenant, facility_ref, id);

-- One per article that has a level or a safety stock somewhere. Whoever makes a level, and whoever changes a safety
-- stock, puts the next version: so neither misses the other.
create table stocked_articles (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- How much there is of an article in a facility. Never deleted; changed by differences (see db/levels.py).
-- `restocked` counts the writes of stock. What is reserved is always there, safety stock left aside.
-- Without a rowid, so that those of an article lie side by side: promises read them all.
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

-- What was said about a process itself; most have no row. Its id is the order's processId.
create table processes (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);
-- Keeps what order_search keeps for orders.
create virtual table order_record_search
    using fts5 (terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii');

-- Who is told of which events. `endpoint_id` names the callback URL: subscriptions with the same one are served together, so
-- that an order's events reach it in order, whatever their names are. Events behind `since_xid`, `since_position` are sent.
create table subscriptions (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    endpoint_id text not null,
    paused integer not null check (paused in (0, 1)),
    since_xid integer not null,
    since_position integer not null,
    primary key (tenant, id)
);

-- What deliveries are signed with. Apart from the subscriptions, so that no answer holds it by accident.
create table subscription_secrets (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- How far each callback URL has been served, and by which process until when.
create table webhook_endpoints (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- One row per event and subscription, once there is something to tell: that it was delivered, or that it waits. `number`
-- is the order of rows per endpoint. `lane` is the entity's id while the delivery is open, `due` the instant of the next
-- attempt where it is the first of its lane.
create table webhook_deliveries (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    subscription_id text not null,
    entity_id text not null,
    position integer not null,
    number integer not null,
    state text not null check (state in ('WAITING', 'RETRYING', 'DELIVERED', 'DEAD', 'CANCELLED')),
    lane text,
    due integer,
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
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    running integer not null check (running in (0, 1)),
    primary key (tenant, id)
);
create index webhook_replays_running on webhook_replays (tenant, id) where running = 1;

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
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    facts blob not null,
    primary key (tenant, id)
);
