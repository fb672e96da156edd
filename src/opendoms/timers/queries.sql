-- Reads of timers and of the clocks of sandboxes.

-- When to look again: the next timer that will be due, and when the first of those that are due is free again. What is
-- due and not free is in hand of a worker or waits for its next attempt, so it is little; the limit bounds it all the
-- same, and with the order it keeps planners on the index timers_due.
-- name: next_look [postgres]
select
    (select due from timers
     where due > :due_by and kind = any(:kinds::text[])
        and (:tenant::text is null or tenant = :tenant) and tenant <> all(:without::text[])
     order by due limit 1),
    (select min(free) from (
        select coalesce(claimed_until, due) as free from timers
        where due <= :due_by and kind = any(:kinds::text[])
            and (:tenant::text is null or tenant = :tenant) and tenant <> all(:without::text[])
        order by due limit :size) as overdue)

-- name: next_look [sqlite]
select
    (select due from timers
     where due > :due_by and kind in (select value from json_each(:kinds))
        and (:tenant is null or tenant = :tenant) and tenant not in (select value from json_each(:without))
     order by due limit 1),
    (select min(free) from (
        select coalesce(claimed_until, due) as free from timers
        where due <= :due_by and kind in (select value from json_each(:kinds))
            and (:tenant is null or tenant = :tenant) and tenant not in (select value from json_each(:without))
        order by due limit :size) as overdue)

-- Whether more than :size timers of a tenant fall due: the due instant of the one after them.
-- name: due_after [postgres]
select due from timers
where tenant = :tenant and due <= :due_by and kind = any(:kinds::text[])
order by due limit 1 offset :size

-- name: due_after [sqlite]
select due from timers
where tenant = :tenant and due <= :due_by and kind in (select value from json_each(:kinds))
order by due limit 1 offset :size

-- name: sandbox_clock
select document from sandbox_clocks where tenant = :tenant and id = :id

-- name: sandbox_clocks
select tenant, document from sandbox_clocks order by tenant, id limit :size
