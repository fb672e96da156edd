"""Fills a database with generated orders, as fast as the store takes them.

The orders are those of `opendoms seed`, with a few members more that can be searched for, decided on by the rules of
creation and written through the engine with their events and their index rows; only HTTP and the look-up of references
are left out.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Changeset, Event, Origin, Put
from opendoms.kernel.clock import SystemClock
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import new_id
from opendoms.orders.rules import creation
from opendoms.orders.rules.references import NOTHING_KNOWN, Known
from opendoms.orders.seed import orders
from opendoms.orders.store import ORDER

TENANT: Final = "bench"
ORDERS_PER_CHANGESET: Final = 250
CHANGESETS_AT_ONCE: Final = 4
SAMPLES: Final = 2_000
SEED: Final = 7
LINES_MAX: Final = 3

CAMPAIGNS: Final = 1_000
VIPS: Final = 50_000  # values of the tag `customer`
TAGS: Final = ("season", "customer")
SEASONS: Final = ("spring", "summer", "autumn", "winter")


class Filled(NamedTuple):
    """What was stored: how long it took, the bytes of the documents, and members of some orders to search for."""

    orders: int
    seconds: float
    document_bytes: int
    samples: list[Document]


async def fill(engine: Engine, count: int) -> Filled:
    """Stores `count` orders of the last four months. Instants of creation are those of the machine."""
    writer = Writer(engine, SystemClock(), new_id)
    draw = random.Random(SEED)  # noqa: S311 - made-up data, no secret
    known = Known(
        {},
        {"season": frozenset(SEASONS), "customer": frozenset(f"c{number}" for number in range(VIPS))},
        NOTHING_KNOWN.source_ids,
        NOTHING_KNOWN.tenant_source_ids,
        {},
    )
    samples: list[Document] = []
    written = 0
    begin = time.perf_counter()
    supply = _batches(count, draw)

    async def worker() -> None:
        nonlocal written
        for batch in supply:
            changes, size = _changeset(writer, batch, known)
            written += size
            samples.extend(order for order in batch if draw.random() * count < SAMPLES)
            await engine.apply(changes)

    async with asyncio.TaskGroup() as group:
        for _ in range(CHANGESETS_AT_ONCE):
            group.create_task(worker())
    return Filled(count, time.perf_counter() - begin, written, samples)


def _batches(count: int, draw: random.Random) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for order in orders(count, SEED, SystemClock().now(TENANT)):
        _mark(order, draw)
        batch.append(order)
        if len(batch) == ORDERS_PER_CHANGESET:
            yield batch
            batch = []
    if batch:
        yield batch


def _mark(order: Document, draw: random.Random) -> None:
    """Tags, a rare attribute, a half-rare one, an e-mail that few orders share; few lines and no prices: about 2 KB."""
    order.pop("pricing", None)
    del order["orderLineItems"][LINES_MAX:]
    order["tags"] = [
        {"id": "season", "value": SEASONS[draw.randrange(len(SEASONS))]},
        {"id": "customer", "value": f"c{draw.randrange(VIPS)}"},
    ]
    attributes: dict[str, Any] = order["customAttributes"]
    attributes["campaign"] = f"campaign-{draw.randrange(CAMPAIGNS)}"
    attributes["basket"] = f"{draw.getrandbits(48):012x}"
    mailbox = f"customer{draw.randrange(300_000)}@example.com"
    for address in order["consumer"]["addresses"]:
        address["email"] = mailbox


def _changeset(writer: Writer, batch: list[Document], known: Known) -> tuple[Changeset, int]:
    puts: list[Put] = []
    events: list[Event] = []
    size = 0
    now = SystemClock().now(TENANT)
    origin = Origin(TENANT, "bench", "bench")
    for order in batch:
        decision = creation.create(order, known, now=now, new_id=new_id)
        body, changes = writer.changeset(ORDER, origin, decision, now)
        size += len(body)
        puts.extend(changes.puts)
        events.extend(changes.events)
    return Changeset(tuple(puts), (), tuple(events)), size
