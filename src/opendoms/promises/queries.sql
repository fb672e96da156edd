-- What promises are made from, beside stock.

-- Which facilities, connections and carriers there are in which versions: where it is what it was, what was made of
-- them in memory still holds. Served by indexes alone.
-- name: network_state [sqlite]
select (select group_concat(id || ':' || version) from facilities where tenant = :tenant),
    (select group_concat(id || ':' || version) from facility_carrier_connections where tenant = :tenant),
    (select group_concat(id || ':' || version) from carriers where tenant = :tenant)

-- name: network_state [postgres]
select (select md5(string_agg(id || ':' || version, ',' order by id)) from facilities where tenant = :tenant),
    (select md5(string_agg(id || ':' || version, ',' order by id)) from facility_carrier_connections
     where tenant = :tenant),
    (select md5(string_agg(id || ':' || version, ',' order by id)) from carriers where tenant = :tenant)

-- name: explanation
select facts from promise_explanations where tenant = :tenant and id = :id
