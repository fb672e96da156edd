-- What one task per process asks now and then, as long as somebody waits.

-- Which of some tenants have something new since a horizon, and the horizon now. What this process writes it hears of at
-- once; this finds what other processes have written, and what had to wait for an older transaction to end. On
-- PostgreSQL the order keeps planners on the index that has it.
-- name: news [sqlite]
select (select max(position) from events),
    coalesce((select json_group_array(tenants.value) from json_each(:tenants) as tenants
        where exists (select 1 from events where tenant = tenants.value and position > :since)), '[]')

-- name: news [postgres]
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,
    coalesce((select json_agg(tenants.tenant)::text from unnest(:tenants::text[]) as tenants (tenant)
        where (
            select position from events
            where events.tenant = tenants.tenant and xid > (:since::bigint::text)::xid8
                and xid < pg_snapshot_xmin(pg_current_snapshot())
            order by xid, position limit 1) is not null), '[]')

-- Whether the last event was written by a transaction that this server has not begun yet: then the events come from a
-- dump of another one, and the feed would wait for its transactions to get there.
-- name: foreign [sqlite]
select 0

-- name: foreign [postgres]
select coalesce((select xid >= pg_snapshot_xmax(pg_current_snapshot()) from events order by position desc limit 1), false)
