-- Reads of history. Documents come as bytes: they are answered as they are stored.

-- What lies behind a position, in brief, so that it is found out cheaply which documents are wanted. On PostgreSQL only
-- transactions below the oldest running one: all of those have ended, so this order is final. Never by position alone,
-- since a smaller one may be committed after a larger one, and never by time.
-- name: behind [sqlite]
select 0, position, entity_kind, type from events
where tenant = :tenant and position > :number
order by position limit :size

-- name: behind [postgres]
select events.xid::text::bigint as transaction, position, entity_kind, type from events
where tenant = :tenant and (xid, position) > ((:transaction::text)::xid8, :number)
    and xid < pg_snapshot_xmin(pg_current_snapshot())
order by events.xid, position limit :size

-- Where the feed ends now.
-- name: newest [sqlite]
select 0, position from events where tenant = :tenant order by position desc limit 1

-- name: newest [postgres]
select events.xid::text::bigint as transaction, position from events
where tenant = :tenant and xid < pg_snapshot_xmin(pg_current_snapshot())
order by events.xid desc, position desc limit 1

-- Some events by their positions.
-- name: events_at [sqlite]
select position, type, event_id, entity_kind, entity_id, seq, at, actor, cause, document, detail from events
where tenant = :tenant and position in (select cast(value as integer) from json_each(:positions))

-- name: events_at [postgres]
select position, type, event_id, entity_kind, entity_id, seq, at, actor, cause, document, detail from events
where tenant = :tenant and position = any(:positions::text[]::bigint[])

-- The versions of one entity, the newest first.
-- name: versions
select seq, type, event_id, at, actor, cause, document from events
where tenant = :tenant and entity_kind = :entity_kind and entity_id = :entity_id and seq <= :highest
order by seq desc limit :size

-- One version of an entity.
-- name: version
select seq, document from events
where tenant = :tenant and entity_kind = :entity_kind and entity_id = :entity_id and seq = :seq

-- The last version at an instant.
-- name: version_at
select seq, document from events
where tenant = :tenant and entity_kind = :entity_kind and entity_id = :entity_id and at <= :at
order by seq desc limit 1

-- The first and the last version that are kept. The first is not 1 where older ones were removed.
-- name: first_version
select seq from events
where tenant = :tenant and entity_kind = :entity_kind and entity_id = :entity_id
order by seq limit 1

-- name: last_version
select seq from events
where tenant = :tenant and entity_kind = :entity_kind and entity_id = :entity_id
order by seq desc limit 1
