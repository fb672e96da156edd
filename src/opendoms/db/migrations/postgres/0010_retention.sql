-- Retention of orders: by when they were stored, apart for those that are over and those that are not.

alter table orders add column created bigint;
alter table orders add column anonymized boolean;
update orders set
    created = coalesce(
        (extract(epoch from (document::json ->> 'created')::timestamptz) * 1000)::bigint, order_date),
    anonymized = coalesce((document::json ->> 'anonymized')::boolean, false);
alter table orders alter column created set not null;
alter table orders alter column anonymized set not null;

-- What retention walks: of orders that are over first those with their people, then those without.
create index orders_over_by_retention on orders (tenant, anonymized, created) where status in ('CANCELLED', 'OBSOLETE');
-- The others only where an operator has set an age after which they count as over.
create index orders_live_by_retention on orders (tenant, anonymized, created)
    where status in ('OPEN', 'LOCKED', 'PROMISED');
