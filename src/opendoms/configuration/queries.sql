-- Reads of configurations; the id is the kind, e.g. ordermodification.

-- name: configuration_document
select document from configurations where tenant = :tenant and id = :id
