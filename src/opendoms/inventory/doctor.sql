-- What the doctor asks. Over all tenants, page by page in the order of the key. What belongs together is read by one
-- statement, so that a running server is no reason for a finding.

-- What a level counts, and what is there to be counted.
-- name: levels
select tenant, tenant_article_id, facility_ref, on_hand, safety, reserved,
    (select cast(coalesce(sum(stock.counted), 0) as bigint) from stocks as stock
     where stock.tenant = level.tenant and stock.tenant_article_id = level.tenant_article_id
        and stock.facility_ref = level.facility_ref),
    (select cast(coalesce(sum(reservation.quantity), 0) as bigint) from reservations as reservation
     where reservation.tenant = level.tenant and reservation.tenant_article_id = level.tenant_article_id
        and reservation.facility_ref = level.facility_ref),
    (select cast(coalesce(sum(reservation.quantity), 0) as bigint) from reservations as reservation
     where reservation.tenant = level.tenant and reservation.tenant_article_id = level.tenant_article_id
        and reservation.facility_ref = level.facility_ref and reservation.valid_until <= :now)
from stock_levels as level
where (tenant, tenant_article_id, facility_ref) > (:after_tenant, :after_tenant_article_id, :after_facility_ref)
order by tenant, tenant_article_id, facility_ref limit :size

-- The safety stocks of a level's article that may count for it: its own, and that of the whole article.
-- name: safety
select tenant, tenant_article_id, facility_ref, safety,
    (select own.document from safety_stocks as own
     where own.tenant = level.tenant and own.tenant_article_id = level.tenant_article_id
        and own.facility_ref = level.facility_ref),
    (select every.document from safety_stocks as every
     where every.tenant = level.tenant and every.tenant_article_id = level.tenant_article_id
        and every.facility_ref = '')
from stock_levels as level
where (tenant, tenant_article_id, facility_ref) > (:after_tenant, :after_tenant_article_id, :after_facility_ref)
order by tenant, tenant_article_id, facility_ref limit :size

-- name: stocks_without_level
select tenant, id, tenant_article_id, facility_ref from stocks as stock
where (tenant, id) > (:after_tenant, :after_id) and not exists (
    select 1 from stock_levels as level
    where level.tenant = stock.tenant and level.tenant_article_id = stock.tenant_article_id
        and level.facility_ref = stock.facility_ref)
order by tenant, id limit :size

-- name: reservations_without_level
select tenant, id, tenant_article_id, facility_ref from reservations as reservation
where (tenant, id) > (:after_tenant, :after_id) and not exists (
    select 1 from stock_levels as level
    where level.tenant = reservation.tenant and level.tenant_article_id = reservation.tenant_article_id
        and level.facility_ref = reservation.facility_ref)
order by tenant, id limit :size

-- What is in a facility that is gone: a stock or listing that was written while the facility was deleted.
-- name: stocks_without_facility
select tenant, id, facility_ref from stocks as stock
where (tenant, id) > (:after_tenant, :after_id) and not exists (
    select 1 from facilities as facility where facility.tenant = stock.tenant and facility.id = stock.facility_ref)
order by tenant, id limit :size

-- name: listings_without_facility
select tenant, id, facility_ref from listings as listing
where (tenant, id) > (:after_tenant, :after_id) and not exists (
    select 1 from facilities as facility where facility.tenant = listing.tenant and facility.id = listing.facility_ref)
order by tenant, id limit :size

-- What holds pieces for an order that is over, or lost its person and so counts as over, or was never there.
-- name: reservations_without_order
select reservation.tenant, reservation.id, reservation.order_ref,
    coalesce(case when orders.anonymized then 'anonymised' else orders.status end, '')
from reservations as reservation
left join orders on orders.tenant = reservation.tenant and orders.id = reservation.order_ref
where (reservation.tenant, reservation.id) > (:after_tenant, :after_id)
    and (reservation.valid_until is null or reservation.valid_until > :now)
    and (orders.status is null or orders.status in ('CANCELLED', 'OBSOLETE') or orders.anonymized)
order by reservation.tenant, reservation.id limit :size

-- name: stocks
select tenant, id, document, facility_ref, tenant_article_id, location_ref, counted, available_until from stocks
where (tenant, id) > (:after_tenant, :after_id)
order by tenant, id limit :size

-- name: reservations
select tenant, id, document, facility_ref, tenant_article_id, order_ref, quantity, valid_until from reservations
where (tenant, id) > (:after_tenant, :after_id)
order by tenant, id limit :size
