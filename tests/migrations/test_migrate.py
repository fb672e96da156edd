"""Migrating: each migration once, in order, whole or not at all, whoever else migrates at the same time."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.engine import SchemaMismatch
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.migrate import MigrationFailed, migrate, pending
from opendoms.db.postgres_migrate import migrate_postgres
from opendoms.db.schema_version import Migration, shipped
from opendoms.db.sqlfile import ENGINE_NAMES, EngineName
from opendoms.db.sqlite_migrate import migrate_sqlite, statements
from tests.databases import run_sql
from tests.migrations.catalog import catalog

FIRST = Migration(1, "0001_first", "create table a (x integer);\ninsert into a values (1);")
SECOND = Migration(2, "0002_second", "create table b (x integer);\ninsert into b select x + 1 from a;")
THIRD = Migration(3, "0003_third", "create table c (x integer);\ninsert into c select x + 1 from b;")
BROKEN = Migration(
    2, "0002_second", "create table b (x integer);\ninsert into b values (1);\ninsert into no_such values (1);"
)
RECORDED = "select number, name from schema_migrations order by number"


async def apply(url: str, *migrations: Migration) -> list[str]:
    """Migrates with these instead of the release's own."""
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        return await asyncio.to_thread(migrate_sqlite, location.path, migrations)
    return await migrate_postgres(location.dsn, migrations)


async def test_an_empty_database_gets_everything(empty_database_url: str, database_kind: EngineName) -> None:
    """Migrating answers with the names of what was applied, and a second time with none; then the engine opens."""
    names = [migration.name for migration in shipped(database_kind)]
    assert await pending(empty_database_url) == names
    assert await migrate(empty_database_url) == names
    assert await pending(empty_database_url) == []
    assert await migrate(empty_database_url) == []
    recorded = await run_sql(
        empty_database_url, "select number, name, applied_at from schema_migrations order by number"
    )
    assert [(number, name) for number, name, _ in recorded] == list(enumerate(names, 1))
    assert all(applied_at > 1_700_000_000_000 for _, _, applied_at in recorded)
    engine = engine_for(empty_database_url)
    await engine.open()
    await engine.ping()
    await engine.close()


async def test_only_what_is_missing_is_applied(empty_database_url: str) -> None:
    """A database that has some migrations gets the others, in order."""
    assert await apply(empty_database_url, FIRST) == ["0001_first"]
    assert await apply(empty_database_url, FIRST, SECOND, THIRD) == ["0002_second", "0003_third"]
    assert await run_sql(empty_database_url, "select x from c") == [(3,)]


async def test_migrators_at_once_apply_each_migration_once(empty_database_url: str) -> None:
    """Eight nodes that start together share the work: each migration is applied and recorded once, by one of them."""
    shares = await asyncio.gather(*(apply(empty_database_url, FIRST, SECOND, THIRD) for _ in range(8)))
    assert sorted(name for share in shares for name in share) == ["0001_first", "0002_second", "0003_third"]
    assert await run_sql(empty_database_url, RECORDED) == [(1, "0001_first"), (2, "0002_second"), (3, "0003_third")]
    for table, value in (("a", 1), ("b", 2), ("c", 3)):
        assert await run_sql(empty_database_url, f"select x from {table}") == [(value,)]  # noqa: S608 - named here


async def test_a_failed_migration_leaves_nothing(empty_database_url: str) -> None:
    """Neither its tables nor its record; those before it stay, those behind it wait; mended, it is applied."""
    await apply(empty_database_url, FIRST)
    before = await catalog(empty_database_url)
    with pytest.raises(MigrationFailed, match=r"0002_second.*no_such"):
        await apply(empty_database_url, FIRST, BROKEN, THIRD)
    assert await catalog(empty_database_url) == before
    assert await run_sql(empty_database_url, RECORDED) == [(1, "0001_first")]
    assert await apply(empty_database_url, FIRST, SECOND, THIRD) == ["0002_second", "0003_third"]
    assert await run_sql(empty_database_url, "select x from c") == [(3,)]


async def test_a_first_migration_that_fails_leaves_an_empty_database(empty_database_url: str) -> None:
    """Not even the table of records is made by a run that achieves nothing."""
    broken = BROKEN._replace(number=1, name="0001_first")
    with pytest.raises(MigrationFailed, match="0001_first"):
        await apply(empty_database_url, broken)
    assert not any((await catalog(empty_database_url)).values())


async def test_a_newer_database_is_left_alone(empty_database_url: str) -> None:
    """An older release neither migrates nor changes what a newer one has made."""
    await apply(empty_database_url, FIRST, SECOND, THIRD)
    before = await catalog(empty_database_url)
    with pytest.raises(SchemaMismatch, match="migration 3"):
        await apply(empty_database_url, FIRST, SECOND)
    assert await catalog(empty_database_url) == before


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_the_release_s_migrations_are_numbered_without_holes(engine: EngineName) -> None:
    """Both engines have the same migrations by number and name."""
    found = shipped(engine)
    assert [migration.number for migration in found] == list(range(1, len(found) + 1))
    assert [migration.name for migration in found] == [migration.name for migration in shipped("sqlite")]
    assert found[0].name == "0001_foundation"


@pytest.mark.parametrize("names", [["0002_a.sql"], ["0001_a.sql", "0001_b.sql"], ["0001_a.sql", "0003_c.sql"]])
def test_a_hole_in_the_numbers_is_found(names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release with a number missing or twice does not migrate at all."""
    folder = tmp_path / "migrations" / "sqlite"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("select 1;")
    (folder / "README.md").write_text("not a migration")
    monkeypatch.setattr("opendoms.db.schema_version.resources.files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="1, 2, 3"):
        shipped("sqlite")


def test_statements_end_where_sqlite_says() -> None:
    """A semicolon inside a trigger, a text or a comment ends no statement."""
    script = (
        "-- first; not a statement\n"
        "create table t (a text default 'x;y'); -- behind; it\n"
        "create trigger g before insert on t begin select 1; select raise(abort, 'no; never'); end;\n"
        "/* a ; block */ insert into t values ('z');\n\n-- the end; really\n"
    )
    assert list(statements(script)) == [
        "-- first; not a statement\ncreate table t (a text default 'x;y');",
        "-- behind; it\ncreate trigger g before insert on t begin select 1; select raise(abort, 'no; never'); end;",
        "/* a ; block */ insert into t values ('z');",
    ]


def test_a_script_that_breaks_off_is_refused() -> None:
    """A last statement without its end is a mistake in the file, not something to leave out."""
    with pytest.raises(sqlite3.ProgrammingError, match="does not end"):
        list(statements("create table t (a text);\ninsert into t values (1)"))


async def test_listings_from_before_promises_are_found_by_them(
    empty_database_url: str, database_kind: EngineName
) -> None:
    """What a promise asks of a listing is read out of the listings that are stored already."""
    migrations = shipped(database_kind)
    place = next(number for number, each in enumerate(migrations) if each.name.endswith("_promises"))
    await apply(empty_database_url, *migrations[:place])
    config = (
        '{"preorder":{"availabilityTimeframe":{"start":"2027-01-02T03:04:05.678Z"}},"restock":{"restockableInDays":7}}'
    )
    documents = (
        '{"status":"INACTIVE"}',
        '{"status":"ACTIVE","outOfStockBehaviour":"PREORDER","availabilityTimeframe":{"start":"1970-01-01T00:00:01.000Z"}}',
        f'{{"status":"ACTIVE","outOfStockBehaviour":"PREORDER_AND_RESTOCK","outOfStockConfig":{config}}}',
    )
    into = "insert into listings (tenant, id, version, document, facility_ref, tenant_article_id) values"
    for number, document in enumerate(documents):
        await run_sql(empty_database_url, f"{into} ('t', '{number}', 1, '{document}', 'f', '{number}')")
    await apply(empty_database_url, *migrations)
    found = await run_sql(
        empty_database_url, "select status, behaviour, preorder_from, restock_days from listings order by id"
    )
    assert found == [
        ("INACTIVE", "NONE", None, None),
        ("ACTIVE", "PREORDER", 1_000, None),
        ("ACTIVE", "PREORDER_AND_RESTOCK", 1_798_859_045_678, 7),
    ]
