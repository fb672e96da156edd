"""Search indexes are built anew: in batches, going on where they stopped, and never half of one is searched."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.db import postgres_reindex, sqlite_reindex
from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine, SchemaMismatch
from opendoms.db.migrate import migrate, pending, reindex
from opendoms.db.sqlite_search import tokens
from opendoms.kernel.changeset import Changeset, Drop, Entry, Put, Table
from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Unavailable
from tests.conformance.changesets import order
from tests.conformance.searchable import MOMENT, entry, index_expected, index_stored, term
from tests.conformance.searchable import ORDERS as STORED_ORDERS
from tests.databases import run_sql

BATCH: Final = 40
REBUILDING_WAITS: Final = (
    "select 1 from pg_stat_activity where datname = current_database()"
    " and application_name = 'opendoms reindex' and wait_event_type = 'Lock'"
)
STATE: Final = "select definition, rebuilt_tenant, rebuilt_id from search_indexes where name = 'order_search'"


def louder(tenant: str, document: Any) -> Entry:
    """What a later release might make of the same document: another moment, and other terms."""
    moment, _ = entry(tenant, document)
    return Entry(moment + 7, tuple(sorted({term(tenant, "ALL"), term(tenant, document["id"].upper())})))


def defined(definition: str, entry_of: Callable[[str, Any], Entry] = entry) -> Table:
    """Orders with an index of this definition."""
    assert STORED_ORDERS.search_index is not None
    return STORED_ORDERS._replace(
        search_index=STORED_ORDERS.search_index._replace(definition=definition, entry=entry_of)
    )


FIRST: Final = defined("first")
SECOND: Final = defined("second", louder)
UNSEARCHED: Final = STORED_ORDERS._replace(search_index=None)


def put(table: Table, name: str, version: int = 1, *, tenant: str = "acme", **members: Any) -> Put:
    """An order in a table."""
    plain = order(name, version, tenant=tenant, document=encode({"id": name, "version": version, **members}))
    return plain._replace(table=table)


async def filled(url: str, table: Table, count: int = 130) -> None:
    """Stores orders of three tenants, some of one moment."""
    engine = engine_for(url)
    await engine.open()
    tenants = ("acme", "bolt", "core")
    for number in range(count):
        moment = MOMENT - number % 17
        await engine.apply(
            Changeset((put(table, f"o{number:03}", tenant=tenants[number % 3], words=["red"], moment=moment),))
        )
    await engine.close()


async def opens(url: str, table: Table) -> bool:
    """Whether an engine opens with this table."""
    engine = engine_for(url, [table])
    try:
        await engine.open()
    except SchemaMismatch as mismatch:
        assert "order_search" in str(mismatch)  # noqa: PT017 - the caller asks for yes or no
        return False
    await engine.close()
    return True


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches for few orders, and little patience."""
    monkeypatch.setattr(sqlite_reindex, "SQLITE_BATCH", BATCH)
    monkeypatch.setattr(postgres_reindex, "POSTGRES_BATCH", BATCH)
    monkeypatch.setattr(sqlite_reindex, "ALONE_MS", 20)


async def test_orders_from_before_the_index_come_into_it(empty_database_url: str) -> None:
    """Migrating builds the index of what is stored already, once; until then no engine opens."""
    await migrate(empty_database_url)
    await filled(empty_database_url, UNSEARCHED)
    assert not await opens(empty_database_url, FIRST)
    assert await index_stored(empty_database_url) == {}
    assert await pending(empty_database_url, [FIRST]) == ["search index order_search"]
    assert await migrate(empty_database_url, [FIRST]) == ["search index order_search"]
    assert await run_sql(empty_database_url, STATE) == [("first", None, None)]
    assert len(await index_stored(empty_database_url)) == 130
    assert await index_stored(empty_database_url) == await index_expected(empty_database_url)
    assert await pending(empty_database_url, [FIRST]) == []
    assert await migrate(empty_database_url, [FIRST]) == []
    assert await opens(empty_database_url, FIRST)


async def test_an_empty_database_is_whole_at_once(empty_database_url: str) -> None:
    """The first migration leaves an index that has the definition of this release."""
    assert (await migrate(empty_database_url, [FIRST]))[-1] == "search index order_search"
    assert await opens(empty_database_url, FIRST)
    assert not await opens(empty_database_url, SECOND)


async def test_another_definition_builds_another_index(empty_database_url: str) -> None:
    """Entries of the old definition are gone, those of the new one are there, and the old release opens no more."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST)
    before = await index_stored(empty_database_url)
    assert not await opens(empty_database_url, SECOND)
    assert await migrate(empty_database_url, [SECOND]) == ["search index order_search"]
    after = await index_stored(empty_database_url)
    assert after == await index_expected(empty_database_url, louder)
    assert after.keys() == before.keys()
    assert not await opens(empty_database_url, FIRST)
    engine = engine_for(empty_database_url, [SECOND])
    await engine.open()
    await engine.apply(Changeset((put(SECOND, "o000", 2),), (Drop(SECOND, "bolt", "o001", 1),)))
    await engine.close()
    assert len(await index_stored(empty_database_url)) == 129
    assert await index_stored(empty_database_url) == await index_expected(empty_database_url, louder)


async def test_a_rebuilding_that_is_broken_off_goes_on_where_it_stopped(empty_database_url: str) -> None:
    """What was done is not done again, nobody opens before the end, and the end is the same as without the break."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST)
    seen: list[tuple[int, int]] = []

    def show(name: str, done: int, total: int) -> None:
        assert name == "order_search"
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await migrate(empty_database_url, [SECOND], show)
    assert seen == [(40, 130), (80, 130)]
    ((definition, *reached),) = await run_sql(empty_database_url, STATE)
    assert definition == "second"
    assert None not in reached
    for table in (FIRST, SECOND):
        assert not await opens(empty_database_url, table)
    assert await pending(empty_database_url, [SECOND]) == ["search index order_search"]
    assert await migrate(empty_database_url, [SECOND], show) == ["search index order_search"]
    assert seen[2:] == [(40, 50), (50, 50)]
    assert await index_stored(empty_database_url) == await index_expected(empty_database_url, louder)
    assert await opens(empty_database_url, SECOND)


async def test_a_damaged_index_is_mended_on_demand(empty_database_url: str) -> None:
    """Entries that are missing, wrong or left over: after rebuilding the index is what is stored."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST)
    whole = await index_stored(empty_database_url)
    await run_sql(empty_database_url, *damage(empty_database_url))
    assert await index_stored(empty_database_url) != whole
    assert await migrate(empty_database_url, [FIRST]) == []
    assert await reindex(empty_database_url, [FIRST]) == {"order_search": 130}
    assert await index_stored(empty_database_url) == whole
    assert await reindex(empty_database_url, [FIRST]) == {"order_search": 130}
    assert await index_stored(empty_database_url) == whole
    assert await opens(empty_database_url, FIRST)


def damage(url: str) -> list[str]:
    """Statements of a careless hand."""
    if url.startswith("sqlite"):
        red = tokens([term("acme", "red")])
        return [
            f"insert into order_search (order_search, rowid, terms) select 'delete', search_key, '{red}' from orders",  # noqa: S608 - ours
            "insert into order_search (rowid, terms) values (17, '0123456789abcdef')",
            "update orders set search_key = null where tenant = 'bolt'",
            "update orders set search_key = search_key + (1 << 30) where tenant = 'core'",
        ]
    return [
        "delete from order_search where tenant = 'acme'",
        "update order_search set terms = '{1,2}', moment = 3 where tenant = 'bolt' and id < 'o050'",
        "insert into order_search values ('acme', 'nobody', 1, '{}'), ('zeta', 'nobody', 1, '{}'), ('a', 'b', 1, '{}')",
    ]


async def test_a_schema_of_another_release_is_not_reindexed(empty_database_url: str) -> None:
    """What is not migrated has no index to build."""
    with pytest.raises(SchemaMismatch, match="migrate"):
        await reindex(empty_database_url, [FIRST])


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"])
async def test_writes_go_on_while_an_index_is_rebuilt(empty_database_url: str) -> None:
    """Creations, edits and removals beside two rebuildings are all answered, and the index is what is stored."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST)
    await run_sql(empty_database_url, *damage(empty_database_url))
    engine = engine_for(empty_database_url, [FIRST])
    await engine.open()
    rebuilding = asyncio.gather(*(reindex(empty_database_url, [FIRST]) for _ in range(2)))
    written = 0
    while not rebuilding.done():
        await asyncio.gather(*(write(engine, FIRST, f"new{written}-{number}") for number in range(8)))
        written += 8
    assert [set(done) for done in await rebuilding] == [{"order_search"}] * 2
    await engine.close()
    assert written >= 16
    assert await index_stored(empty_database_url) == await index_expected(empty_database_url)


async def write(engine: Engine, table: Table, name: str) -> None:
    """An order that is created, edited, and sometimes removed."""
    await engine.apply(Changeset((put(table, name),)))
    await engine.apply(Changeset((put(table, name, 2, words=["blue"], moment=1),)))
    if name.endswith("3"):
        await engine.apply(Changeset(drops=(Drop(table, "acme", name, 2),)))


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"])
async def test_a_write_on_its_way_is_waited_for(empty_database_url: str) -> None:
    """A rebuilding does not put the entry of an order that somebody is changing just then, but that of the new one."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST, 3)
    document = encode({"id": "o000", "words": ["changed"]}).decode()
    moment, terms = entry("acme", decode(document))
    writer = await asyncpg.connect(empty_database_url)
    writing = writer.transaction()
    await writing.start()
    await writer.execute("update orders set version = 2, document = $1 where id = 'o000'", document)
    await writer.execute("update order_search set moment = $1, terms = $2 where id = 'o000'", moment, list(terms))
    rebuilding = asyncio.ensure_future(reindex(empty_database_url, [FIRST]))
    while not rebuilding.done() and not await run_sql(empty_database_url, REBUILDING_WAITS):
        pass
    await writing.commit()
    await writer.close()
    assert await rebuilding == {"order_search": 3}
    assert (await index_stored(empty_database_url))["acme", "o000"] == (moment, frozenset(terms))
    assert await index_stored(empty_database_url) == await index_expected(empty_database_url)


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"])
async def test_a_node_of_another_release_is_shut_out(empty_database_url: str) -> None:
    """From the moment that an index is built by a later definition, an earlier node's writes are refused whole."""
    await migrate(empty_database_url, [FIRST])
    node = engine_for(empty_database_url, [FIRST])
    await node.open()
    await write(node, FIRST, "o1")
    await migrate(empty_database_url, [SECOND])
    stored = await run_sql(empty_database_url, "select id, version, document from orders")
    for changeset in (Changeset((put(FIRST, "o2"),)), Changeset((put(FIRST, "o1", 3),))):
        with pytest.raises(Unavailable, match="another release"):
            await node.apply(changeset)
    refused = await asyncio.gather(
        *(node.apply(Changeset((put(FIRST, f"n{n}"),))) for n in range(5)), return_exceptions=True
    )
    assert [type(outcome) for outcome in refused] == [Unavailable] * 5
    assert await run_sql(empty_database_url, "select id, version, document from orders") == stored
    await node.apply(Changeset(drops=(Drop(FIRST, "acme", "o1", 2),)))
    await node.close()
    assert await index_stored(empty_database_url) == {}


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_a_file_that_is_open_elsewhere_is_not_rebuilt(empty_database_url: str) -> None:
    """A server that runs on the file would search half an index: the rebuilding is refused and changes nothing."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST, 5)
    server = engine_for(empty_database_url, [FIRST])
    await server.open()
    before = await index_stored(empty_database_url)
    with pytest.raises(Unavailable, match="another process"):
        await reindex(empty_database_url, [FIRST])
    with pytest.raises(Unavailable, match="another process"):
        await migrate(empty_database_url, [SECOND])
    assert await index_stored(empty_database_url) == before
    assert await run_sql(empty_database_url, STATE) == [("first", None, None)]
    await server.apply(Changeset((put(FIRST, "after"),)))
    await server.close()
    assert await reindex(empty_database_url, [FIRST]) == {"order_search": 6}


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_nobody_opens_a_file_while_it_is_rebuilt(empty_database_url: str) -> None:
    """Another process gets no access before the end, and then finds the index whole."""
    await migrate(empty_database_url, [FIRST])
    await filled(empty_database_url, FIRST)
    path = empty_database_url.removeprefix("sqlite:///")
    locked = 0

    def look(_name: str, _done: int, _total: int) -> None:
        nonlocal locked
        other = sqlite3.connect(path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("select count(*) from orders")
        other.close()
        locked += 1

    assert await migrate(empty_database_url, [SECOND], look) == ["search index order_search"]
    assert locked == 4
    assert await opens(empty_database_url, SECOND)
