-- The feed of events, and processes: what belongs to an order and is not the order's own.

-- The feed reads one tenant's events by transaction, then position: positions are handed out before commit, but every
-- transaction below the oldest running one has ended, so nothing can appear in front of what was read.
create index if not exists events_by_transaction on events (tenant, xid, position);

-- A process is found by its id, which its order carries.
alter table orders add column process_id text collate "C";
update orders set process_id = document::json ->> 'processId';
create index orders_by_process_id on orders (tenant, process_id);

-- What was said about a process itself; most have no row. Its id is the order's processId.
create table processes (
    tenant text collate "C" not null check (tenant <> ''),
    id text collate "C" not null check (id <> ''),
    version bigint not null check (version >= 1),
    document text not null,
    primary key (tenant, id)
);
