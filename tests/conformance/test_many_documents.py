"""Changesets of many new documents, which engines may write several rows at a time."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset
from tests.conformance.changesets import Counts, counts, creation, event, history, order, plain, stored_order
from tests.conformance.test_atomicity import BAD, joined, with_one_held

MANY = 60


def many(prefix: str = "many") -> Changeset:
    """New orders with keys and events of their own."""
    names = [f"{prefix}{number:03}" for number in range(MANY)]
    return Changeset(tuple(order(name, key=name) for name in names), (), tuple(event(name) for name in names))


async def test_many_new_documents_are_stored_with_their_events(engine: Engine) -> None:
    """Every one as it was handed in; several such changesets at once, and one of two tables, are no different."""
    mixed = joined(many("mixed"), Changeset((plain("settings"),)))
    await asyncio.gather(engine.apply(many("a")), engine.apply(many("b")), engine.apply(mixed))
    assert await counts(engine) == Counts(orders=3 * MANY, configurations=1, events=3 * MANY)
    for name in ("a000", "a024", "a025", "a059", "b030", "mixed059"):
        row = await stored_order(engine, name)
        assert row is not None
        assert (row[0], row[1], row[3]) == (1, b'{"id":"%s","version":1}' % name.encode(), name)
        assert [told[1] for told in await history(engine, name)] == [f"event-{name}-1"]


@pytest.mark.parametrize("name", BAD)
async def test_one_bad_part_refuses_all_of_many(engine: Engine, name: str) -> None:
    """It is named as it is by itself, nothing of the many is there, and a neighbour in the same commit is stored."""
    bad, refused = BAD[name]
    await with_one_held(engine)
    before = await counts(engine)
    outcomes = await asyncio.gather(
        engine.apply(joined(many(), bad)), engine.apply(creation("good")), return_exceptions=True
    )
    assert type(outcomes[0]) is refused
    assert outcomes[1] is None
    assert await counts(engine) == before._replace(orders=before.orders + 1, events=before.events + 1)
    assert await stored_order(engine, "many000") is None
