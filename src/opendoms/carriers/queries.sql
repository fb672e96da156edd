-- Reads of carriers and of their connections to facilities.

-- name: carrier_document
select document from carriers where tenant = :tenant and id = :id

-- name: carriers_by_keys [sqlite]
select carrier_key, id from carriers where tenant = :tenant and carrier_key in (select value from json_each(:keys))

-- name: carriers_by_keys [postgres]
select carrier_key, id from carriers where tenant = :tenant and carrier_key = any(:keys)

-- name: carriers_by_ids [sqlite]
select id, document from carriers where tenant = :tenant and id in (select value from json_each(:ids))

-- name: carriers_by_ids [postgres]
select id, document from carriers where tenant = :tenant and id = any(:ids)

-- Newest first: ids are UUIDv7, so their order is that of creation. Keyset paging: never OFFSET.
-- name: list_carriers
select document from carriers
where tenant = :tenant and id < :before
order by id desc limit :size

-- name: count_carriers
select count(*) from carriers where tenant = :tenant

-- name: connection_document
select document from facility_carrier_connections
where tenant = :tenant and facility_ref = :facility_ref and carrier_ref = :carrier_ref

-- One facility has at most CONNECTIONS_MAX; the limit lies above it, so that nothing is left out.
-- name: connections_of_facility
select document from facility_carrier_connections
where tenant = :tenant and facility_ref = :facility_ref
order by carrier_ref limit :size

-- name: count_connections_of_facility
select count(*) from facility_carrier_connections where tenant = :tenant and facility_ref = :facility_ref

-- What a promise looks through: all connections of the facilities that it considers.
-- name: connections_of_facilities [sqlite]
select facility_ref, document from facility_carrier_connections
where tenant = :tenant and facility_ref in (select value from json_each(:facility_refs))

-- name: connections_of_facilities [postgres]
select facility_ref, document from facility_carrier_connections
where tenant = :tenant and facility_ref = any(:facility_refs)

-- What a search for facilities asks by, without the documents.
-- name: carrier_keys_of_facilities [sqlite]
select facility_ref, carrier_key from facility_carrier_connections
where tenant = :tenant and facility_ref in (select value from json_each(:facility_refs))

-- name: carrier_keys_of_facilities [postgres]
select facility_ref, carrier_key from facility_carrier_connections
where tenant = :tenant and facility_ref = any(:facility_refs)
