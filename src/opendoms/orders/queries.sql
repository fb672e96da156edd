-- Reads of orders. Documents come as bytes: they are answered as they are stored.

-- name: order_document
select document from orders where tenant = :tenant and id = :id

-- The last thing that is known of an order, also of one that is gone: where a search that began there goes on.
-- name: last_order_document
select document from events
where tenant = :tenant and entity_kind = 'ORDER' and entity_id = :id
order by seq desc limit 1

-- The live order that holds a business key (decision D1). Served by orders_live_tenant_order_id.
-- name: live_order_by_tenant_order_id
select id, status from orders
where tenant = :tenant and tenant_order_id = :tenant_order_id and status in ('OPEN', 'LOCKED', 'PROMISED')

-- Lists: newest first, which is by id descending, since ids are UUIDv7. Keyset paging: never OFFSET.
-- name: list_orders
select document from orders
where tenant = :tenant and id < :before
order by id desc limit :size

-- name: count_orders
select count(*) from orders where tenant = :tenant

-- name: list_orders_by_tenant_order_id
select document from orders
where tenant = :tenant and tenant_order_id = :tenant_order_id and id < :before
order by id desc limit :size

-- name: count_orders_by_tenant_order_id
select count(*) from orders where tenant = :tenant and tenant_order_id = :tenant_order_id

-- name: list_orders_by_consumer_id
select document from orders
where tenant = :tenant and consumer_id = :consumer_id and id < :before
order by id desc limit :size

-- name: count_orders_by_consumer_id
select count(*) from orders where tenant = :tenant and consumer_id = :consumer_id

-- Few orders share a business key, so the consumer is checked on what that index finds.
-- name: list_orders_by_tenant_order_id_and_consumer_id
select document from orders
where tenant = :tenant and tenant_order_id = :tenant_order_id and consumer_id = :consumer_id and id < :before
order by id desc limit :size

-- name: count_orders_by_tenant_order_id_and_consumer_id
select count(*) from orders
where tenant = :tenant and tenant_order_id = :tenant_order_id and consumer_id = :consumer_id
