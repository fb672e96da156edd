-- What `opendoms retention --dry-run` counts. An entity has as many rows of history as its version says.

-- A record that was never anonymised and whose deletion is due goes at once. Instants are texts of one form.
-- name: count_records [sqlite]
select case when anonymized or json_extract(document, '$.deletionDate') <= :now_text then 'DELETE' else 'ANONYMIZE' end,
    count(*), sum(version), min(retention_due)
from order_records where tenant = :tenant and retention_due <= :now group by 1

-- name: count_records [postgres]
select case when anonymized or document::json ->> 'deletionDate' <= :now_text then 'DELETE' else 'ANONYMIZE' end,
    count(*), sum(version)::bigint, min(retention_due)
from order_records where tenant = :tenant and retention_due <= :now group by 1

-- name: count_over_orders [sqlite]
select count(*), sum(version), min(created) from orders
where tenant = :tenant and status in ('CANCELLED', 'OBSOLETE') and anonymized = :anonymized
    and created >= :since and created <= :until

-- name: count_over_orders [postgres]
select count(*), sum(version)::bigint, min(created) from orders
where tenant = :tenant and status in ('CANCELLED', 'OBSOLETE') and anonymized = :anonymized
    and created >= :since and created <= :until

-- name: count_live_orders [sqlite]
select count(*), sum(version), min(created) from orders
where tenant = :tenant and status in ('OPEN', 'LOCKED', 'PROMISED') and anonymized = :anonymized
    and created >= :since and created <= :until

-- name: count_live_orders [postgres]
select count(*), sum(version)::bigint, min(created) from orders
where tenant = :tenant and status in ('OPEN', 'LOCKED', 'PROMISED') and anonymized = :anonymized
    and created >= :since and created <= :until
