"""The feed of events: everything that was committed, once, in order, however many write and from wherever."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest
import structlog.testing

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.db.location import PostgresLocation, location_of
from opendoms.history import position
from opendoms.history.feed import Feed, Wanted
from opendoms.history.position import START, Position
from opendoms.history.pulse import Pulse
from opendoms.history.store import NEWS, QUERIES
from opendoms.kernel.refusal import Invalid
from tests.conformance.changesets import TENANT, creation, edit
from tests.databases import run_sql
from tests.plans.test_plans import plan_of

WRITERS = 20
ORDERS_EACH = 3
VERSIONS = 5
ALL = Wanted(frozenset({"order"}))
WAIT_S = 20.0

# A second process that writes in a transaction of its own, and takes its time.
SLOW_WRITE = """
insert into events (tenant, entity_kind, entity_id, seq, event_id, type, at, actor, cause, document)
values ('acme', 'order', $1, 1, $1, 'TYPE_1', 1, 'slow', 'slow', '{}')
"""


@asynccontextmanager
async def node(url: str) -> AsyncIterator[Engine]:
    """One more process on the same database."""
    engine = engine_for(url)
    await engine.open()
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def pulse_of(engine: Engine, look_s: float = 0.05) -> AsyncIterator[Pulse]:
    """A running pulse."""
    pulse = Pulse(engine, look_s=look_s)
    pulse.start()
    try:
        yield pulse
    finally:
        await pulse.stop()


async def write(engine: Engine, writer: int) -> None:
    """Creates some orders and changes each several times."""
    names = [f"w{writer}-o{number}" for number in range(ORDERS_EACH)]
    for name in names:
        await engine.apply(creation(name))
    for version in range(2, VERSIONS + 1):
        for name in names:
            await engine.apply(edit(name, version))


async def follow(engine: Engine, pulse: Pulse, expected: int) -> list[tuple[str, int]]:
    """Reads page after page while others write, until so many events have come: (entity, seq) as they come."""
    feed, after = Feed(engine), START
    found: list[tuple[str, int]] = []
    bell = pulse.listen(TENANT)
    while len(found) < expected:
        bell.clear()
        page = await feed.page(TENANT, ALL, after, 7)
        found += [(event["entityId"], event["seq"]) for event in map(json.loads, (each.body for each in page.events))]
        after = page.next
        if not page.more and len(found) < expected:
            assert await bell.rung(WAIT_S)
    bell.close()
    # Nothing comes twice, and nothing is left.
    assert (await feed.page(TENANT, ALL, after, 7)).events == []
    return found


async def test_a_reader_beside_20_writers_misses_nothing(engine: Engine, database_url: str, database_kind: str) -> None:
    """Every event comes once, those of each entity in order; on PostgreSQL half of the writers are another node's."""
    expected = WRITERS * ORDERS_EACH * VERSIONS
    async with node(database_url) as second, pulse_of(engine) as pulse, asyncio.timeout(60):
        others = second if database_kind == "postgres" else engine
        reading = asyncio.create_task(follow(engine, pulse, expected))
        await asyncio.gather(*(write(others if number % 2 else engine, number) for number in range(WRITERS)))
        found = await reading
    assert len(found) == len(set(found)) == expected
    by_entity: dict[str, list[int]] = defaultdict(list)
    for name, seq in found:
        by_entity[name].append(seq)
    assert len(by_entity) == WRITERS * ORDERS_EACH
    assert all(seqs == [*range(1, VERSIONS + 1)] for seqs in by_entity.values())


@pytest.fixture
async def postgres(database_kind: str, engine: Engine) -> Engine:
    """The engine, on PostgreSQL only: elsewhere there is one writer."""
    if database_kind != "postgres":
        pytest.skip("one writer: nothing is committed late")
    return engine


async def read(engine: Engine, after: Position = START) -> tuple[list[str], Position]:
    """The entities of a page, and where to go on."""
    page = await Feed(engine).page(TENANT, ALL, after, 100)
    return [json.loads(event.body)["entityId"] for event in page.events], page.next


async def test_a_late_commit_is_not_skipped(postgres: Engine, database_url: str) -> None:
    """What a slow transaction wrote early comes when it commits; until then the feed stops in front of it."""
    await postgres.apply(creation("before"))
    location = location_of(database_url)
    assert isinstance(location, PostgresLocation)
    slow = await asyncpg.connect(location.dsn)
    transaction = slow.transaction()
    await transaction.start()
    await slow.execute(SLOW_WRITE, "slow")
    await postgres.apply(creation("fast"))
    first, after = await read(postgres)
    assert first == ["before"]
    await transaction.commit()
    await slow.close()
    assert (await read(postgres, after))[0] == ["slow", "fast"]


async def test_positions_of_an_older_transaction_may_be_higher(postgres: Engine, database_url: str) -> None:
    """Two transactions take transaction numbers and positions in opposite orders; the feed skips neither."""
    location = location_of(database_url)
    assert isinstance(location, PostgresLocation)
    older, younger = await asyncpg.connect(location.dsn), await asyncpg.connect(location.dsn)
    of_older, of_younger = older.transaction(), younger.transaction()
    await of_older.start()
    await older.execute("select pg_current_xact_id()")
    await of_younger.start()
    await younger.execute(SLOW_WRITE, "younger")
    await older.execute(SLOW_WRITE, "older")
    await of_older.commit()
    first, after = await read(postgres)
    await of_younger.commit()
    second, _ = await read(postgres, after)
    assert (first, second) == (["older"], ["younger"])
    rows = await run_sql(database_url, "select entity_id from events order by position")
    assert rows == [("younger",), ("older",)]
    await older.close()
    await younger.close()


async def test_another_process_s_commit_wakes_who_waits(engine: Engine, database_url: str) -> None:
    """Nothing in this process tells of it; the regular look does, and only for the tenant that it concerns."""
    async with pulse_of(engine) as pulse, node(database_url) as second:
        bell, stranger = pulse.listen(TENANT), pulse.listen("stranger")
        # The first look of all rings for everybody, since nobody knows yet what is new.
        assert await bell.rung(WAIT_S)
        assert await stranger.rung(WAIT_S)
        bell.clear()
        stranger.clear()
        await second.apply(creation("elsewhere"))
        assert await bell.rung(WAIT_S)
        assert not await stranger.rung(0)


async def test_a_commit_of_this_process_wakes_at_once(engine: Engine) -> None:
    """Whoever waits for events of this tenant is woken by the commit itself, without any look at the database."""
    async with pulse_of(engine, look_s=3_600) as pulse:
        bell, stranger = pulse.listen(TENANT), pulse.listen("stranger")
        assert await bell.rung(WAIT_S)
        assert await stranger.rung(WAIT_S)
        bell.clear()
        stranger.clear()
        await engine.apply(creation("here"))
        assert await bell.rung(0)
        assert not await stranger.rung(0)


async def test_the_look_for_news_is_served_by_indexes(database_url: str, database_kind: str) -> None:
    """However many events there are, it reads next to none of them."""
    plan = await plan_of(NEWS.news, database_kind, database_url)
    if database_kind == "sqlite":
        assert "USING COVERING INDEX events_by_position (tenant=? AND position>?)" in plan
        assert "SCAN events" not in plan
    else:
        assert "Index Only Scan using events_by_transaction" in plan
        assert "Filter: (xid" not in plan
        assert "Seq Scan" not in plan


async def test_the_feed_reads_a_range_of_its_index(database_url: str, database_kind: str) -> None:
    """Tenant, position and horizon are all conditions of the index: what was read is not read again."""
    plan = await plan_of(QUERIES.behind, database_kind, database_url)
    if database_kind == "sqlite":
        assert "USING INDEX events_by_position (tenant=? AND position>?)" in plan
    else:
        assert "Index Scan using events_by_transaction" in plan
        assert "Filter" not in plan


async def test_events_of_another_server_are_noticed(postgres: Engine, database_url: str) -> None:
    """After a restore from a dump transactions count anew: whoever follows the feed is heard of in the log, once."""
    await postgres.apply(creation("restored"))
    await run_sql(database_url, "update events set xid = '9000000000'::xid8")
    with structlog.testing.capture_logs() as said:
        async with pulse_of(postgres, look_s=0.01) as pulse:
            assert await pulse.listen(TENANT).rung(WAIT_S)
    assert [line["log_level"] for line in said if line["event"].startswith("events come from another server")] == [
        "error"
    ]
    assert (await read(postgres))[0] == []
    # What an operator is told to do.
    await run_sql(database_url, "update events set xid = '3'")
    assert (await read(postgres))[0] == ["restored"]


def test_a_cursor_comes_back_as_it_was() -> None:
    """For positions of both engines, and for its own tenant only."""
    for place in (START, Position(0, 1), Position(2**63 - 1, 2**63 - 1)):
        cursor = position.written("acme", place)
        assert position.read("acme", cursor, "after") == place
        assert len(cursor) <= position.CURSOR_CHARACTERS_MAX
        with pytest.raises(Invalid):
            position.read("other", cursor, "after")
