-- Writes of timers that belong to no changeset: who has them in hand.

-- Takes the first due timers that nobody has in hand. Rows that another claim is just taking are passed over, so that
-- workers neither wait for each other nor get the same timer. Materialized, since it locks: it must run once.
-- name: claim_timers [postgres]
with taken as materialized (
    select tenant, kind, entity_id from timers
    where due <= :due_by and (claimed_until is null or claimed_until <= :now) and kind = any(:kinds::text[])
        and (:tenant::text is null or tenant = :tenant) and tenant <> all(:without::text[])
    order by due limit :size
    for update skip locked
)
update timers as this set claimed_until = :until, claimed_by = :claim from taken
where this.tenant = taken.tenant and this.kind = taken.kind and this.entity_id = taken.entity_id
returning this.tenant, this.kind, this.entity_id, this.due, this.detail, this.attempts

-- There is one writer, so nobody can come in between.
-- name: claim_timers [sqlite]
update timers set claimed_until = :until, claimed_by = :claim
where (tenant, kind, entity_id) in (
    select tenant, kind, entity_id from timers
    where due <= :due_by and (claimed_until is null or claimed_until <= :now)
        and kind in (select value from json_each(:kinds))
        and (:tenant is null or tenant = :tenant) and tenant not in (select value from json_each(:without))
    order by due limit :size
)
returning tenant, kind, entity_id, due, detail, attempts

-- The due instant stays, so that the timer keeps its place; until then nobody may claim it.
-- name: postpone_timer
update timers set attempts = attempts + 1, claimed_until = :until, claimed_by = null
where tenant = :tenant and kind = :kind and entity_id = :entity_id and claimed_by = :claim
