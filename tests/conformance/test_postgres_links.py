"""What only PostgreSQL has: connections that break, statements that are grouped, a server that is not ours alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.db.engine import Engine, TooSlow
from opendoms.db.migrate import migrate
from opendoms.db.postgres import PostgresEngine
from opendoms.db.postgres_link import LinkLost, Links
from opendoms.db.postgres_writer import GROUP_MAX, REPEATS_MAX
from opendoms.db.sqlfile import parse
from opendoms.kernel.changeset import Changeset, Stale
from opendoms.kernel.refusal import Unavailable
from tests.conformance.changesets import (
    Counts,
    counts,
    creation,
    edit,
    history,
    order,
    plain,
    stored_order,
    stored_plain,
)
from tests.databases import PostgresServer, run_sql

pytestmark = pytest.mark.postgres

KILL = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where datname = current_database() and application_name = 'opendoms'"
)


@pytest.fixture
def database_kind() -> str:
    """These tests are about PostgreSQL only."""
    return "postgres"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[PostgresEngine]:
    """An open engine on a fresh database."""
    engine = PostgresEngine(database_url)
    await engine.open()
    yield engine
    await engine.close()


def rows_per_entity(rows: list[tuple[Any, ...]]) -> dict[str, list[int]]:
    """The numbers of the events of each entity."""
    found: dict[str, list[int]] = {}
    for entity_id, seq in rows:
        found.setdefault(entity_id, []).append(seq)
    return found


async def test_killed_connections_under_load_double_and_lose_nothing(engine: Engine, database_url: str) -> None:
    """While every connection is killed again and again, each answered write is there once, with its history."""
    answered: dict[str, int] = {}
    uncertain: set[str] = set()
    progress, stopping = asyncio.Semaphore(0), asyncio.Event()

    async def work(caller: int) -> None:
        turn = 0
        while not stopping.is_set():
            name = f"o{caller}-{turn}"
            turn += 1
            try:
                await engine.apply(creation(name, key=f"key-{name}"))
                answered[name] = 1
                progress.release()
                await engine.apply(edit(name, 2))
                answered[name] = 2
            except Unavailable:
                uncertain.add(name)

    async def kill() -> None:
        for _ in range(15):
            await run_sql(database_url, KILL)
            for _ in range(40):
                await progress.acquire()
        stopping.set()

    await asyncio.gather(kill(), *(work(caller) for caller in range(32)))
    versions = dict(await run_sql(database_url, "select id, version from orders"))
    events = rows_per_entity(await run_sql(database_url, "select entity_id, seq from events order by position"))
    assert versions.keys() - uncertain == answered.keys() - uncertain
    for name, version in answered.items():
        assert versions[name] == version or (name in uncertain and versions[name] == version + 1)
    for name, version in versions.items():
        assert events[name] == list(range(1, version + 1))
    assert events.keys() == versions.keys()
    assert len(answered) >= 600


async def test_reads_survive_a_killed_connection(engine: Engine, database_url: str) -> None:
    """A read whose connection breaks is answered over another one."""
    await engine.apply(creation("o1"))
    slow = parse("-- name: slow\nselect count(*) from generate_series(1, 2000000) as n where n % 7 = :rest")["slow"]
    for _ in range(5):
        read = asyncio.ensure_future(engine.rows(slow, {"rest": 3}))
        await asyncio.sleep(0.02)
        await run_sql(database_url, KILL)
        assert [list(row) for row in await read] == [[285_714]]
        assert await stored_order(engine, "o1") is not None


async def test_a_read_that_was_too_slow_runs_on_nowhere(engine: Engine, database_url: str) -> None:
    """Once a caller hears that his read was too slow, the server works on it no longer."""
    slow = parse("-- name: slow\nselect count(*) from generate_series(1, 2000000000) as n where n = :rest")["slow"]
    with pytest.raises(TooSlow):
        await engine.rows(slow, {"rest": 3}, within_ms=30)
    running = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and state = 'active' and pid <> pg_backend_pid()"
    )
    assert await run_sql(database_url, running) == [(0,)]


def opened(engine: PostgresEngine) -> Any:
    """The connections of an open engine."""
    return engine._store  # noqa: SLF001 - the moment at which one breaks cannot be chosen from outside


class Breaking:
    """Breaks the connection of a write, before the server hears of it or after the server has done it."""

    def __init__(self, engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch, breaks: list[str]) -> None:
        self.breaks = breaks
        links = opened(engine).writing
        take = links.take

        async def take_breaking() -> Any:
            link = await take()
            rows = type(link).rows

            async def broken_rows(sql: str, parameters: Any, *, first: bool = False) -> Any:
                if not sql.startswith("with ") or not self.breaks:
                    return await rows(link, sql, parameters, first=first)
                moment = self.breaks.pop(0)
                if moment == "after":
                    await rows(link, sql, parameters, first=first)
                link.connection.terminate()
                raise LinkLost

            monkeypatch.setattr(link, "rows", broken_rows)
            return link

        monkeypatch.setattr(links, "take", take_breaking)


@pytest.mark.parametrize("breaks", [["before"], ["after"], ["before", "after"], ["before"] * REPEATS_MAX])
async def test_a_write_with_an_event_is_done_once_wherever_its_connection_breaks(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch, breaks: list[str]
) -> None:
    """Lost before the server did it: sent again. Lost after: recognised by its event. Either way it is answered."""
    await engine.apply(creation("o1"))
    Breaking(engine, monkeypatch, list(breaks))
    await engine.apply(edit("o1", 2, by="me"))
    assert [row[0] for row in await history(engine, "o1")] == [1, 2]
    assert (await stored_order(engine, "o1") or [0])[0] == 2


async def test_a_write_with_an_event_whose_connection_keeps_breaking_is_uncertain(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent again a few times, not for ever; the caller hears that its fate is unknown, and it is not there."""
    await engine.apply(creation("o1"))
    Breaking(engine, monkeypatch, ["before"] * (REPEATS_MAX + 1))
    with pytest.raises(Unavailable, match="did not say"):
        await engine.apply(edit("o1", 2))
    assert (await stored_order(engine, "o1") or [0])[0] == 1


@pytest.mark.parametrize(("moment", "version"), [("before", 1), ("after", 2)])
async def test_a_write_without_an_event_is_never_repeated(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch, moment: str, version: int
) -> None:
    """Nothing tells what became of it, so the caller is told just that, and the next write works again."""
    await engine.apply(Changeset((plain("p1"),)))
    Breaking(engine, monkeypatch, [moment])
    with pytest.raises(Unavailable, match="did not say"):
        await engine.apply(Changeset((plain("p1", 2),)))
    assert (await stored_plain(engine, "p1") or [0])[0] == version
    await engine.apply(Changeset((plain("p1", version + 1),)))


async def test_a_lost_write_that_somebody_overtook_is_stale(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another write took the version while the connection was lost, its event is not mistaken for ours."""
    await engine.apply(creation("o1"))
    breaking = Breaking(engine, monkeypatch, ["before"])
    first, second = await asyncio.gather(
        engine.apply(edit("o1", 2, by="lost")), engine.apply(edit("o1", 2, by="other")), return_exceptions=True
    )
    assert breaking.breaks == []
    assert sorted([type(first).__name__, type(second).__name__]) == ["NoneType", "Stale"]
    assert [row[0] for row in await history(engine, "o1")] == [1, 2]


async def test_a_late_commit_of_a_lost_write_is_recognised(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    """A lost statement may commit after the server was asked; the repeat then collides and finds its own event."""
    await engine.apply(creation("o1"))
    late = edit("o1", 2, by="me")
    breaking = Breaking(engine, monkeypatch, ["before"])
    writer = opened(engine).writer
    asked = 0
    is_stored = writer._is_stored  # noqa: SLF001 - the look between the attempts cannot be met from outside

    async def is_stored_then_commit(event: Any) -> bool:
        nonlocal asked
        found: bool = await is_stored(event)
        asked += 1
        if asked == 1:
            assert not found
            other = PostgresEngine(database_url)
            await other.open()
            await other.apply(late)
            await other.close()
        return found

    monkeypatch.setattr(writer, "_is_stored", is_stored_then_commit)
    await engine.apply(late)
    assert (asked, breaking.breaks) == (2, [])
    assert [row[0] for row in await history(engine, "o1")] == [1, 2]


async def test_waiting_changesets_share_statements(engine: Engine, database_url: str) -> None:
    """What is handed in together goes in groups: each statement is one transaction of many changesets."""
    await asyncio.gather(*(engine.apply(creation(f"o{number}")) for number in range(2 * GROUP_MAX)))
    rows = await run_sql(database_url, "select count(*) from events group by xid")
    assert rows == [(GROUP_MAX,), (GROUP_MAX,)]


async def test_writes_on_one_entity_go_one_after_the_other(engine: Engine, database_url: str) -> None:
    """Changesets on one row do not meet in a statement, so a chain that is right is written whole."""
    await engine.apply(creation("o1"))
    await asyncio.gather(*(engine.apply(edit("o1", version)) for version in range(2, 12)))
    assert (await stored_order(engine, "o1") or [0])[0] == 11
    rows = await run_sql(database_url, "select count(*) from events group by xid")
    assert rows == [(1,)] * 11


async def test_ping_fails_when_the_database_is_gone(postgres_server: PostgresServer) -> None:
    """The health check, reads and writes say so when the database is no more."""
    url = postgres_server.create()
    engine = PostgresEngine(url)
    await engine.open()
    await engine.ping()
    postgres_server.drop(url)
    with pytest.raises(Unavailable):
        await engine.ping()
    with pytest.raises(Unavailable):
        await stored_order(engine, "o1")
    with pytest.raises(Unavailable):
        await engine.apply(creation("o1"))
    await engine.close()


async def test_the_connections_are_named_and_without_compilation(engine: Engine) -> None:
    """An operator finds our connections by name; no time is spent on compiling short statements."""
    settings = parse(
        "-- name: q\nselect current_setting('application_name'), current_setting('jit'),"
        " current_setting('statement_timeout'), current_setting('synchronous_commit')"
    )["q"]
    row = await engine.row(settings, {})
    assert list(row or ()) == ["opendoms", "off", "30s", "on"]


async def test_a_write_is_on_disk_even_where_the_server_s_default_is_not_to_wait(
    postgres_server: PostgresServer,
) -> None:
    """A database with synchronous_commit = off does not make an answered write less durable."""
    url = postgres_server.create(migrated=False)
    await migrate(url)
    await run_sql(url, f"alter database {urlsplit(url).path[1:]} set synchronous_commit = off")
    assert await run_sql(url, "show synchronous_commit") == [("off",)]
    link = await Links(url, 1, writes=True).take()
    assert await link.rows("show synchronous_commit", ()) == [["on"]]
    await link.connection.close()
    postgres_server.drop(url)


async def test_documents_are_compressed_by_what_the_server_has(database_url: str) -> None:
    """lz4 where the server was built with it, its own way otherwise."""
    question = parse(
        "-- name: q\nselect setting = 'lz4', 'lz4' = any (enumvals) from pg_settings"
        " where name = 'default_toast_compression'"
    )["q"]
    link = await Links(database_url, 1, writes=True).take()
    ((chosen, available),) = await link.rows(question.postgres, ())
    assert chosen == available
    await link.connection.close()


async def test_no_more_connections_than_asked_for(database_url: str) -> None:
    """However many call at once, the server sees as many connections as were allowed."""
    engine = PostgresEngine(database_url, connections=3)
    await engine.open()
    await asyncio.gather(
        *(engine.apply(creation(f"o{number}")) for number in range(200)),
        *(stored_order(engine, f"o{number}") for number in range(200)),
    )
    count = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'opendoms'"
    assert await run_sql(database_url, count) == [(3,)]
    await engine.close()
    assert await counts_past(database_url) == Counts(orders=200, events=200)


async def counts_past(url: str) -> Counts:
    """The counts over a connection of its own."""
    engine = PostgresEngine(url)
    await engine.open()
    found = await counts(engine)
    await engine.close()
    return found


async def test_a_migration_under_a_running_node_disturbs_nobody(engine: Engine, database_url: str) -> None:
    """Prepared statements survive that a table gets a column."""
    everything = parse("-- name: q\nselect * from orders where id = :id")["q"]
    await engine.apply(creation("o1"))
    columns = len(await engine.row(everything, {"id": "o1"}) or ())
    await run_sql(database_url, "alter table orders add column later text")
    assert len(await engine.row(everything, {"id": "o1"}) or ()) == columns + 1
    await engine.apply(edit("o1", 2))
    with pytest.raises(Stale):
        await engine.apply(Changeset((order("o1", 2),)))


async def test_a_deadlock_with_a_stranger_is_tried_again(engine: Engine, database_url: str) -> None:
    """A statement that the server ends for the sake of somebody else's transaction is sent again."""
    await engine.apply(Changeset((order("a"), order("b"))))
    stranger = await asyncpg.connect(database_url)
    transaction = stranger.transaction()
    await transaction.start()
    await stranger.execute("set local deadlock_timeout = '60s'")
    await stranger.execute("update orders set order_date = 1 where id = 'b'")
    write = asyncio.ensure_future(engine.apply(Changeset((order("a", 2), order("b", 2)))))
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    while await run_sql(database_url, waits) == [(0,)]:  # noqa: ASYNC110 - the server does not call back
        await asyncio.sleep(0.01)
    await stranger.execute("update orders set order_date = 1 where id = 'a'")
    await transaction.rollback()
    await stranger.close()
    await write
    assert (await stored_order(engine, "a") or [0])[0] == 2
    assert (await stored_order(engine, "b") or [0])[0] == 2
