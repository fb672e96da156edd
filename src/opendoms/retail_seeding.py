"""Plants the made-up retailer through the same actions that serve the API. What is there already stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from opendoms.app import Actions, Hub, actions_of
from opendoms.inventory.actions.stock_reading import Asked
from opendoms.inventory.actions.stocks import Entry
from opendoms.kernel.changeset import Origin
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Conflict
from opendoms.retail.retailer import Retailer, retailer

# Listings and stocks that are written in one changeset.
BATCH: Final = 500
# Enough at once to fill the groups in which both engines commit.
AT_ONCE: Final = 64

T = TypeVar("T")


class Planted(NamedTuple):
    """How many of each are new; the rest was there before."""

    tags: int
    carriers: int
    facilities: int
    connections: int
    listings: int
    stocks: int


async def plant_retailer(hub: Hub, *, tenant: str, seed: int) -> Planted:
    """Creates what of the retailer is missing, and says how much that was."""
    made = retailer(seed)
    actions = actions_of(hub)
    origin = Origin(tenant, "seed", "opendoms seed")

    async def tag(body: Document) -> None:
        await actions.tags.create(body, origin)

    async def carrier(body: Document) -> None:
        await actions.carriers.create(body, origin)

    async def facility(body: Document) -> None:
        await actions.facilities.create(body, origin)

    planted = [await _each(made.tags, tag), await _each(made.carriers, carrier)]
    planted.append(await _each(made.facilities, facility))
    own_ids = [body["tenantFacilityId"] for body in made.facilities]
    found = await actions.facilities.find(tenant, ids=(), tenant_facility_ids=own_ids)
    facility_ids = {own: known.id for own, known in found.by_tenant_facility_id.items()}
    carrier_ids = await actions.carriers.ids_by_key(tenant, [body["key"] for body in made.carriers])

    async def connect(link: tuple[str, str, Document]) -> None:
        own, key, body = link
        await actions.connections.connect(facility_ids[own], carrier_ids[key], body, origin)

    planted.append(await _each(made.connections, connect))
    planted += await plant_inventory(actions, origin, made, facility_ids)
    return Planted(*planted)


async def plant_inventory(
    actions: Actions, origin: Origin, made: Retailer, facility_ids: dict[str, str]
) -> tuple[int, int]:
    """What the facilities sell, and what lies in them; how many listings and stocks are new.

    A facility that has any stock already is left alone, since what lies there has been sold from meanwhile.
    """
    listings = stocks = 0
    for own, facility_id in facility_ids.items():
        there = Asked(1, None, facility_id, None, None, None)
        if (await actions.inventory.reading.page(origin.tenant, there)).total:
            continue
        for batch in _batches(made.listings(own)):
            written = await actions.inventory.listings.put(facility_id, batch, origin)
            listings += sum(decision.document["version"] == 1 for decision in written)
        for batch in _batches(made.stocks(own)):
            entries = [Entry(f"stocks[{place}].", body) for place, body in enumerate(batch)]
            stocks += len(await actions.inventory.stocks.write(entries, origin))
    return listings, stocks


def _batches(bodies: Iterable[Document]) -> Iterator[list[Document]]:
    supply = (decode(encode(body)) for body in bodies)  # numbers as the API would have them
    while batch := list(islice(supply, BATCH)):
        yield batch


async def _each(wanted: Iterable[T], create: Callable[[T], Awaitable[None]]) -> int:
    """Creates all of them, AT_ONCE at a time; says how many were not there yet."""
    supply, created = iter(wanted), 0

    async def worker() -> None:
        nonlocal created
        for each in supply:
            try:
                await create(each)
            except Conflict:
                continue
            created += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())
    return created
