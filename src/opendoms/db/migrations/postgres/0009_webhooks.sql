-- Subscriptions, and the delivery of events to them.

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
