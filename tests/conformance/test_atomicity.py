"""All of a changeset or nothing of it, whoever it shares a commit with."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.db.engine import Engine, RefusedBySchema
from opendoms.kernel.changeset import Changeset, Drop, Put, Stale, Taken
from opendoms.kernel.refusal import Invalid
from tests.conformance.changesets import (
    TENANT,
    Counts,
    counts,
    creation,
    edit,
    event,
    history,
    order,
    plain,
    stored_order,
    stored_plain,
    timer,
    timers,
)
from tests.conformance.searchable import ORDERS

# What makes a changeset bad, and how it is refused. `held` exists in version 1 and holds the key "held".
BAD: dict[str, tuple[Changeset, type[Exception]]] = {
    "stale update": (Changeset((order("held", 3),)), Stale),
    "update of nothing": (Changeset((order("none", 2),)), Stale),
    "existing id": (Changeset((order("held"),)), Stale),
    "taken key": (Changeset((order("new", key="held"),)), Taken),
    "stale drop": (Changeset(drops=(Drop(ORDERS, TENANT, "held", 2),)), Stale),
    "number of an event": (Changeset(events=(event("held"),)), Stale),
    "hole in history": (Changeset(events=(event("held", 3),)), RefusedBySchema),
    "hole in history behind a document": (Changeset((order("new"),), (), (event("held", 3),)), RefusedBySchema),
    "bad timer behind a document": (
        Changeset((order("spare", 2),), (), (event("spare"),), (timer("held", kind=""),)),
        RefusedBySchema,
    ),
    "bad status": (Changeset((order("new", status="BAD"),)), RefusedBySchema),
    "too large a number": (Changeset((order("new", date=2**63),)), Invalid),
    "bad timer": (Changeset(timers=(timer("held", kind=""),)), RefusedBySchema),
}


async def with_one_held(engine: Engine) -> None:
    """The order that bad changesets collide with, and what good ones change."""
    await engine.apply(creation("held", key="held"))
    await engine.apply(
        Changeset((order("edited"), order("dropped"), order("spare"), plain("settings")), (), (), (timer("moved"),))
    )


def joined(first: Changeset, second: Changeset) -> Changeset:
    """One changeset of two."""
    return Changeset(
        first.puts + second.puts,
        first.drops + second.drops,
        first.events + second.events,
        first.timers + second.timers,
    )


GOOD = Changeset(
    (order("created"), plain("created"), order("edited", 2), plain("settings", 2)),
    (Drop(ORDERS, TENANT, "dropped", 1),),
    (event("created"), event("edited")),
    (timer("created"), timer("moved", None)),
)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("place", ["first", "last"])
async def test_one_bad_part_spoils_the_whole_changeset(
    engine: Engine, bad: tuple[Changeset, type[Exception]], place: str
) -> None:
    """Wherever the bad part stands, no document, event or timer of the changeset is written or removed."""
    await with_one_held(engine)
    before = await counts(engine)
    spoiled = joined(bad[0], GOOD) if place == "first" else joined(GOOD, bad[0])
    with pytest.raises(bad[1]):
        await engine.apply(spoiled)
    assert await counts(engine) == before
    assert await stored_order(engine, "created") is None
    assert await stored_order(engine, "dropped") is not None
    assert (await stored_plain(engine, "settings") or [0])[0] == 1
    assert (await stored_order(engine, "edited") or [0])[0] == 1
    assert [row[1] for row in await timers(engine)] == ["moved"]
    await engine.apply(GOOD)
    assert await counts(engine) == Counts(orders=4, configurations=2, events=3, timers=1)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_neighbours_of_a_refused_changeset_are_kept(
    engine: Engine, bad: tuple[Changeset, type[Exception]]
) -> None:
    """Of changesets that are handed in together, exactly the bad ones are refused and the others are whole."""
    await with_one_held(engine)
    changesets = [bad[0] if number % 5 == 2 else creation(f"n{number}") for number in range(20)]
    outcomes = await asyncio.gather(*map(engine.apply, changesets), return_exceptions=True)
    for number, outcome in enumerate(outcomes):
        if number % 5 == 2:
            assert type(outcome) is bad[1]
        else:
            assert outcome is None
            assert await stored_order(engine, f"n{number}") is not None
            assert len(await history(engine, f"n{number}")) == 1
    assert await counts(engine) == Counts(orders=4 + 16, configurations=1, events=1 + 16, timers=1)


async def test_kinds_of_changesets_mix(engine: Engine) -> None:
    """Creations, edits, drops, timers and configurations handed in together are all written."""
    await asyncio.gather(*(engine.apply(creation(f"o{number}")) for number in range(10)))
    mixed = [
        *(creation(f"new{number}") for number in range(10)),
        *(edit(f"o{number}", 2) for number in range(5)),
        *(Changeset(drops=(Drop(ORDERS, TENANT, f"o{number}", 1),)) for number in range(5, 8)),
        *(Changeset((plain(f"p{number}"),)) for number in range(4)),
        *(Changeset(timers=(timer(f"o{number}"),)) for number in range(8, 10)),
    ]
    assert await asyncio.gather(*map(engine.apply, mixed)) == [None] * len(mixed)
    assert await counts(engine) == Counts(orders=17, configurations=4, events=25, timers=2)


async def test_a_stale_document_among_several_is_named(engine: Engine) -> None:
    """Of several documents in a changeset the refusal names the one that has another version."""
    await engine.apply(Changeset((order("o1"), order("o2"), plain("p1"))))
    await engine.apply(Changeset((plain("p1", 2),)))
    with pytest.raises(Stale) as caught:
        await engine.apply(Changeset((order("o1", 2), order("o2", 2), plain("p1", 2))))
    assert (caught.value.table, caught.value.id) == ("configurations", "p1")
    with pytest.raises(Stale) as caught:
        await engine.apply(Changeset((order("o3"), order("o2"), order("o4"))))
    assert (caught.value.table, caught.value.id) == ("orders", "o2")


async def test_a_cancelled_caller_harms_nobody(engine: Engine) -> None:
    """Who stops waiting learns nothing; everybody else gets his answer, and no write is torn."""
    calls = [asyncio.ensure_future(engine.apply(creation(f"o{number}"))) for number in range(40)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert outcomes[1::2] == [None] * 20
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::2])
    for number in range(1, 40, 2):
        assert await stored_order(engine, f"o{number}") is not None
    for number in range(0, 40, 2):
        written = await stored_order(engine, f"o{number}") is not None
        assert len(await history(engine, f"o{number}")) == int(written)


async def test_an_empty_changeset_is_nothing(engine: Engine) -> None:
    """Applying nothing writes nothing and fails at nothing."""
    await engine.apply(Changeset())
    assert await counts(engine) == Counts()


async def test_a_large_changeset_is_one_write(engine: Engine) -> None:
    """A thousand documents with their events go in together, or not at all."""
    puts = tuple(order(f"o{number:04}") for number in range(1000))
    events = tuple(event(f"o{number:04}") for number in range(1000))
    spoiled: tuple[Put, ...] = (*puts, order("o0500"))
    with pytest.raises(Stale):
        await engine.apply(Changeset(spoiled, (), events))
    assert await counts(engine) == Counts()
    await engine.apply(Changeset(puts, (), events))
    assert await counts(engine) == Counts(orders=1000, events=1000)
