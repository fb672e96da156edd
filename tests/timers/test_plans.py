"""However many timers there are, claims and looks go along the index on due times and stop early."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.db.engine import Engine
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.postgres_link import WRITE_SETTINGS
from opendoms.db.sqlfile import Query
from opendoms.db.timers import QUERIES as WRITES
from opendoms.db.timers import Claim
from opendoms.timers.store import QUERIES as READS
from tests.databases import run_sql
from tests.timers.runners import KIND, timer, timers

# Few are due: of a table that is due as a whole, the planner rightly reads the whole.
TIMERS, DUE = 5_000, 50
VALUES: dict[str, Any] = Claim("a", [KIND], DUE, DUE, 2 * DUE, 32).values()


async def plan_of(query: Query, url: str, settings: dict[str, str]) -> str:
    """What the planner would do for every tenant."""
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        bound = {name: '["x"]' if isinstance(value, list) else value for name, value in VALUES.items()}
        with closing(sqlite3.connect(location.path)) as file:
            return "\n".join(str(row[3]) for row in file.execute(f"explain query plan {query.sqlite}", bound))
    connection = await asyncpg.connect(location.dsn, server_settings=settings)
    try:
        rows = await connection.fetch(f"explain (costs off) {query.postgres}", *[VALUES[name] for name in query.order])
    finally:
        await connection.close()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("query", "settings", "walks"),
    [
        pytest.param(WRITES.claim_timers, WRITE_SETTINGS, 1, id="claim"),
        pytest.param(READS.next_look, {}, 2, id="look"),
    ],
)
async def test_due_times_are_found_by_index(
    query: Query, settings: dict[str, str], walks: int, engine: Engine, database_url: str
) -> None:
    """Nothing is sorted and no table is read whole, so a backlog costs a claim no more than its own timers."""
    await engine.apply(timers(*(timer(f"o{number}", number) for number in range(TIMERS))))
    await run_sql(database_url, "analyze timers")
    plan = await plan_of(query, database_url, settings)
    if engine.name == "sqlite":
        assert len(re.findall(r"SEARCH timers USING (?:COVERING )?INDEX timers_due", plan)) == walks, plan
        assert "SCAN timers" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan
    else:
        assert len(re.findall(r"Index Scan using timers_due", plan)) == walks, plan
        assert "Seq Scan" not in plan, plan
        assert "Sort" not in plan, plan
