-- Reads of facilities. Documents come as bytes: they are answered as they are stored.

-- name: facility_document
select document from facilities where tenant = :tenant and id = :id

-- name: facility_by_tenant_facility_id
select document from facilities where tenant = :tenant and tenant_facility_id = :tenant_facility_id

-- Everything that an order refers to at once, as one JSON text: one short read by the two indexes.
-- name: find_facilities [sqlite]
select json_group_array(json_array(id, tenant_facility_id, status)) from facilities
where tenant = :tenant and (
    id in (select value from json_each(:ids))
    or tenant_facility_id in (select value from json_each(:tenant_facility_ids)))

-- name: find_facilities [postgres]
select coalesce(json_agg(json_build_array(id, tenant_facility_id, status)), '[]'::json)::text from facilities
where tenant = :tenant and (id = any(:ids) or tenant_facility_id = any(:tenant_facility_ids))

-- What a search looks through, batch by batch.
-- name: facilities_by_id
select id, document from facilities
where tenant = :tenant and id > :after
order by id limit :size

-- Which facilities have one of these names; the index has all of it.
-- name: facilities_of_names [sqlite]
select name, id from facilities
where tenant = :tenant and name in (select value from json_each(:names))
limit :size

-- name: facilities_of_names [postgres]
select name, id from facilities where tenant = :tenant and name = any(:names) limit :size

-- The names of all facilities; the index has all of it.
-- name: facility_names
select name, id from facilities
where tenant = :tenant and (name, id) > (:name, :id)
order by name, id limit :size

-- Lists. Keyset paging: never OFFSET. Without a filter, all statuses and types are asked for.
-- name: list_facilities_newest_first [sqlite]
select document from facilities
where tenant = :tenant and id < :id
    and status in (select value from json_each(:statuses)) and type in (select value from json_each(:types))
order by id desc limit :size

-- name: list_facilities_newest_first [postgres]
select document from facilities
where tenant = :tenant and id < :id and status = any(:statuses) and type = any(:types)
order by id desc limit :size

-- Ids are UUIDv7, so their order is that of creation.
-- name: list_facilities_by_creation [sqlite]
select document from facilities
where tenant = :tenant and id > :id
    and status in (select value from json_each(:statuses)) and type in (select value from json_each(:types))
order by id limit :size

-- name: list_facilities_by_creation [postgres]
select document from facilities
where tenant = :tenant and id > :id and status = any(:statuses) and type = any(:types)
order by id limit :size

-- name: list_facilities_by_name [sqlite]
select document from facilities
where tenant = :tenant and (name, id) > (:name, :id)
    and status in (select value from json_each(:statuses)) and type in (select value from json_each(:types))
order by name, id limit :size

-- name: list_facilities_by_name [postgres]
select document from facilities
where tenant = :tenant and (name, id) > (:name, :id) and status = any(:statuses) and type = any(:types)
order by name, id limit :size

-- name: list_facilities_by_postal_code [sqlite]
select document from facilities
where tenant = :tenant and (postal_code, id) > (:postal_code, :id)
    and status in (select value from json_each(:statuses)) and type in (select value from json_each(:types))
order by postal_code, id limit :size

-- name: list_facilities_by_postal_code [postgres]
select document from facilities
where tenant = :tenant and (postal_code, id) > (:postal_code, :id) and status = any(:statuses) and type = any(:types)
order by postal_code, id limit :size

-- name: count_facilities [sqlite]
select count(*) from facilities
where tenant = :tenant
    and status in (select value from json_each(:statuses)) and type in (select value from json_each(:types))

-- name: count_facilities [postgres]
select count(*) from facilities where tenant = :tenant and status = any(:statuses) and type = any(:types)

-- The last thing that is known of a facility, also of one that was deleted: where a list that began there goes on.
-- name: last_document
select document from events
where tenant = :tenant and entity_kind = 'FACILITY' and entity_id = :id
order by seq desc limit 1
