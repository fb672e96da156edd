"""Searches over documents of one kind: those that come into question are read and judged, batch by batch.

All documents of the tenant do, unless the filter names the only values of a member that an index leads from. Then these
are the documents with one of the values, however many others there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.db.sqlfile import Query
from opendoms.inventory.store import QUERIES
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.fields import Path
from opendoms.search.page import Gathering, Page, Search, Searchable, search_of
from opendoms.search.pinned import pinned

# So many at once, and at no more than these, nor for longer than this.
SEARCH_BATCH: Final = 1_000
SEARCHED_MAX: Final = 200_000
SEARCH_S_MAX: Final = 10.0


class Way(NamedTuple):
    """A member of which a filter may name the only values, by its path in the filter, and the read of one `:value`."""

    path: Path
    of_value: Query


class Searched(NamedTuple):
    """One kind of document: what it is searched by, its name in history, and how it is read, batch by batch.

    `by_id` reads all of them. Of `ways` the first is gone that a filter allows, so the one that leads to the fewest
    documents stands first. Every read answers the place of a document (one or two columns, the id last), then the
    document, and begins behind `:after`, the first column, and `:after_id`.
    """

    searchable: Searchable
    entity_kind: str
    by_id: Query
    ways: Sequence[Way]


async def search(db: Engine, searched: Searched, tenant: str, body: Document, *, now: int) -> Page:
    """The page that a search asks for. Raises Invalid, also where there is too much to search.

    Nothing that is stored is left out in silence.
    """
    asked = search_of(searched.searchable, body, now=now)
    if asked.start_after_id is not None:
        asked = asked.behind(await _last(db, searched, tenant, asked.start_after_id))
    return await gathered(db, searched, tenant, asked, body["query"])


async def gathered(db: Engine, searched: Searched, tenant: str, asked: Search, query: Document) -> Page:
    """The page of a search that was understood. Raises Invalid where there is too much to search."""
    gathering = Gathering(asked)
    looked_at = 0
    try:
        async with asyncio.timeout(SEARCH_S_MAX), aclosing(_candidates(db, searched, tenant, query)) as candidates:
            async for rows in candidates:
                looked_at += len(rows)
                if looked_at > SEARCHED_MAX:
                    raise _too_much(searched, f"More than {SEARCHED_MAX} {searched.searchable.kind} come into question")
                await asyncio.to_thread(_add, gathering, rows)
    except TimeoutError:
        raise _too_much(searched, f"The search takes longer than {SEARCH_S_MAX:g} s") from None
    return gathering.page()


async def _candidates(db: Engine, searched: Searched, tenant: str, query: Document) -> AsyncGenerator[list[Row]]:
    """Batches of everything that comes into question; the document stands last in a row."""
    for way in searched.ways:
        values = pinned(query, way.path)
        if values is not None:
            for value in sorted(values):
                async for rows in _batches(db, way.of_value, {"tenant": tenant, "value": value}):
                    yield rows
            return
    async for rows in _batches(db, searched.by_id, {"tenant": tenant}):
        yield rows


async def _batches(db: Engine, query: Query, where: dict[str, str]) -> AsyncGenerator[list[Row]]:
    after = after_id = ""
    while rows := await db.rows(query, {**where, "after": after, "after_id": after_id, "size": SEARCH_BATCH}):
        yield rows
        if len(rows) < SEARCH_BATCH:
            return
        after, after_id = rows[-1][0], rows[-1][-2]


def _add(gathering: Gathering, rows: list[Row]) -> None:
    for row in rows:
        gathering.add(decode(row[-1]), row[-1])


def _too_much(searched: Searched, what: str) -> Invalid:
    names = ", ".join(".".join(way.path) for way in searched.ways)
    return Invalid(Fault(f"{what}: too many to search.", f"Name one of these by eq or in: {names}; or list them."))


async def _last(db: Engine, searched: Searched, tenant: str, entity_id: str) -> Document:
    asked = {"tenant": tenant, "kind": searched.entity_kind, "id": entity_id}
    row = await db.row(QUERIES.last_document, asked)
    if row is None:
        raise Invalid(Fault(f"startAfterId: {entity_id[:64]} is and was none of the {searched.searchable.kind}"))
    return decode(row[0])
