-- What orders refer to: facilities, tags, cancelation reasons. Claims of timers. Clocks of sandboxes.

create table facilities (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    tenant_facility_id text collate "C",
    name text collate "C" not null,
    postal_code text collate "C",
    status text collate "C" not null check (status in ('ONLINE', 'SUSPENDED', 'OFFLINE')),
    type text collate "C" not null check (type in ('MANAGED_FACILITY', 'SUPPLIER')),
    primary key (tenant, id)
);
-- A caller's own id names one facility.
create unique index facilities_tenant_facility_id on facilities (tenant, tenant_facility_id)
    where tenant_facility_id is not null;
create index facilities_by_name on facilities (tenant, name, id);
create index facilities_by_postal_code on facilities (tenant, postal_code, id);

-- A tag's id is the caller's own.
create table tags (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

create table cancelation_reasons (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    reason text collate "C" not null,
    primary key (tenant, id)
);
-- Decision D22: a reason with the same text is the same reason.
create unique index cancelation_reasons_reason on cancelation_reasons (tenant, reason);

-- The clock of a tenant in a sandbox; the document says by how much it is off, or at which instant it stands.
create table sandbox_clocks (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);

-- Until when (instant) a worker has claimed the timer, and which: after that another one may.
alter table timers add column claimed_until bigint;
alter table timers add column claimed_by text;
