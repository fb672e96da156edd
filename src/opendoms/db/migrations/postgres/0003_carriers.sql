-- Carriers, and their connections to the facilities that they come to.

-- A key names one carrier: orders and connections refer to carriers by it.
create table carriers (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    carrier_key text collate "C" not null check (carrier_key <> ''),
    primary key (tenant, id)
);
create unique index carriers_key on carriers (tenant, carrier_key);

create table facility_carrier_connections (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    facility_ref text collate "C" not null check (facility_ref <> ''),
    carrier_ref text collate "C" not null check (carrier_ref <> ''),
    carrier_key text collate "C" not null check (carrier_key <> ''),
    primary key (tenant, id)
);
-- A carrier comes to a facility by one connection. Reads by facility go by this index as well.
create unique index facility_carrier_connections_pair
    on facility_carrier_connections (tenant, facility_ref, carrier_ref);
