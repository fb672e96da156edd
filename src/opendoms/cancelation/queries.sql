-- Reads of cancelation reasons.

-- name: reason_document
select document from cancelation_reasons where tenant = :tenant and id = :id

-- Served by the unique index cancelation_reasons_reason.
-- name: reason_id_by_text
select id from cancelation_reasons where tenant = :tenant and reason = :reason

-- Newest first, which is by id descending, since ids are UUIDv7.
-- name: list_reasons
select document from cancelation_reasons
where tenant = :tenant and id < :before
order by id desc limit :size

-- name: count_reasons
select count(*) from cancelation_reasons where tenant = :tenant
