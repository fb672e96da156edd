"""Reads the documents that an index finds, batch by batch, within a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row, TooSlow
from opendoms.db.sqlfile import Query
from opendoms.kernel.changeset import Table
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.search.asking import Asked, Dialect, Names, Start, Statement, Way, start_at
from opendoms.search.expression import NOTHING, Expression, all_hold, excludes
from opendoms.search.page import Searchable
from opendoms.search.plan import Plan
from opendoms.search.postgres_sql import PostgresDialect
from opendoms.search.sqlite_sql import SqliteDialect
from opendoms.search.terms import Term, Terms

# Documents that are read at once: first as many as are wanted, then each time so many times more.
BATCH_GROWTH: Final = 4
BATCH_MAX: Final = 500
# Up to so many are decoded and compared on the event loop; more of them in a thread.
INLINE_MAX: Final = 50
# SQLite puts so many documents in the order of their ids without a second thought. Of more, enough for a page are
# likely to come up soon on a walk over the ids, which is given so long (ms).
SORTED_UNASKED_MAX: Final = 20_000
WALK_MS: Final = 250

_DIALECTS: Final[dict[str, Dialect]] = {"sqlite": SqliteDialect(), "postgres": PostgresDialect()}

# Takes a document and its bytes, and answers whether that is enough.
Take = Callable[[Document, bytes], bool]


class Searched(NamedTuple):
    """What is searched: the filters and orders, the table of the documents, and the terms of its index.

    The default order of `searchable` is that of the index: by its moment.
    """

    searchable: Searchable
    table: Table
    terms: Terms


class Deadline:
    """A point in time after which nobody waits any more."""

    def __init__(self, seconds: float) -> None:
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + seconds

    def left_ms(self) -> int:
        """How much time is left, in ms. Raises TooSlow where there is none."""
        left = int((self._end - self._clock()) * 1000)
        if left <= 0:
            raise TooSlow
        return left


class Reading:
    """The documents of one tenant that a plan finds. Its methods raise TooSlow when the time is up."""

    def __init__(self, db: Engine, searched: Searched, tenant: str, plan: Plan) -> None:
        self._db = db
        self._dialect = _DIALECTS[db.name]
        self._names = Names(searched.table.name, searched.terms.index, searched.terms.moment)
        self._order = searched.searchable.default
        self._asked = Asked(
            tenant, plan.expression, plan.low, plan.high, lambda term: searched.terms.hashed(tenant, term)
        )
        # Whether every document that the index finds is a result.
        self.exact = plan.exact and self._dialect.exact(self._asked)

    def excludes(self, term: Term, choices: frozenset[Term]) -> bool:
        """Whether nothing that is found can have this term; a document has one of the choices at most."""
        return excludes(self._asked.expression, term, choices)

    async def count(self, deadline: Deadline, cap: int | None = None) -> int:
        """How many documents the index finds; `cap` where there are as many or more."""
        return await self._count(self._asked, deadline, cap)

    async def by_moment(self, take: Take, way: Way, deadline: Deadline) -> None:
        """Hands over documents by moment and id, first as many as the way says, until it is enough."""
        while True:
            rows = await self._rows(self._dialect.in_order(self._names, self._asked, way), deadline.left_ms())
            last = await _taken(take, rows)
            if last is None or len(rows) < way.size:
                return
            way = _next(way, start_at(self._order.position(last)))

    async def by_id(self, narrower: Expression, take: Take, way: Way, deadline: Deadline) -> None:
        """The same by id, of the documents that another expression finds as well."""
        asked = self._asked._replace(expression=all_hold((self._asked.expression, narrower)))
        if asked.expression == NOTHING:
            return
        while True:
            rows = await self._rows_by_id(asked, way, deadline)
            last = await _taken(take, rows)
            if last is None or len(rows) < way.size:
                return
            way = _next(way, Start(0, last["id"]))

    async def _rows_by_id(self, asked: Asked, way: Way, deadline: Deadline) -> list[Row]:
        walk = self._dialect.walk(self._names, asked, way)
        if walk is not None and await self._count(asked, deadline, SORTED_UNASKED_MAX) == SORTED_UNASKED_MAX:
            try:
                return await self._rows(walk, min(WALK_MS, deadline.left_ms()))
            except TooSlow:
                pass  # what is wanted stands at the far end of the ids
        return await self._rows(self._dialect.by_id(self._names, asked, way), deadline.left_ms())

    async def _count(self, asked: Asked, deadline: Deadline, cap: int | None) -> int:
        ((number,),) = await self._rows(self._dialect.count(self._names, asked, cap), deadline.left_ms())
        return int(number)

    async def _rows(self, statement: Statement, within_ms: int) -> list[Row]:
        query = Query("search", statement.sql, statement.sql, statement.order)
        return await self._db.rows(query, statement.parameters, within_ms=within_ms)


def _next(way: Way, start: Start) -> Way:
    return Way(start, way.falling, min(way.size * BATCH_GROWTH, BATCH_MAX))


async def _taken(take: Take, rows: list[Row]) -> Document | None:
    """The last document of a batch, or None where it was enough."""
    if len(rows) <= INLINE_MAX:
        return _take_all(take, rows)
    return await asyncio.to_thread(_take_all, take, rows)


def _take_all(take: Take, rows: list[Row]) -> Document | None:
    document = None
    for (body,) in rows:
        document = decode(body)
        if take(document, body):
            return None
    return document
