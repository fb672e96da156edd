"""Events: history without holes that nobody rewrites."""

from __future__ import annotations

import pytest

from opendoms.db.engine import Engine, RefusedBySchema
from opendoms.kernel.changeset import Changeset, Stale
from tests.conformance.changesets import (
    NOW,
    Counts,
    counts,
    creation,
    edit,
    event,
    history,
    order,
    stored_order,
)
from tests.databases import run_sql


async def test_an_event_comes_back_as_it_was_written(engine: Engine) -> None:
    """Every member of an event is kept, document and detail byte for byte."""
    document, detail = '{"title":"grün 👕"}'.encode(), b'{ "changes" : [1.0] }'
    await engine.apply(Changeset((order("o1"),), (), (event("o1", document=document, detail=detail),)))
    (row,) = await history(engine, "o1")
    assert row == (1, "event-o1-1", "TYPE_1", NOW + 1, "actor", "cause", document, detail)


async def test_an_event_may_have_no_detail(engine: Engine) -> None:
    """No detail is None, not an empty text."""
    await engine.apply(creation("o1"))
    (row,) = await history(engine, "o1")
    assert row[7] is None


async def test_history_follows_the_versions(engine: Engine) -> None:
    """Each change adds one event, numbered as the version."""
    await engine.apply(creation("o1"))
    for version in range(2, 6):
        await engine.apply(edit("o1", version))
    assert [row[0] for row in await history(engine, "o1")] == [1, 2, 3, 4, 5]


async def test_a_changeset_may_hold_several_events_of_one_entity(engine: Engine) -> None:
    """Events of one changeset follow each other."""
    await engine.apply(Changeset(events=(event("o1"), event("o1", 2), event("o1", 3))))
    assert [row[0] for row in await history(engine, "o1")] == [1, 2, 3]


@pytest.mark.parametrize("seq", [2, 4, 0, -1])
async def test_an_event_out_of_line_is_refused(engine: Engine, seq: int) -> None:
    """A hole in history, or a number below 1, is a bug; neither the event nor its document is written."""
    await engine.apply(creation("o1"))
    if seq == 2:
        await engine.apply(edit("o1", 2))
        await engine.apply(edit("o1", 3))
        seq = 5
    before = await counts(engine)
    with pytest.raises(RefusedBySchema):
        await engine.apply(Changeset((order("o2"),), (), (event("o1", seq),)))
    assert await counts(engine) == before


async def test_a_number_is_given_once(engine: Engine) -> None:
    """A second event with a number that exists is stale, and nothing of its changeset is written."""
    await engine.apply(creation("o1"))
    with pytest.raises(Stale) as caught:
        await engine.apply(Changeset((order("o2"),), (), (event("o1", event_id="other"),)))
    assert (caught.value.table, caught.value.id) == ("events", "o1")
    assert await counts(engine) == Counts(orders=1, events=1)


async def test_each_entity_and_tenant_counts_for_itself(engine: Engine) -> None:
    """Numbers of one entity do not depend on another's."""
    await engine.apply(creation("o1"))
    await engine.apply(creation("o2"))
    await engine.apply(Changeset(events=(event("o1", tenant="other"),)))
    await engine.apply(edit("o1", 2))
    assert [row[0] for row in await history(engine, "o1")] == [1, 2]
    assert [row[0] for row in await history(engine, "o1", "other")] == [1]


@pytest.mark.parametrize(
    "change",
    [
        "seq = 7",
        "event_id = 'other'",
        "type = 'other'",
        "at = 1",
        "tenant = 'other'",
        "entity_id = 'o2'",
        "entity_kind = 'other'",
    ],
)
async def test_nobody_rewrites_history(engine: Engine, database_url: str, change: str) -> None:
    """The schema itself refuses to change what an event says about when, what and which, even past the engine."""
    await engine.apply(creation("o1"))
    before = await history(engine, "o1")
    with pytest.raises(Exception, match="history is append-only"):
        await run_sql(database_url, f"update events set {change}")  # noqa: S608 - the parameters above
    assert await history(engine, "o1") == before


async def test_a_person_can_be_forgotten(engine: Engine, database_url: str) -> None:
    """The document of an event may be replaced: anonymisation reaches into history."""
    await engine.apply(creation("o1"))
    await run_sql(database_url, """update events set document = '{"name":"ANONYMIZED"}', actor = 'ANONYMIZED'""")
    (row,) = await history(engine, "o1")
    assert (row[4], row[6]) == ("ANONYMIZED", b'{"name":"ANONYMIZED"}')


async def test_positions_rise(engine: Engine, database_url: str) -> None:
    """Events written one after the other have rising positions."""
    for number in range(5):
        await engine.apply(creation(f"o{number}"))
    rows = await run_sql(database_url, "select entity_id from events order by position")
    assert rows == [("o0",), ("o1",), ("o2",), ("o3",), ("o4",)]
    assert await stored_order(engine, "o4") is not None
