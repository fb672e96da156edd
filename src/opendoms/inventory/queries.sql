-- Reads of stock. Documents come as bytes.

-- What can be had of some articles in some facilities: one statement, so that the counts belong together.
-- Lapsed are the pieces whose time has passed, expired the reserved ones whose reservation has.
-- name: levels [sqlite]
select tenant_article_id, facility_ref, on_hand, safety, reserved, restocked,
    (select coalesce(sum(stock.counted), 0) from stocks as stock
     where stock.tenant = level.tenant and stock.tenant_article_id = level.tenant_article_id
        and stock.facility_ref = level.facility_ref and stock.available_until <= :now),
    (select coalesce(sum(reservation.quantity), 0) from reservations as reservation
     where reservation.tenant = level.tenant and reservation.tenant_article_id = level.tenant_article_id
        and reservation.facility_ref = level.facility_ref and reservation.valid_until <= :now)
from stock_levels as level
where level.tenant = :tenant
    and level.tenant_article_id in (select value from json_each(:articles))
    and level.facility_ref in (select value from json_each(:facilities))

-- name: levels [postgres]
select tenant_article_id, facility_ref, on_hand, safety, reserved, restocked,
    (select coalesce(sum(stock.counted), 0)::bigint from stocks as stock
     where stock.tenant = level.tenant and stock.tenant_article_id = level.tenant_article_id
        and stock.facility_ref = level.facility_ref and stock.available_until <= :now),
    (select coalesce(sum(reservation.quantity), 0)::bigint from reservations as reservation
     where reservation.tenant = level.tenant and reservation.tenant_article_id = level.tenant_article_id
        and reservation.facility_ref = level.facility_ref and reservation.valid_until <= :now)
from stock_levels as level
where level.tenant = :tenant and level.tenant_article_id = any(:articles) and level.facility_ref = any(:facilities)

-- The stocks of some articles in some facilities: of each of them, what of it is reserved and which comes first.
-- name: stocks_of_levels [sqlite]
select document from stocks
where tenant = :tenant
    and tenant_article_id in (select value from json_each(:articles))
    and facility_ref in (select value from json_each(:facilities))
limit :size

-- name: stocks_of_levels [postgres]
select document from stocks
where tenant = :tenant and tenant_article_id = any(:articles) and facility_ref = any(:facilities)
limit :size

-- name: reservations_of_order
select document from reservations
where tenant = :tenant and order_ref = :order_ref
order by id limit :size

-- What holds nothing any more and is still counted.
-- name: expired_reservations [sqlite]
select document from reservations
where tenant = :tenant
    and tenant_article_id in (select value from json_each(:articles))
    and facility_ref in (select value from json_each(:facilities))
    and valid_until <= :now
limit :size

-- name: expired_reservations [postgres]
select document from reservations
where tenant = :tenant and tenant_article_id = any(:articles) and facility_ref = any(:facilities)
    and valid_until <= :now
limit :size
