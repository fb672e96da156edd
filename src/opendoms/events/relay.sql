-- What the relay reads. Documents come as bytes: they are sent as they are stored.

-- Every subscription that there is, in brief; what is new or changed is read whole.
-- name: all_subscriptions
select tenant, id, version, endpoint_id, paused, since_xid, since_position from subscriptions
order by tenant, id limit :size

-- name: subscriptions_whole [sqlite]
select s.id, s.document, k.document from subscriptions s
join subscription_secrets k on k.tenant = s.tenant and k.id = s.id
where s.tenant = :tenant and s.id in (select value from json_each(:ids))

-- name: subscriptions_whole [postgres]
select s.id, s.document, k.document from subscriptions s
join subscription_secrets k on k.tenant = s.tenant and k.id = s.id
where s.tenant = :tenant and s.id = any(:ids)

-- name: endpoint
select version, document from webhook_endpoints where tenant = :tenant and id = :id

-- name: all_endpoints
select tenant, id, version, document from webhook_endpoints order by tenant, id limit :size

-- The replays that are under way.
-- name: running_replays [sqlite]
select tenant, id from webhook_replays where running = 1 order by tenant, id limit :size

-- name: running_replays [postgres]
select tenant, id from webhook_replays where running order by tenant, id limit :size

-- name: replay
select version, document from webhook_replays where tenant = :tenant and id = :id

-- What happened behind a place. On PostgreSQL only transactions below the oldest running one: all of those have ended, so
-- this order is final. Never by position alone, since a smaller one may be committed after a larger one.
-- Documents only of the kinds that are followed: what nobody asked for is not fetched.
-- name: events_behind [sqlite]
select 0, position, entity_kind, entity_id, seq, event_id, type, at,
    case when entity_kind in (select value from json_each(:kinds)) then document else '' end as document, detail
from events
where tenant = :tenant and position > :position
order by position limit :size

-- name: events_behind [postgres]
select xid::text::bigint, position, entity_kind, entity_id, seq, event_id, type, at,
    case when entity_kind = any(:kinds) then document else '' end as document, detail
from events
where tenant = :tenant and (xid, position) > ((:xid::bigint::text)::xid8, :position::bigint)
    and xid < pg_snapshot_xmin(pg_current_snapshot())
order by xid, position limit :size

-- Where a reader begins who wants what happens from now on.
-- name: here [sqlite]
select 0, coalesce((select position from events where tenant = :tenant order by position desc limit 1), 0)

-- name: here [postgres]
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807
where :tenant::text <> ''

-- Whether anything has happened since the last look: positions only grow, and what is not settled yet shows by the xid.
-- name: pulse [sqlite]
select coalesce(max(position), 0), 0 from events

-- name: pulse [postgres]
select coalesce(max(position), 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint from events

-- The entities of a subscription whose events wait, and when the first of each is due (null: a crash came in between).
-- name: open_lanes
select lane, max(due) from webhook_deliveries
where tenant = :tenant and subscription_id = :subscription_id and lane is not null
group by lane order by lane limit :size

-- What is due, with the event as it happened.
-- name: due_deliveries
select d.document, d.position, d.number, d.lane,
    e.entity_kind, e.seq, e.event_id, e.type, e.at, e.document, e.detail
from webhook_deliveries d left join events e on e.position = d.position
where d.tenant = :tenant and d.subscription_id = :subscription_id and d.due <= :now
order by d.due limit :size

-- The first open delivery of an entity.
-- name: first_of_lane [sqlite]
select d.document, d.position, d.number, d.lane,
    e.entity_kind, e.seq, e.event_id, e.type, e.at, e.document, e.detail
from webhook_deliveries d left join events e on e.position = d.position
where d.tenant = :tenant and d.lane = :lane and d.subscription_id in (select value from json_each(:subscription_ids))
order by d.number limit 1

-- name: first_of_lane [postgres]
select d.document, d.position, d.number, d.lane,
    e.entity_kind, e.seq, e.event_id, e.type, e.at, e.document, e.detail
from webhook_deliveries d left join events e on e.position = d.position
where d.tenant = :tenant and d.lane = :lane and d.subscription_id = any(:subscription_ids)
order by d.number limit 1

-- name: delivery_versions [sqlite]
select id, version from webhook_deliveries where tenant = :tenant and id in (select value from json_each(:ids))

-- name: delivery_versions [postgres]
select id, version from webhook_deliveries where tenant = :tenant and id = any(:ids)

-- What a replay sends: the events of a stretch of positions.
-- name: events_between
select 0, position, entity_kind, entity_id, seq, event_id, type, at, document, detail from events
where position > :position and position <= :until and tenant = :tenant and at >= :earliest and at <= :latest
    and (:entity_id = '' or entity_id = :entity_id)
order by position limit :size

-- name: newest_position
select coalesce(max(position), 0), 0 from events where :tenant <> ''

-- The next tenant who has deliveries.
-- name: next_tenant
select tenant from webhook_deliveries where tenant > :tenant order by tenant limit 1

-- What was delivered or given up long ago. Ids tell their time.
-- name: old_deliveries
select id, version from webhook_deliveries
where tenant = :tenant and id < :before and state in ('DELIVERED', 'CANCELLED')
order by id limit :size

-- name: old_dead_letters
select id, version from webhook_deliveries
where tenant = :tenant and state = 'DEAD' and state <> 'DELIVERED' and id < :before
order by id limit :size

-- Open deliveries of subscriptions that are gone.
-- name: orphaned_deliveries
select d.document, d.position, d.number from webhook_deliveries d
where d.tenant = :tenant and d.lane is not null
    and not exists (select 1 from subscriptions s where s.tenant = d.tenant and s.id = d.subscription_id)
order by d.lane, d.number limit :size

-- The progress of callback URLs that no subscription names any more.
-- name: unused_endpoints
select e.tenant, e.id, e.version from webhook_endpoints e
where not exists (select 1 from subscriptions s where s.tenant = e.tenant and s.endpoint_id = e.id)
order by e.tenant, e.id limit :size
