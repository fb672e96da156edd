"""Reads what the server said about a refused changeset. Its details hold values of rows and are never passed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.engine import RefusedBySchema
from opendoms.db.levels import TABLE as LEVELS
from opendoms.db.outcome import outdated, unstorable
from opendoms.db.postgres_levels import TOO_LOW, short_of
from opendoms.db.postgres_link import LinkLost, Links
from opendoms.kernel.changeset import Changeset, Drop, Put, Stale, Taken
from opendoms.kernel.refusal import Unavailable

# Raised by opendoms_expect: a delete or update did not find its row in the expected version.
_UNEXPECTED_COUNT: Final = "OD001"
# Raised by opendoms_expect_index: the search index was rebuilt by a release whose terms are others.
_UNEXPECTED_INDEX: Final = "OD002"


async def refusal_of(error: asyncpg.PostgresError, changeset: Changeset, links: Links) -> Exception:
    """Why a changeset that was sent by itself was refused, as what `apply` raises."""
    if error.sqlstate == _UNEXPECTED_INDEX:
        return outdated()
    if error.sqlstate == _UNEXPECTED_COUNT:
        replaced: list[Put | Drop] = [put for put in changeset.puts if put.expected is not None]
        return await _stale([*replaced, *changeset.drops], links)
    if error.sqlstate == TOO_LOW:
        return await short_of(changeset, links)
    if isinstance(error, asyncpg.UniqueViolationError):
        return await _collision(error, changeset, links)
    if isinstance(error, (asyncpg.DataError, asyncpg.ProgramLimitExceededError)):
        return unstorable()
    return RefusedBySchema(str(error.args[0]))


async def _collision(error: asyncpg.UniqueViolationError, changeset: Changeset, links: Links) -> Exception:
    puts = tuple(put for put in changeset.puts if put.table.name == error.table_name)
    if error.table_name == LEVELS:
        return Stale(LEVELS, next(restock.tenant_article_id for restock in changeset.restocks if restock.opens))
    if not puts:
        return Stale("events", changeset.events[0].entity_id if changeset.events else "")
    if error.constraint_name in (name for name, _ in puts[0].table.unique):
        return Taken(puts[0].table.name, error.constraint_name)
    if error.constraint_name != f"{error.table_name}_pkey":
        return RefusedBySchema(str(error.args[0]))
    return await _stale([put for put in puts if put.expected is None], links)


async def _stale(documents: Sequence[Put | Drop], links: Links) -> Stale:
    """Names the document whose stored version is not the expected one; with a single one there is nothing to ask."""
    guilty = documents[0]
    for document in documents if len(documents) > 1 else ():
        if await _version(document, links) != document.expected:
            guilty = document
            break
    return Stale(guilty.table.name, guilty.id)


async def _version(document: Put | Drop, links: Links) -> int | None:
    try:
        link = await links.take()
        try:
            found = await link.rows(
                f"select version from {document.table.name} where tenant = $1 and id = $2",
                (document.tenant, document.id),
            )
        finally:
            links.give(link)
    except (LinkLost, Unavailable, asyncpg.PostgresError):
        return document.expected  # not known any more; another document is named
    return int(found[0][0]) if found else None
