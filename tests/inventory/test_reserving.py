"""Reservations on both engines: held once, gone with their time, released once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.inventory.model import Level
from opendoms.inventory.rules.reserving import held
from opendoms.kernel.changeset import Short, Stale
from opendoms.kernel.clock import text_of
from tests.inventory.shelves import HOUR, NOW, ORIGIN, TENANT, Shelves

FACILITIES = {"f1": 34, "f2": 33, "f3": 33}
CALLERS = 1_000


@pytest.fixture
def shelves(engine: Engine) -> Shelves:
    """Stock on each engine."""
    return Shelves(engine)


@pytest.fixture
async def neighbour(database_url: str, shelves: Shelves) -> AsyncIterator[Shelves]:
    """The same stock, seen from another node."""
    opened = engine_for(database_url)
    await opened.open()
    yield Shelves(opened, shelves.clock)
    await opened.close()


async def test_pieces_are_held_for_an_order(shelves: Shelves) -> None:
    """The reservation names facility, article, order, line and the stock that comes first; the level counts it."""
    later, sooner = await shelves.fill("a", "f1", 3, 2)
    await shelves.reserve("o1", {("a", "f1"): 4}, NOW + HOUR)
    (stored,) = await shelves.reserving.of_order(TENANT, "o1")
    assert (stored["facilityRef"], stored["tenantArticleId"], stored["quantity"]) == ("f1", "a", 4)
    assert stored["host"] == {"type": "STOCK", "reference": min(later, sooner)}
    assert stored["relatedRefs"]["orderRefs"] == ["o1"]
    level = await shelves.level("a", "f1")
    assert level == Level("a", "f1", on_hand=5, reserved=4, restocked=1)
    assert level.available == 1
    assert await shelves.history() == [(stored["id"], 1, "RESERVATION_CREATED", None)]


async def test_more_than_is_there_is_held_by_nobody(shelves: Shelves) -> None:
    """Of two lines of which one cannot be served neither is held."""
    await shelves.fill("a", "f1", 3)
    await shelves.fill("b", "f1", 1)
    with pytest.raises(Short):
        await shelves.reserve("o1", {("a", "f1"): 3, ("b", "f1"): 2})
    assert await shelves.reserving.of_order(TENANT, "o1") == []
    assert (await shelves.level("a", "f1")).reserved == 0
    assert await shelves.history() == []


async def test_what_is_kept_holds_for_good_and_what_is_extended_for_longer(shelves: Shelves) -> None:
    """A confirmed reservation has no end, an extended one a later end; keeping what is kept writes nothing."""
    await shelves.fill("a", "f1", 3)
    await shelves.reserve("o1", {("a", "f1"): 1}, NOW + HOUR)
    for until, shown in ((NOW + 2 * HOUR, True), (None, False), (None, False)):
        stored = await shelves.reserving.of_order(TENANT, "o1")
        await shelves.engine.apply(shelves.reserving.keep(ORIGIN, stored, until, now=shelves.now))
        stored = await shelves.reserving.of_order(TENANT, "o1")
        assert ["validUntil" in each for each in stored] == [shown]
    stored = await shelves.reserving.of_order(TENANT, "o1")
    assert [each["version"] for each in stored] == [3]
    shelves.clock.instant += 100 * HOUR
    assert (await shelves.level("a", "f1")).available == 2
    assert held(stored, shelves.now) == {("a", "f1"): 1}


async def test_released_pieces_can_be_had_again(shelves: Shelves) -> None:
    """The reservation is gone, its end is told with the reason, and nobody can release it a second time."""
    await shelves.fill("a", "f1", 2)
    await shelves.reserve("o1", {("a", "f1"): 2})
    stored = await shelves.reserving.of_order(TENANT, "o1")
    releases = [shelves.engine.apply(shelves.reserving.release(ORIGIN, stored, now=NOW)) for _ in range(8)]
    outcomes = await asyncio.gather(*releases, return_exceptions=True)
    assert sorted(str(type(outcome).__name__) for outcome in outcomes) == ["NoneType"] + ["Stale"] * 7
    assert (await shelves.level("a", "f1")).available == 2
    (_, (_, seq, kind, detail)) = await shelves.history()
    assert (seq, kind, detail) == (2, "RESERVATION_DELETED", b'{"reason":"RELEASED"}')


async def test_the_last_piece_is_free_at_the_very_end_of_a_promise(shelves: Shelves) -> None:
    """One ms before its end a promise holds, at its end it does not, although no timer ran."""
    await shelves.fill("a", "f1", 1)
    await shelves.reserve("o1", {("a", "f1"): 1}, NOW + HOUR)
    shelves.clock.instant = NOW + HOUR - 1
    assert (await shelves.level("a", "f1")).available == 0
    with pytest.raises(Short):
        await shelves.reserve("o2", {("a", "f1"): 1})
    shelves.clock.instant = NOW + HOUR
    assert (await shelves.level("a", "f1")) == Level("a", "f1", 1, 0, 1, 1, 0, 1)
    assert (await shelves.level("a", "f1")).available == 1
    await shelves.reserve("o2", {("a", "f1"): 1})
    assert await shelves.reserving.of_order(TENANT, "o1") == []
    assert len(await shelves.reserving.of_order(TENANT, "o2")) == 1
    kinds = [(kind, detail) for _, _, kind, detail in await shelves.history()]
    assert kinds == [
        ("RESERVATION_CREATED", None),
        ("RESERVATION_DELETED", b'{"reason":"EXPIRED"}'),
        ("RESERVATION_CREATED", None),
    ]


async def test_a_confirmation_and_the_clearing_race_and_one_of_them_wins(shelves: Shelves, neighbour: Shelves) -> None:
    """Whoever confirms what has been cleared is Stale; what has been confirmed is not cleared."""
    await shelves.fill("a", "f1", 20)
    orders = [f"o{number}" for number in range(20)]
    for order in orders:
        await shelves.reserve(order, {("a", "f1"): 1}, NOW + HOUR)
    stored = [await shelves.reserving.of_order(TENANT, order) for order in orders]
    late = NOW + HOUR
    confirmations = [shelves.engine.apply(shelves.reserving.keep(ORIGIN, each, None, now=late - 1)) for each in stored]
    level = (await neighbour.levels.read(TENANT, ["a"], ["f1"], late))["a", "f1"]
    outcomes = await asyncio.gather(
        *confirmations, neighbour.levels.clear(TENANT, [level], late), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} <= {type(None), Stale}
    assert outcomes[-1] is None
    confirmed = sum(outcome is None for outcome in outcomes[:-1])
    shelves.clock.instant = late
    assert (await shelves.level("a", "f1")).reserved == confirmed


async def test_lapsed_stock_is_not_promised(shelves: Shelves) -> None:
    """Pieces whose time has passed go on covering what was held of them, and nothing else."""
    end = NOW + HOUR
    await shelves.fill("a", "f1", 5, availableUntil=text_of(end))
    shelves.clock.instant = end - 1
    await shelves.reserve("o1", {("a", "f1"): 2})
    shelves.clock.instant = end
    level = await shelves.level("a", "f1")
    assert (level.on_hand, level.lapsed, level.reserved, level.available) == (5, 5, 2, 0)
    with pytest.raises(Short):
        await shelves.reserve("o2", {("a", "f1"): 1})
    await shelves.release("o1")
    with pytest.raises(Short):
        await shelves.reserve("o2", {("a", "f1"): 1})
    assert (await shelves.level("a", "f1")).reserved == 0


@pytest.mark.slow
async def test_a_thousand_promises_for_a_hundred_pieces(shelves: Shelves, neighbour: Shelves) -> None:
    """100 of 1,000 are served, over two nodes; after their end all pieces can be had again, at once."""
    for facility, pieces in FACILITIES.items():
        await shelves.fill("a", facility, pieces)
    names = list(FACILITIES)

    async def promise(node: Shelves, number: int, until: int) -> bool:
        order = f"o{number}-{until}"
        for place in range(len(names)):  # everybody begins elsewhere and looks in every facility
            try:
                await node.reserve(order, {("a", names[(number + place) % len(names)]): 1}, until)
            except Short:
                continue
            return True
        return False

    for callers in (CALLERS, 120):
        until = shelves.now + HOUR
        served = await asyncio.gather(
            *(promise((shelves, neighbour)[number % 2], number, until) for number in range(callers))
        )
        assert sum(served) == 100
        levels = await shelves.all("a", names)
        assert {facility: level.held for (_, facility), level in levels.items()} == FACILITIES
        shelves.clock.instant = until
        levels = await neighbour.all("a", names)
        assert {facility: level.available for (_, facility), level in levels.items()} == FACILITIES
    await shelves.levels.clear(TENANT, (await shelves.all("a", names)).values(), shelves.now)
    assert {level.reserved for level in (await shelves.all("a", names)).values()} == {0}
    kinds = [kind for _, _, kind, _ in await shelves.history()]
    assert (kinds.count("RESERVATION_CREATED"), kinds.count("RESERVATION_DELETED")) == (200, 200)
