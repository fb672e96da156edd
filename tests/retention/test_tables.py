"""Every table is known to retention, and so is what it has to do with persons."""

from __future__ import annotations

from opendoms.app import tables as declared
from opendoms.retention.copies import TABLES
from tests.databases import run_sql


async def test_no_table_is_forgotten(database_url: str, database_kind: str) -> None:
    """Whoever makes a table says whether it holds copies of what persons are taken out of."""
    sql = "select tablename from pg_tables where schemaname = 'public'"
    if database_kind == "sqlite":
        shadows = "name like 'order_search_%' or name like 'order_record_search_%' or name like 'sqlite_%'"
        sql = f"select name from sqlite_schema where type = 'table' and not ({shadows})"  # noqa: S608 - our own names
    stored = {row[0] for row in await run_sql(database_url, sql)}
    assert stored - TABLES.keys() == set(), "say in retention/copies.py what these hold"
    assert TABLES.keys() - stored == set(), "these are gone"
    assert {table.name for table in declared()} <= TABLES.keys()
