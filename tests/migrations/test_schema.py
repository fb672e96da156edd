"""One schema, told three times: by migrations, by the schema file, by the declarations of tables."""

from __future__ import annotations

import contextlib
import sqlite3
from importlib import resources
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.app import tables
from opendoms.db.location import PostgresLocation, location_of
from opendoms.kernel.changeset import Table
from tests.migrations.catalog import catalog, shape

TYPES: Final = {
    "sqlite": {"text": "TEXT", "bigint": "INTEGER", "boolean": "INTEGER", "bytes": "BLOB"},
    "postgres": {"text": "text", "bigint": "bigint", "boolean": "boolean", "bytes": "bytea"},
}
LEADING: Final = (("tenant", "text"), ("id", "text"), ("version", "bigint"), ("document", "text"))


async def test_the_schema_file_is_all_migrations_together(
    database_url: str, empty_database_url: str, database_kind: str
) -> None:
    """A database made by the schema file has the same catalog as one that was migrated."""
    script = resources.files("opendoms.db").joinpath("schema", f"{database_kind}.sql").read_text("utf-8")
    await run_script(empty_database_url, script)
    migrated, made = await catalog(database_url), await catalog(empty_database_url)
    assert made == migrated
    assert len(str(migrated)) > 2_000, "an empty catalog would equal anything"


async def run_script(url: str, script: str) -> None:
    """Runs a whole file of SQL."""
    location = location_of(url)
    if isinstance(location, PostgresLocation):
        connection = await asyncpg.connect(location.dsn)
        await connection.execute(script)
        await connection.close()
        return
    with contextlib.closing(sqlite3.connect(location.path)) as file:
        file.executescript(script)


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
async def test_a_declared_table_is_the_stored_one(database_url: str, database_kind: str, table: Table) -> None:
    """Columns, their order and types, the primary key and the unique indexes of a declaration are the schema's."""
    found = await shape(database_url, table.name)
    types = TYPES[database_kind]
    declared = [*LEADING, *((column.name, column.type) for column in table.columns)]
    assert [(name, type_name.lower()) for name, type_name, _ in found.columns] == [
        (name, types[kind].lower()) for name, kind in declared
    ]
    assert [required for _, _, required in found.columns[: len(LEADING)]] == [True] * len(LEADING)
    assert found.key == ["tenant", "id"]
    assert found.unique == {name: list(columns) for name, columns in table.unique}


async def test_every_table_of_documents_is_declared(database_url: str, database_kind: str) -> None:
    """No table with a document column is unknown to the hub, save history."""
    found = await catalog(database_url)
    if database_kind == "sqlite":
        with_document = {
            name.removeprefix("columns ")
            for name, columns in found.items()
            if name.startswith("columns ") and "document" in [column[1] for column in columns]
        }
    else:
        with_document = {column[0] for column in found["columns"] if column[2] == "document"}
    assert with_document - {"events"} == {table.name for table in tables()}
