-- Reads of subscriptions and deliveries that requests make.

-- name: subscription
select document, since_xid, since_position from subscriptions where tenant = :tenant and id = :id

-- Newest first, which is by id descending.
-- name: list_subscriptions
select document, since_xid, since_position from subscriptions
where tenant = :tenant and id < :before
order by id desc limit :size

-- name: count_subscriptions
select count(*) from subscriptions where tenant = :tenant

-- name: secret
select document from subscription_secrets where tenant = :tenant and id = :id

-- name: endpoint_progress
select document from webhook_endpoints where tenant = :tenant and id = :id

-- name: replay_document
select document from webhook_replays where tenant = :tenant and id = :id

-- name: delivery_row
select document, position, number from webhook_deliveries where tenant = :tenant and id = :id

-- Newest first, by the time of the first attempt.
-- name: list_deliveries
select document from webhook_deliveries
where tenant = :tenant and id < :before
order by id desc limit :size

-- name: list_deliveries_of_subscription
select document from webhook_deliveries
where tenant = :tenant and subscription_id = :subscription_id and id < :before
order by id desc limit :size

-- Few deliveries are of one entity, so that the other filters may be looked at one by one.
-- name: list_deliveries_of_entity
select document from webhook_deliveries
where tenant = :tenant and entity_id = :entity_id and id < :before
    and (:subscription_id = '' or subscription_id = :subscription_id) and (:state = '' or state = :state)
order by id desc limit :size

-- Most are delivered, so that this finds a page soon.
-- name: list_delivered
select document from webhook_deliveries
where tenant = :tenant and id < :before and state = 'DELIVERED'
order by id desc limit :size

-- name: list_delivered_of_subscription
select document from webhook_deliveries
where tenant = :tenant and subscription_id = :subscription_id and id < :before and state = 'DELIVERED'
order by id desc limit :size

-- What is not delivered has indexes of its own, which the second condition on the state calls for.
-- name: list_undelivered
select document from webhook_deliveries
where tenant = :tenant and state = :state and state <> 'DELIVERED' and id < :before
order by id desc limit :size

-- name: list_undelivered_of_subscription
select document from webhook_deliveries
where tenant = :tenant and subscription_id = :subscription_id and state = :state and state <> 'DELIVERED'
    and id < :before
order by id desc limit :size

-- How many there are in a state, up to :size.
-- name: count_undelivered
select count(*) from (
    select 1 from webhook_deliveries
    where tenant = :tenant and subscription_id = :subscription_id and state = :state and state <> 'DELIVERED'
    limit :size
) as counted

-- name: first_undelivered
select document from webhook_deliveries
where tenant = :tenant and subscription_id = :subscription_id and state = :state and state <> 'DELIVERED'
order by id limit 1

-- What lies behind a place: at most :size events are looked at, how many of them are of one type, and since when. Here
-- those of running transactions' time count as well, which the relay does not read yet.
-- name: count_unread [sqlite]
select count(*), count(*) filter (where entity_kind = :kind and type = :type),
    min(at) filter (where entity_kind = :kind and type = :type)
from (
    select entity_kind, type, at from events
    where tenant = :tenant and position > :position
    order by position limit :size
) as counted

-- name: count_unread [postgres]
select count(*), count(*) filter (where entity_kind = :kind and type = :type),
    min(at) filter (where entity_kind = :kind and type = :type)
from (
    select entity_kind, type, at from events
    where tenant = :tenant and (xid, position) > ((:xid::bigint::text)::xid8, :position::bigint)
    order by xid, position limit :size
) as counted
