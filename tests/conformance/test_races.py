"""Races: many want the same thing at once, and exactly one gets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Drop, Stale, Taken
from tests.conformance.changesets import (
    TENANT,
    Counts,
    counts,
    creation,
    edit,
    event,
    history,
    order,
    stored_order,
    timer,
    timers,
)
from tests.conformance.searchable import ORDERS


@pytest.fixture
async def second_engine(database_url: str) -> AsyncIterator[Engine]:
    """Another node, or a command, on the same database."""
    opened = engine_for(database_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.mark.parametrize("writers", [8, 64])
async def test_of_many_writers_on_one_version_one_wins(engine: Engine, writers: int) -> None:
    """One update of a version is written, with its event; every other writer is told that he is stale."""
    await engine.apply(creation("o1"))
    calls = [engine.apply(edit("o1", 2, by=f"writer{number}")) for number in range(writers)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    winners = [number for number, outcome in enumerate(outcomes) if outcome is None]
    assert len(winners) == 1
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Stale] * (writers - 1)
    row, events = await stored_order(engine, "o1"), await history(engine, "o1")
    assert row is not None
    assert (row[0], row[1]) == (2, b'{"by":"writer%d"}' % winners[0])
    assert [event[0] for event in events] == [1, 2]
    assert events[1][6] == row[1]


async def test_of_32_creations_of_one_key_one_wins(engine: Engine) -> None:
    """One order gets the business key; when it is cancelled, the key is free for one more."""
    calls = [engine.apply(creation(f"o{number}", key="k")) for number in range(32)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    (winner,) = [number for number, outcome in enumerate(outcomes) if outcome is None]
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Taken] * 31
    assert await counts(engine) == Counts(orders=1, events=1)

    cancelled = order(f"o{winner}", 2, key="k", status="CANCELLED")
    await engine.apply(Changeset((cancelled,), (), (event(f"o{winner}", 2),)))
    calls = [engine.apply(creation(f"again{number}", key="k")) for number in range(32)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Taken] * 31
    assert await counts(engine) == Counts(orders=2, events=3)


async def test_of_32_creations_of_one_id_one_wins(engine: Engine) -> None:
    """An id comes into being once."""
    calls = [engine.apply(creation("o1", key=f"k{number}")) for number in range(32)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Stale] * 31
    assert await counts(engine) == Counts(orders=1, events=1)


async def test_an_update_and_a_drop_race_for_one_version(engine: Engine) -> None:
    """Of eight updates and eight drops of one version one is written."""
    await engine.apply(creation("o1"))
    calls = [engine.apply(edit("o1", 2, by=str(number))) for number in range(8)]
    calls += [engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, "o1", 1),))) for _ in range(8)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Stale] * 15


async def test_chains_of_edits_lose_nothing(engine: Engine) -> None:
    """Eight callers who read and write again until they succeed leave every change in history, in order."""
    await engine.apply(creation("o1"))

    async def add(name: str) -> None:
        for _ in range(5):
            while True:
                row = await stored_order(engine, "o1")
                assert row is not None
                try:
                    await engine.apply(edit("o1", row[0] + 1, by=name))
                except Stale:
                    continue
                break

    await asyncio.gather(*(add(f"caller{number}") for number in range(8)))
    events = await history(engine, "o1")
    assert [event[0] for event in events] == list(range(1, 42))
    authors = [event[6] for event in events[1:]]
    assert {author: authors.count(author) for author in authors} == {
        b'{"by":"caller%d"}' % number: 5 for number in range(8)
    }


async def test_two_nodes_race_for_one_version(engine: Engine, second_engine: Engine) -> None:
    """It does not matter over which node the writers come."""
    await engine.apply(creation("o1"))
    calls = [
        node.apply(edit("o1", 2, by=f"{number}{node.name}{side}"))
        for number in range(16)
        for side, node in enumerate((engine, second_engine))
    ]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Stale] * 31
    assert [event[0] for event in await history(second_engine, "o1")] == [1, 2]


async def test_two_nodes_race_for_keys(engine: Engine, second_engine: Engine) -> None:
    """Each of 16 keys that two nodes want in opposite order is given once."""
    there = [engine.apply(creation(f"a{number}", key=f"k{number}")) for number in range(16)]
    back = [second_engine.apply(creation(f"b{number}", key=f"k{number}")) for number in reversed(range(16))]
    outcomes = await asyncio.gather(*there, *back, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Taken] * 16
    assert await counts(engine) == Counts(orders=16, events=16)


async def test_two_nodes_change_many_documents_in_opposite_order(engine: Engine, second_engine: Engine) -> None:
    """Changesets over the same documents in opposite order neither lock each other out nor tear each other apart."""
    names = [f"o{number}" for number in range(12)]
    await engine.apply(Changeset(tuple(order(name) for name in names)))

    async def raise_all(node: Engine, order_of_names: list[str]) -> None:
        for _ in range(5):
            while True:
                row = await stored_order(node, names[0])
                assert row is not None
                puts = tuple(order(name, row[0] + 1) for name in order_of_names)
                try:
                    await node.apply(Changeset(puts))
                except Stale:
                    continue
                break

    await asyncio.gather(raise_all(engine, names), raise_all(second_engine, names[::-1]))
    versions = [(await stored_order(engine, name) or [0])[0] for name in names]
    assert versions == [11] * 12


async def test_a_timer_that_many_set_is_one_timer(engine: Engine) -> None:
    """Of many who move one timer the last one leaves it where he put it; there is never a second."""
    await asyncio.gather(*(engine.apply(Changeset(timers=(timer("o1", 1_000 + number),))) for number in range(32)))
    rows = await timers(engine)
    assert len(rows) == 1
    assert rows[0][2] in range(1_000, 1_032)
