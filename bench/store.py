"""Measures the store alone: changesets per second with 1, 16 and 64 callers at once, and the time of a point read.

    python bench/store.py sqlite:////tmp/bench.db
    python bench/store.py postgresql://postgres@localhost/bench

A changeset is one new order of 2.4 KB with its event, as a creation writes it. The database is migrated first and is
left with the orders in it, so name one that may be thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Final

import uvloop

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.db.migrate import migrate
from opendoms.db.sqlfile import parse
from opendoms.kernel.changeset import Changeset, Column, Event, Put, Table
from opendoms.kernel.ids import new_id

CALLERS: Final = (1, 16, 64)
READS: Final = 5_000
TENANT: Final = "bench"
ORDERS: Final = Table(
    "orders",
    (
        Column("status", "text"),
        Column("tenant_order_id", "text"),
        Column("consumer_id", "text"),
        Column("order_date", "bigint"),
        Column("created", "bigint"),
        Column("anonymized", "boolean"),
    ),
    unique=(("orders_live_tenant_order_id", ("tenant", "tenant_order_id")),),
)
DOCUMENT: Final = json.dumps(
    {"orderLineItems": [{"quantity": 1, "article": {"title": f"Jacke grün, Größe {n}"}} for n in range(33)]},
    ensure_ascii=False,
).encode()
READ: Final = parse("-- name: read\nselect version, document from orders where tenant = :tenant and id = :id")["read"]


def creation() -> Changeset:
    """A new order with its event."""
    order_id, now = new_id(), time.time_ns() // 1_000_000
    put = Put(ORDERS, TENANT, order_id, None, 1, DOCUMENT, ("OPEN", order_id, "somebody", now, order_id, now, False))
    event = Event(TENANT, "order", order_id, 1, new_id(), "ORDER_CREATED", now, "bench", "bench", DOCUMENT)
    return Changeset((put,), (), (event,))


def edit(order_id: str, version: int) -> Changeset:
    """The next version of an order with its event."""
    now = time.time_ns() // 1_000_000
    put = Put(
        ORDERS,
        TENANT,
        order_id,
        version,
        version + 1,
        DOCUMENT,
        ("OPEN", order_id, "somebody", now, order_id, now, False),
    )
    event = Event(TENANT, "order", order_id, version + 1, new_id(), "ORDER_MODIFIED", now, "bench", "bench", DOCUMENT)
    return Changeset((put,), (), (event,))


async def creations(engine: Engine, callers: int, seconds: float) -> float:
    """Changesets per second, every caller sending its next one when the last is answered."""
    end = time.perf_counter() + seconds
    count = 0

    async def caller() -> None:
        nonlocal count
        while time.perf_counter() < end:
            await engine.apply(creation())
            count += 1

    begin = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return count / (time.perf_counter() - begin)


async def edits(engine: Engine, callers: int, seconds: float) -> float:
    """Changesets per second, every caller editing an order of its own over and over."""
    end = time.perf_counter() + seconds
    count = 0

    async def caller() -> None:
        nonlocal count
        new = creation()
        await engine.apply(new)
        version = 1
        while time.perf_counter() < end:
            await engine.apply(edit(new.puts[0].id, version))
            version += 1
            count += 1

    begin = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return count / (time.perf_counter() - begin)


async def point_read(engine: Engine) -> float:
    """Microseconds of one read by key."""
    new = creation()
    await engine.apply(new)
    key = {"tenant": TENANT, "id": new.puts[0].id}
    begin = time.perf_counter()
    for _ in range(READS):
        await engine.row(READ, key)
    return (time.perf_counter() - begin) / READS * 1e6


async def main() -> None:
    """Prints one line per measurement."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("database")
    arguments.add_argument("--seconds", type=float, default=3.0)
    given = arguments.parse_args()
    await migrate(given.database)
    engine = engine_for(given.database)
    await engine.open()
    try:
        for work in (creations, edits):
            for callers in CALLERS:
                rate = await work(engine, callers, given.seconds)
                print(f"{engine.name}: {work.__name__:9} {callers:3} callers: {rate:8.0f} /s")
        print(f"{engine.name}: point read: {await point_read(engine):.1f} µs")
    finally:
        await engine.close()


if __name__ == "__main__":
    uvloop.run(main())
