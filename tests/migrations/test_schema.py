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
from opendoms.kernel.changeset import Column, Table
from tests.conformance.searchable import ORDERS
from tests.databases import run_sql
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
        try:
            await connection.execute(script)
        finally:
            await connection.close()
        return
    with contextlib.closing(sqlite3.connect(location.path)) as file:
        file.executescript(script)


# Orders with their index, which the hub may leave undeclared as long as nothing searches them.
DECLARED: Final = [ORDERS if table.name == "orders" and not table.search_index else table for table in tables()]
INDEXES: Final = [table.search_index.name for table in DECLARED if table.search_index]
# What SQLite keeps beside the declared columns of a table with a search index: the key of the index.
SEARCH_KEY: Final = Column("search_key", "bigint")


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table.name)
async def test_a_declared_table_is_the_stored_one(database_url: str, database_kind: str, table: Table) -> None:
    """Columns, their order and types, the primary key and the unique indexes of a declaration are the schema's."""
    found = await shape(database_url, table.name)
    types = TYPES[database_kind]
    has_key = table.search_index is not None and database_kind == "sqlite"
    # The key stands wherever the migration that made it has put it.
    own = [(name, type_name.lower()) for name, type_name, _ in found.columns]
    key = (SEARCH_KEY.name, types[SEARCH_KEY.type].lower())
    assert (key in own) == has_key
    assert [column for column in own if column != key] == [
        (name, types[kind].lower()) for name, kind in (*LEADING, *table.columns)
    ]
    assert [required for _, _, required in found.columns[: len(LEADING)]] == [True] * len(LEADING)
    assert found.key == ["tenant", "id"]
    unique = {name: list(columns) for name, columns in table.unique}
    if has_key:
        unique[f"{table.name}_search_key"] = ["search_key"]
    assert found.unique == unique


@pytest.mark.parametrize("table", [table for table in DECLARED if table.search_index], ids=lambda table: table.name)
async def test_a_search_index_is_stored_as_its_engine_wants_it(
    database_url: str, database_kind: str, table: Table
) -> None:
    """PostgreSQL has a slim table with an inverted index, SQLite one of rowids by token that keeps nothing else."""
    assert table.search_index is not None
    name = table.search_index.name
    found = await catalog(database_url)
    if database_kind == "sqlite":
        head, parts, _ = found[f"table {name}"]
        assert head.lower() == f"create virtual table {name} using fts5"
        assert parts == sorted(["terms", "content = ''", "detail = none", "columnsize = 0", "tokenize = 'ascii'"])
    else:
        assert [column[2:4] for column in found["columns"] if column[0] == name] == [
            ("tenant", "text"),
            ("id", "text"),
            ("moment", "bigint"),
            ("terms", "ARRAY"),
        ]
        indexes = " ".join(definition for index, definition in found["indexes"] if index.startswith(name))
        assert "gin (terms)" in indexes
        assert "(tenant, moment, id)" in indexes
    rows = await run_sql(database_url, "select name, rebuilt_tenant from search_indexes order by name")
    assert [tuple(row) for row in rows] == [(each, None) for each in sorted(INDEXES)]
    assert name in INDEXES


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
