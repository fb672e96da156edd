"""What connections to PostgreSQL learn from each other, and what not."""

from __future__ import annotations

from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.db import postgres_types
from opendoms.db.postgres_link import Links
from tests.databases import PostgresServer, run_sql

pytestmark = pytest.mark.postgres


@pytest.fixture
def database_kind() -> str:
    """These tests are about PostgreSQL only."""
    return "postgres"


async def test_only_the_first_connection_asks_what_types_are(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrays are taken and answered by later connections without asking the server what they are."""
    asked: list[frozenset[int]] = []
    ask = asyncpg.Connection._introspect_types  # noqa: SLF001 - what asyncpg does beside our statement is not to be seen

    async def counted(self: Any, typeoids: Any, timeout: Any) -> Any:  # noqa: ASYNC109 - asyncpg's
        asked.append(frozenset(typeoids))
        return await ask(self, typeoids, timeout)

    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", counted)
    monkeypatch.setattr(postgres_types, "_remembered", {})
    question = (
        "select $1::text[], $2::bigint[], array(select a from unnest($1::text[], $2::bigint[]) t (a, b) where b > 1)"
    )
    for _ in range(3):
        link = await Links(database_url, 1, writes=False).take()
        for _ in range(2):
            rows = await link.rows(question, (["a", None, "ü"], [1, 2, 2**40]))
            assert rows == [[["a", None, "ü"], [1, 2, 2**40], [None, "ü"]]]
        await link.connection.close()
    assert asked == [frozenset({1016})]


async def test_what_a_database_defines_itself_is_asked_anew(postgres_server: PostgresServer) -> None:
    """Two databases may have another type under one id; what was learned of one is not believed of the other."""
    for kind in ("text", "bigint"):
        url = postgres_server.create(migrated=False)
        await run_sql(url, f"create type pair as (a {kind}, b {kind})")
        link = await Links(url, 1, writes=False).take()
        value = {"text": ("x", "y"), "bigint": (1, 2)}[kind]
        assert await link.rows(f"select row({', '.join(map(repr, value))})::pair", ()) == [[value]]
        await link.connection.close()
        postgres_server.drop(url)
