"""What a promise looks through agrees with the levels, whatever lies there, is kept back, held, lapsed or expired."""

from __future__ import annotations

import pytest

from opendoms.db.engine import Engine
from opendoms.inventory.actions.supplies import Supplies
from opendoms.inventory.store import LISTING
from opendoms.inventory.supply import Offer
from opendoms.kernel.changeset import Changeset, Put, Restock
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from tests.inventory.shelves import HOUR, NOW, TENANT, Shelves


@pytest.fixture
def shelves(engine: Engine) -> Shelves:
    """Stock on each engine."""
    return Shelves(engine)


@pytest.fixture
def supplies(shelves: Shelves) -> Supplies:
    """The same stock, as promises read it."""
    return Supplies(shelves.engine)


async def test_it_has_what_the_levels_have(shelves: Shelves, supplies: Supplies) -> None:
    """Of each level that has any: the same available pieces, and the same hold."""
    await shelves.fill("a", "f1", 5)
    await shelves.fill("a", "f2", 3, availableUntil=text_of(NOW + HOUR))
    await shelves.fill("a", "f3", 4)
    await shelves.fill("b", "f1", 2)
    await shelves.engine.apply(Changeset(restocks=(Restock(TENANT, "f3", "a", 0, 3),)))
    await shelves.reserve("o1", {("a", "f1"): 2}, NOW + HOUR)
    await shelves.reserve("o2", {("a", "f1"): 1, ("a", "f2"): 1, ("b", "f1"): 2})
    for now in (NOW, NOW + HOUR):
        shelves.clock.instant = now
        supply = await supplies.supply(TENANT, ["a", "b", "c"], now)
        levels = await shelves.levels.read(TENANT, ["a", "b"], ["f1", "f2", "f3"], now)
        available: dict[str, dict[str, int]] = {}
        for (article, facility), level in levels.items():
            if level.available:
                available.setdefault(article, {})[facility] = level.available
            seen = supply.level(article, facility)
            assert seen is not None
            assert (seen.available, seen.hold(TENANT, 1)) == (level.available, level.hold(TENANT, 1))
        found = supply.available()
        assert {
            name: {a: n for a, n in there.items() if n} for name, there in found.items() if any(there.values())
        } == (available)
        assert supply.level("c", "f1") is None


async def test_listings_are_plain_or_come_whole(shelves: Shelves, supplies: Supplies) -> None:
    """Those that sell and let nobody wait, by their facilities; the others with what they say."""
    start = text_of(NOW)
    preorder = {"preorder": {"availabilityTimeframe": {"start": start}}, "restock": {"restockableInDays": 1e9}}
    bodies: list[Document] = [
        {"facilityId": "f1", "status": "ACTIVE"},
        {"facilityId": "f2", "status": "INACTIVE"},
        {"facilityId": "f3", "status": "ACTIVE", "outOfStockBehaviour": "BACKORDER"},
        {
            "facilityId": "f4",
            "status": "ACTIVE",
            "outOfStockBehaviour": "PREORDER_AND_RESTOCK",
            "outOfStockConfig": preorder,
        },
        {"facilityId": "f5", "status": "ACTIVE", "availabilityTimeframe": {"start": start}},
    ]
    puts = []
    for body in bodies:
        document = {"id": body["facilityId"], "version": 1, "tenantArticleId": "a", **body}
        puts.append(Put(LISTING.table, TENANT, document["id"], None, 1, encode(document), LISTING.promoted(document)))
    await shelves.engine.apply(Changeset(tuple(puts)))
    supply = await supplies.supply(TENANT, ["a", "b"], NOW)
    assert supply.plain == {"a": ["f1", "f5"], "b": []}
    assert supply.special["a"] == [
        Offer("f2", "INACTIVE", "NONE", None, None),
        Offer("f3", "ACTIVE", "BACKORDER", None, None),
        Offer("f4", "ACTIVE", "PREORDER_AND_RESTOCK", NOW, 36_500),
    ]
