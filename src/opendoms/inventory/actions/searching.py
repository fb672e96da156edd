"""Searches over all documents of one kind: every one is read and judged, off the event loop and batch by batch."""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.db.sqlfile import Query
from opendoms.inventory.store import QUERIES
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.page import Gathering, Page, Search, Searchable, search_of

# So many at once, and at no more than these, nor for longer than this.
SEARCH_BATCH: Final = 1_000
SEARCHED_MAX: Final = 200_000
SEARCH_S_MAX: Final = 10.0


class Searched(NamedTuple):
    """One kind of document: what it is searched by, its name in history, and the query that reads it batch by batch."""

    searchable: Searchable
    entity_kind: str
    by_id: Query


async def search(db: Engine, searched: Searched, tenant: str, body: Document, *, now: int) -> Page:
    """The page that a search asks for. Raises Invalid, also where there is too much to search.

    Nothing that is stored is left out in silence.
    """
    asked = search_of(searched.searchable, body, now=now)
    if asked.start_after_id is not None:
        asked = asked.behind(await _last(db, searched, tenant, asked.start_after_id))
    return await gathered(db, searched, tenant, asked)


async def gathered(db: Engine, searched: Searched, tenant: str, asked: Search) -> Page:
    """The page of a search that was understood. Raises Invalid where there is too much to search."""
    gathering = Gathering(asked)
    try:
        async with asyncio.timeout(SEARCH_S_MAX):
            await _gather(db, searched, tenant, gathering)
    except TimeoutError:
        raise Invalid(Fault(f"The search takes longer than {SEARCH_S_MAX:g} s.", "List what you look for.")) from None
    return gathering.page()


async def _gather(db: Engine, searched: Searched, tenant: str, gathering: Gathering) -> None:
    after = ""
    for _ in range(SEARCHED_MAX // SEARCH_BATCH):
        rows = await db.rows(searched.by_id, {"tenant": tenant, "after": after, "size": SEARCH_BATCH})
        await asyncio.to_thread(_add, gathering, rows)
        if len(rows) < SEARCH_BATCH:
            return
        after = rows[-1][0]
    kind = searched.searchable.kind
    raise Invalid(Fault(f"More than {SEARCHED_MAX} {kind} are stored: too many to search.", "List them."))


def _add(gathering: Gathering, rows: list[Row]) -> None:
    for row in rows:
        gathering.add(decode(row[1]), row[1])


async def _last(db: Engine, searched: Searched, tenant: str, entity_id: str) -> Document:
    asked = {"tenant": tenant, "kind": searched.entity_kind, "id": entity_id}
    row = await db.row(QUERIES.last_document, asked)
    if row is None:
        raise Invalid(Fault(f"startAfterId: {entity_id[:64]} is and was none of the {searched.searchable.kind}"))
    return decode(row[0])
