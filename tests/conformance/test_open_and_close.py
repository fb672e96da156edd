"""Opening, closing, and the question whether the database is there."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.db import postgres_writer, sqlite_writer
from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine, SchemaMismatch
from opendoms.db.migrate import migrate
from opendoms.kernel.refusal import Unavailable
from tests.conformance.changesets import Counts, counts, creation, query, stored_order
from tests.databases import run_sql


async def test_closing_finishes_what_was_handed_in(database_url: str) -> None:
    """Every write that was handed in before closing is answered and there after the next start."""
    engine = engine_for(database_url)
    await engine.open()
    calls = [asyncio.ensure_future(engine.apply(creation(f"o{number}"))) for number in range(300)]
    await asyncio.sleep(0)
    await engine.close()
    assert await asyncio.gather(*calls) == [None] * 300
    await engine.open()
    assert await counts(engine) == Counts(orders=300, events=300)
    await engine.close()


async def test_a_closed_engine_takes_nothing(engine: Engine) -> None:
    """After closing, reads, writes and the health check are refused as unavailable."""
    await engine.close()
    with pytest.raises(Unavailable):
        await engine.apply(creation("o1"))
    with pytest.raises(Unavailable):
        await stored_order(engine, "o1")
    with pytest.raises(Unavailable):
        await engine.rows(query("ids"), {"tenant": "acme"})
    with pytest.raises(Unavailable):
        await engine.ping()


async def test_closing_twice_is_fine(engine: Engine) -> None:
    """Whoever closes need not know whether it is closed already."""
    await engine.close()
    await engine.close()


async def test_an_engine_opens_again_after_closing(engine: Engine) -> None:
    """An engine can be closed and opened any number of times."""
    for number in range(3):
        await engine.apply(creation(f"o{number}"))
        await engine.close()
        await engine.open()
    assert await counts(engine) == Counts(orders=3, events=3)


async def test_a_database_without_schema_is_refused_with_the_command_to_run(empty_database_url: str) -> None:
    """An empty database is not opened; the sentence names `opendoms migrate`."""
    engine = engine_for(empty_database_url)
    with pytest.raises(SchemaMismatch, match="opendoms migrate"):
        await engine.open()
    await engine.close()


async def test_a_newer_database_is_refused(database_url: str) -> None:
    """A database that a newer release has migrated is not opened by an older one, nor migrated by it."""
    await run_sql(database_url, "insert into schema_migrations values (9999, '9999_from_the_future', 0)")
    engine = engine_for(database_url)
    with pytest.raises(SchemaMismatch, match="9999"):
        await engine.open()
    await engine.close()
    with pytest.raises(SchemaMismatch, match="9999"):
        await migrate(database_url)


async def test_an_older_database_is_refused(database_url: str) -> None:
    """A database that lacks a migration is not opened."""
    await run_sql(database_url, "delete from schema_migrations")
    engine = engine_for(database_url)
    with pytest.raises(SchemaMismatch, match="0001_foundation"):
        await engine.open()
    await engine.close()


async def test_ping_answers_while_the_database_is_there(engine: Engine) -> None:
    """The health check asks the database, also while it is busy writing."""
    writes = [asyncio.ensure_future(engine.apply(creation(f"o{number}"))) for number in range(50)]
    for _ in range(5):
        await engine.ping()
    await asyncio.gather(*writes)
    await engine.ping()


async def test_too_many_waiting_are_turned_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than may wait are refused as unavailable, and those who wait are served."""
    for writer in (sqlite_writer, postgres_writer):
        monkeypatch.setattr(writer, "WAITING_MAX", 5)
    calls = [asyncio.ensure_future(engine.apply(creation(f"o{number}"))) for number in range(100)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    served = outcomes.count(None)
    assert 5 <= served < 100
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Unavailable] * (100 - served)
    assert await counts(engine) == Counts(orders=served, events=served)
    await engine.apply(creation("later"))
