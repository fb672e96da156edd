-- What retention reads, in small pieces: what is due, what of it comes next, and what history tells of it.

-- Tenants one by one, so that their number does not matter.
-- name: next_tenant_with_orders
select tenant from orders where tenant > :after order by tenant limit 1

-- name: next_tenant_with_records
select tenant from order_records where tenant > :after order by tenant limit 1

-- name: gdpr_versions
select at, document from events
where tenant = :tenant and entity_kind = 'CONFIGURATION' and entity_id = 'gdpr'
order by seq desc limit :size

-- name: timer_due
select due from timers where tenant = :tenant and kind = :kind and entity_id = :entity_id

-- name: record_document
select document from order_records where tenant = :tenant and id = :id

-- name: order_document
select document from orders where tenant = :tenant and id = :id

-- The dates of a record are one promoted column: by when it asks for something (decision 0020).
-- name: due_records
select id, retention_due from order_records
where tenant = :tenant and retention_due <= :until
order by retention_due limit :size

-- name: over_orders
select id, created from orders
where tenant = :tenant and status in ('CANCELLED', 'OBSOLETE') and anonymized = :anonymized
    and created >= :since and created <= :until
order by created limit :size

-- name: live_orders
select id, created from orders
where tenant = :tenant and status in ('OPEN', 'LOCKED', 'PROMISED') and anonymized = :anonymized
    and created >= :since and created <= :until
order by created limit :size

-- name: told
select seq, actor, cause, document, detail from events
where tenant = :tenant and entity_kind = :kind and entity_id = :id and seq > :after
order by seq limit :size
