-- Retention of orders: by when they were stored, apart for those that are over and those that are not.

alter table orders add column created integer not null default 0;
alter table orders add column anonymized integer not null default 0 check (anonymized in (0, 1));
-- Instants are written in one form: 2026-11-22T08:00:00.123Z.
update orders set
    created = coalesce(
        cast(strftime('%s', json_extract(document, '$.created')) as integer) * 1000
            + cast(substr(json_extract(document, '$.created'), 21, 3) as integer),
        order_date),
    anonymized = coalesce(json_extract(document, '$.anonymized'), 0);

-- What retention walks: of orders that are over first those with their people, then those without.
create index orders_over_by_retention on orders (tenant, anonymized, created) where status in ('CANCELLED', 'OBSOLETE');
-- The others only where an operator has set an age after which they count as over.
create index orders_live_by_retention on orders (tenant, anonymized, created)
    where status in ('OPEN', 'LOCKED', 'PROMISED');
