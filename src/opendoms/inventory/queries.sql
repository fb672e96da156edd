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
