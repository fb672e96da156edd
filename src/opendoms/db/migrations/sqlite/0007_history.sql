-- The feed of events, and processes: what belongs to an order and is not the order's own.

-- The feed reads one tenant's events by position, which is in commit order here: there is one writer.
create index if not exists events_by_position on events (tenant, position);

-- A process is found by its id, which its order carries.
alter table orders add column process_id text;
update orders set process_id = json_extract(document, '$.processId');
create index orders_by_process_id on orders (tenant, process_id);

-- What was said about a process itself; most have no row. Its id is the order's processId.
create table processes (
    tenant text not null check (tenant <> ''),
    id text not null check (id <> ''),
    version integer not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);
