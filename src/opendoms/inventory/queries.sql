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

-- What a search looks through, batch by batch.
-- name: listings_by_id
select id, document from listings where tenant = :tenant and id > :after order by id limit :size

-- name: stocks_by_id
select id, document from stocks where tenant = :tenant and id > :after order by id limit :size

-- name: reservations_by_id
select id, document from reservations where tenant = :tenant and id > :after order by id limit :size

-- The same where the filter names the only values of a member: those with one of them, along the index of the member.
-- name: listings_searched_by_id
select id, document from listings where tenant = :tenant and id = :value and id > :after limit :size

-- name: listings_searched_by_article
select id, document from listings
where tenant = :tenant and tenant_article_id = :value and id > :after
order by id limit :size

-- name: listings_searched_by_facility
select id, document from listings
where tenant = :tenant and facility_ref = :value and id > :after
order by id limit :size

-- name: stocks_searched_by_id
select id, document from stocks where tenant = :tenant and id = :value and id > :after limit :size

-- name: stocks_searched_by_article
select facility_ref, id, document from stocks
where tenant = :tenant and tenant_article_id = :value and (facility_ref, id) > (:after, :after_id)
order by facility_ref, id limit :size

-- name: stocks_searched_by_location
select id, document from stocks
where tenant = :tenant and location_ref = :value and id > :after
order by id limit :size

-- name: stocks_searched_by_facility
select id, document from stocks
where tenant = :tenant and facility_ref = :value and id > :after
order by id limit :size

-- name: reservations_searched_by_id
select id, document from reservations where tenant = :tenant and id = :value and id > :after limit :size

-- name: reservations_searched_by_order
select id, document from reservations
where tenant = :tenant and order_ref = :value and id > :after
order by id limit :size

-- name: reservations_searched_by_article
select facility_ref, id, document from reservations
where tenant = :tenant and tenant_article_id = :value and (facility_ref, id) > (:after, :after_id)
order by facility_ref, id limit :size

-- The last thing that is known of something, also where it is gone: where a search that began there goes on.
-- name: last_document
select document from events
where tenant = :tenant and entity_kind = :kind and entity_id = :id
order by seq desc limit 1

-- name: listing_document
select document from listings
where tenant = :tenant and facility_ref = :facility and tenant_article_id = :article

-- name: listings_of_articles [sqlite]
select document from listings
where tenant = :tenant and facility_ref = :facility
    and tenant_article_id in (select value from json_each(:articles))

-- name: listings_of_articles [postgres]
select document from listings
where tenant = :tenant and facility_ref = :facility and tenant_article_id = any(:articles)

-- Lists: newest first, which is by id descending. Keyset paging: never OFFSET.
-- name: list_listings
select document from listings
where tenant = :tenant and facility_ref = :facility and id < :before
order by id desc limit :size

-- name: count_listings
select count(*) from listings where tenant = :tenant and facility_ref = :facility

-- name: stock_document
select document from stocks where tenant = :tenant and id = :id

-- name: stocks_of_ids [sqlite]
select document from stocks where tenant = :tenant and id in (select value from json_each(:ids))

-- name: stocks_of_ids [postgres]
select document from stocks where tenant = :tenant and id = any(:ids)

-- name: stocks_of_articles [sqlite]
select document from stocks
where tenant = :tenant and tenant_article_id in (select value from json_each(:articles))
limit :size

-- name: stocks_of_articles [postgres]
select document from stocks where tenant = :tenant and tenant_article_id = any(:articles) limit :size

-- name: stocks_of_locations [sqlite]
select document from stocks
where tenant = :tenant and location_ref in (select value from json_each(:locations))
limit :size

-- name: stocks_of_locations [postgres]
select document from stocks where tenant = :tenant and location_ref = any(:locations) limit :size

-- name: list_stocks
select document from stocks where tenant = :tenant and id < :before order by id desc limit :size

-- name: count_stocks
select count(*) from stocks where tenant = :tenant

-- name: list_stocks_of_facility
select document from stocks
where tenant = :tenant and facility_ref = :facility and id < :before
order by id desc limit :size

-- name: count_stocks_of_facility
select count(*) from stocks where tenant = :tenant and facility_ref = :facility

-- Reservations that hold pieces in a facility. What is reserved lies among stock, so its stocks lead to all of them.
-- name: count_reservations_of_facility
select count(*) from reservations
where tenant = :tenant and facility_ref = :facility and (valid_until is null or valid_until > :now)
    and tenant_article_id in (select tenant_article_id from stocks where tenant = :tenant and facility_ref = :facility)

-- name: safety_stocks_of_articles [sqlite]
select document from safety_stocks
where tenant = :tenant and tenant_article_id in (select value from json_each(:articles))

-- name: safety_stocks_of_articles [postgres]
select document from safety_stocks where tenant = :tenant and tenant_article_id = any(:articles)

-- name: stocked_articles [sqlite]
select id, version from stocked_articles
where tenant = :tenant and id in (select value from json_each(:articles))

-- name: stocked_articles [postgres]
select id, version from stocked_articles where tenant = :tenant and id = any(:articles)

-- As levels, of some articles in every facility.
-- name: levels_of_articles [sqlite]
select tenant_article_id, facility_ref, on_hand, safety, reserved, restocked,
    (select coalesce(sum(stock.counted), 0) from stocks as stock
     where stock.tenant = level.tenant and stock.tenant_article_id = level.tenant_article_id
        and stock.facility_ref = level.facility_ref and stock.available_until <= :now),
    (select coalesce(sum(reservation.quantity), 0) from reservations as reservation
     where reservation.tenant = level.tenant and reservation.tenant_article_id = level.tenant_article_id
        and reservation.facility_ref = level.facility_ref and reservation.valid_until <= :now)
from stock_levels as level
where level.tenant = :tenant and level.tenant_article_id in (select value from json_each(:articles))
limit :size

-- name: levels_of_articles [postgres]
select tenant_article_id, facility_ref, on_hand, safety, reserved, restocked,
    (select coalesce(sum(stock.counted), 0)::bigint from stocks as stock
     where stock.tenant = level.tenant and stock.tenant_article_id = level.tenant_article_id
        and stock.facility_ref = level.facility_ref and stock.available_until <= :now),
    (select coalesce(sum(reservation.quantity), 0)::bigint from reservations as reservation
     where reservation.tenant = level.tenant and reservation.tenant_article_id = level.tenant_article_id
        and reservation.facility_ref = level.facility_ref and reservation.valid_until <= :now)
from stock_levels as level
where level.tenant = :tenant and level.tenant_article_id = any(:articles)
limit :size

-- name: stocked_articles_by_id
select id from stocked_articles where tenant = :tenant and id > :after order by id limit :size

-- Those of some articles that have a level, in one of the facilities unless the scope is all. By article.
-- name: articles_with_levels [sqlite]
select id from stocked_articles as article
where tenant = :tenant and id in (select value from json_each(:articles))
    and exists (
        select 1 from stock_levels as level
        where level.tenant = article.tenant and level.tenant_article_id = article.id
            and (:scope = 'all' or level.facility_ref in (select value from json_each(:facilities))))
order by id

-- name: articles_with_levels [postgres]
select id from stocked_articles as article
where tenant = :tenant and id = any(:articles)
    and exists (
        select 1 from stock_levels as level
        where level.tenant = article.tenant and level.tenant_article_id = article.id
            and (:scope::text = 'all' or level.facility_ref = any(:facilities)))
order by id

-- What articles are called.
-- name: listings_by_article [sqlite]
select document from listings
where tenant = :tenant and tenant_article_id in (select value from json_each(:articles))
limit :size

-- name: listings_by_article [postgres]
select document from listings where tenant = :tenant and tenant_article_id = any(:articles) limit :size

-- name: reservation_document
select document from reservations where tenant = :tenant and id = :id

-- name: reservations_of_ids [sqlite]
select document from reservations where tenant = :tenant and id in (select value from json_each(:ids))

-- name: reservations_of_ids [postgres]
select document from reservations where tenant = :tenant and id = any(:ids)

-- name: list_reservations
select document from reservations where tenant = :tenant and id < :before order by id desc limit :size

-- name: count_reservations
select count(*) from reservations where tenant = :tenant

-- name: safety_stock_document
select document from safety_stocks where tenant = :tenant and id = :id

-- name: list_safety_stocks
select document from safety_stocks where tenant = :tenant and id < :before order by id desc limit :size

-- name: count_safety_stocks
select count(*) from safety_stocks where tenant = :tenant

-- name: list_safety_stocks_of_facility
select document from safety_stocks
where tenant = :tenant and facility_ref = :facility and id < :before
order by id desc limit :size

-- name: count_safety_stocks_of_facility
select count(*) from safety_stocks where tenant = :tenant and facility_ref = :facility

-- Whether the tenant keeps stock at all: levels are never deleted.
-- name: any_level
select 1 from stock_levels where tenant = :tenant limit 1

-- Who sells some articles, and what all facilities have of them: rows that are entries of one JSON array, one per article.
-- SQLite answers all in one row, since each costs the reading thread a wait; PostgreSQL, which gathers long texts slowly,
-- in a row each. One statement, so that what it counts belongs together.
-- Listings that are plain sell what is there and let nobody wait, which nearly all do; the others come whole. Both are
-- served by listings_offered, without the documents. Then the facilities that have any: what each has beyond safety
-- stock and reservations, and how often its stock was written; what of that has lapsed; which reservations have expired.
-- name: supplies [sqlite]
select coalesce(group_concat('[' || json_quote(value) || ','
    || (select json_array(
            json_group_array(facility_ref) filter (where status = 'ACTIVE' and behaviour = 'NONE'),
            json_group_array(json_array(facility_ref, status, behaviour, preorder_from, restock_days))
                filter (where status <> 'ACTIVE' or behaviour <> 'NONE'))
        from listings where tenant = :tenant and tenant_article_id = value) || ','
    || (select json_array(json_group_array(facility_ref), json_group_array(on_hand - safety - reserved),
            json_group_array(restocked)) from stock_levels
        where tenant = :tenant and tenant_article_id = value and on_hand > safety) || ','
    || (select json_group_array(json_array(facility_ref, counted)) from stocks
        where tenant = :tenant and tenant_article_id = value and available_until <= :now) || ','
    || (select json_group_array(json_array(facility_ref, quantity)) from reservations
        where tenant = :tenant and tenant_article_id = value and valid_until <= :now) || ']'), '')
from json_each(:articles)

-- name: supplies [postgres]
select concat('[', to_json(value), ',',
    (select json_build_array(
            coalesce(json_agg(facility_ref) filter (where status = 'ACTIVE' and behaviour = 'NONE'), '[]'),
            coalesce(json_agg(json_build_array(facility_ref, status, behaviour, preorder_from, restock_days))
                filter (where status <> 'ACTIVE' or behaviour <> 'NONE'), '[]'))
        from listings where tenant = :tenant and tenant_article_id = value), ',',
    (select json_build_array(coalesce(json_agg(facility_ref), '[]'),
            coalesce(json_agg(on_hand - safety - reserved), '[]'), coalesce(json_agg(restocked), '[]'))
        from stock_levels
        where tenant = :tenant and tenant_article_id = value and on_hand > safety), ',',
    (select coalesce(json_agg(json_build_array(facility_ref, counted)), '[]') from stocks
        where tenant = :tenant and tenant_article_id = value and available_until <= :now), ',',
    (select coalesce(json_agg(json_build_array(facility_ref, quantity)), '[]') from reservations
        where tenant = :tenant and tenant_article_id = value and valid_until <= :now), ']')
from unnest(:articles::text[]) as value

-- What decides which stock of a level comes first, of some levels, as one JSON array.
-- name: stocks_by_rank [sqlite]
select json_group_array(json_array(
    tenant_article_id, facility_ref, available_until, json_extract(document, '$.receiptDate'), id))
from stocks
where tenant = :tenant
    and tenant_article_id in (select value from json_each(:articles))
    and facility_ref in (select value from json_each(:facilities))
    and counted > 0 and (available_until is null or available_until > :now)

-- name: stocks_by_rank [postgres]
select coalesce(json_agg(json_build_array(
    tenant_article_id, facility_ref, available_until, document::json ->> 'receiptDate', id)), '[]')::text
from stocks
where tenant = :tenant and tenant_article_id = any(:articles) and facility_ref = any(:facilities)
    and counted > 0 and (available_until is null or available_until > :now)
