"""Every named read is served by an index and sorts nothing: on both engines, asked of their planners."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import opendoms
from opendoms.db.sqlfile import Queries, Query
from tests.databases import run_sql

# Without these the planner of PostgreSQL reads small tables whole, which is right for it and tells nothing.
SETTINGS = ("set enable_seqscan = off", "set enable_bitmapscan = off")
# Parameters that are numbers; all others are texts or lists.
NUMBERS = {"size", "limit", "until", "number", "transaction", "highest", "seq", "at", "since", "now", "position", "xid"}
# What one task per process asks now and then, not a request; its own tests look at it.
LEFT_OUT = {"timers"}
# What SQLite calls a scan and is none of a table: a parameter's values, no table at all, the rows of an inner select.
NO_TABLE = re.compile(r"SCAN (json_each|CONSTANT ROW|\(subquery-\d+\)|counted)")
QUERIES = {
    f"{file.parent.name}.{name}": query
    for file in sorted(Path(opendoms.__file__).parent.glob("*/queries.sql"))
    for name, query in Queries(f"opendoms.{file.parent.name}").all().items()
    if file.parent.name not in LEFT_OUT
}


def literal(name: str, kind: str, sql: str) -> str:
    """A value of the kind that the parameter of this name has."""
    if name in NUMBERS or (name == "after" and "seq > " in sql):
        return "10"
    if name == "anonymized":
        return "false"
    if kind == "postgres" and (f"any({name})" in sql or f"unnest(${name}:" in sql):
        return "'{1}'"
    return "'[\"x\"]'" if f"json_each(:{name})" in sql else "'x'"


async def plan_of(query: Query, kind: str, url: str) -> str:
    """What the planner would do. PostgreSQL is kept from reading small tables whole, which it rightly prefers."""
    if kind == "sqlite":
        bare = re.sub(r"--[^\n]*", "", query.sqlite)
        sql = re.sub(r":([a-z_]+)", lambda match: literal(match[1], kind, bare), bare)
        return "\n".join(str(row[3]) for row in await run_sql(url, f"explain query plan {sql}"))
    named = re.sub(r"\$(\d+)", lambda match: f"${query.order[int(match[1]) - 1]}", query.postgres)
    bare = re.sub(r"any\(\$(\w+)[^)]*\)", r"any(\1)", named)
    sql = re.sub(r"\$([a-z_]+)", lambda match: literal(match[1], kind, bare), named)
    rows = await run_sql(url, *SETTINGS, f"explain (costs off) {sql}")
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("name", QUERIES)
async def test_a_read_is_served_by_an_index(name: str, database_kind: str, database_url: str) -> None:
    """No table is read whole, and nothing is sorted: the index has the order already."""
    plan = await plan_of(QUERIES[name], database_kind, database_url)
    if database_kind == "sqlite":
        assert re.search(r"SEARCH \w+ USING (COVERING |)INDEX|SEARCH \w+ USING PRIMARY KEY", plan), plan
        assert "SCAN" not in NO_TABLE.sub("", plan), plan
        assert "TEMP B-TREE" not in plan, plan
    else:
        assert "Index" in plan, plan
        assert "Seq Scan" not in plan, plan
        assert "Sort" not in plan, plan
