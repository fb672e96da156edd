-- Reads of order records. Documents come as bytes: they are answered as they are stored.

-- name: order_record_document
select document from order_records where tenant = :tenant and id = :id

-- Which of some sales are stored already, as one JSON text: one short read of the index alone.
-- name: held_keys [sqlite]
select json_group_array(tenant_order_record_id) from order_records
where tenant = :tenant and tenant_order_record_id in (select value from json_each(:keys))

-- name: held_keys [postgres]
select coalesce(json_agg(tenant_order_record_id), '[]'::json)::text from order_records
where tenant = :tenant and tenant_order_record_id = any(:keys)

-- name: held_documents [sqlite]
select tenant_order_record_id, document from order_records
where tenant = :tenant and tenant_order_record_id in (select value from json_each(:keys))

-- name: held_documents [postgres]
select tenant_order_record_id, document from order_records
where tenant = :tenant and tenant_order_record_id = any(:keys)

-- The one sale with the caller's own id.
-- name: order_record_by_key
select id, facility_ref, document from order_records
where tenant = :tenant and tenant_order_record_id = :tenant_order_record_id

-- Lists: newest first, which is by id descending, since ids are UUIDv7. Keyset paging: never OFFSET.
-- name: list_order_records
select id, document from order_records
where tenant = :tenant and id < :before
order by id desc limit :size

-- name: count_order_records
select count(*) from order_records where tenant = :tenant

-- name: list_order_records_by_facility
select id, document from order_records
where tenant = :tenant and facility_ref = :facility_ref and id < :before
order by id desc limit :size

-- name: count_order_records_by_facility
select count(*) from order_records where tenant = :tenant and facility_ref = :facility_ref

-- The last thing that is known of an order record, also of one that was deleted: where a search that began there goes on.
-- name: last_order_record_document
select document from events
where tenant = :tenant and entity_kind = 'ORDER_RECORD' and entity_id = :id
order by seq desc limit 1
