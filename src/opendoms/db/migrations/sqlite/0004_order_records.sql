-- Order records: finished sales, by the caller's own id, by facility, and by when their retention asks for something.

create table order_records (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    tenant_order_record_id text,
    facility_ref text not null check (facility_ref <> ''),
    order_record_date integer not null,
    anonymized integer not null check (anonymized in (0, 1)),
    retention_due integer not null,
    primary key (tenant, id)
);
-- Decision D15: a caller's own id names one sale.
create unique index order_records_tenant_order_record_id on order_records (tenant, tenant_order_record_id)
    where tenant_order_record_id is not null;
create index order_records_by_facility on order_records (tenant, facility_ref, id);
-- Decision 0020: what retention walks, in batches. No timer per order record.
create index order_records_by_retention on order_records (tenant, retention_due);
