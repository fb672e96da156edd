"""From stocks as they were and as they are to be: what that makes of their levels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Writer
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.model import Level, LevelKey
from opendoms.inventory.rules.counting import counted
from opendoms.inventory.rules.safety_stocks import kept_back
from opendoms.inventory.store import QUERIES, STOCKED_ARTICLES
from opendoms.kernel.changeset import Changeset, Origin, Put, Restock, Short, Stale, Taken
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Conflict, Fault

# How often the first stock of an article is tried to be written while other nodes bring theirs.
OPENING_ATTEMPTS_MAX: Final = 40
# How often a write is tried for which expired reservations have to be cleared away first.
CLEARING_ATTEMPTS_MAX: Final = 3

# A safety stock that somebody else has just made is there when it is looked for again.
_AGAIN: Final = (Stale, Taken)

T = TypeVar("T")


# Given the instant and whether levels may be opened: what is to be written, and what is answered then.
ComposeStock = Callable[[int, bool], Awaitable[tuple[Changeset, T]]]


class StockChange(NamedTuple):
    """A stock before and after a write; None where it was not there, or is not any more."""

    before: Document | None
    after: Document | None


class _OpensLevels(Exception):  # noqa: N818 - a signal within this file
    """The write brings the first stock of an article to a facility."""


class LevelChanges:
    """Writes stock so that levels follow."""

    def __init__(self, db: Engine, writer: Writer, levels: StockLevels, opened: Callable[[], None]) -> None:
        """`opened` is called after levels may have been opened."""
        self._opened = opened
        self._db = db
        self._writer = writer
        self._levels = levels
        self._opening: dict[str, asyncio.Lock] = {}

    async def write(self, origin: Origin, compose: ComposeStock[T], *, alone: bool = False) -> T:
        """Asks `compose` (given the instant, and whether levels may be opened) and applies what it says.

        Levels are opened one write at a time, since whoever opens one touches what all stock of the article shares;
        `alone` says that the write does so anyway. Raises what `compose` raises, and Conflict where less would be left
        than is reserved (decision D42).
        """
        for _ in range(CLEARING_ATTEMPTS_MAX):
            try:
                return await self._written(origin, compose, alone=alone)
            except Short as short:
                await self._explain(origin.tenant, short)
        raise Conflict(Fault("Too many reservations expire at this moment.", "Nothing was written. Try again."))

    async def _written(self, origin: Origin, compose: ComposeStock[T], *, alone: bool) -> T:
        if not alone:
            try:
                return await self._writer.compose(origin, lambda now: compose(now, False), again=_AGAIN)
            except _OpensLevels:
                pass
        async with self._opening.setdefault(origin.tenant, asyncio.Lock()):
            try:
                return await self._writer.compose(
                    origin, lambda now: compose(now, True), again=_AGAIN, attempts=OPENING_ATTEMPTS_MAX
                )
            finally:
                self._opened()

    async def _explain(self, tenant: str, short: Short) -> None:
        """Raises Conflict, unless it was for reservations that have expired: those are cleared away."""
        now = self._writer.now(tenant)
        key = (short.tenant_article_id, short.facility_ref)
        level = (await self._levels.read(tenant, [key[0]], [key[1]], now)).get(key)
        if level is not None and level.expired:
            await self._levels.clear(tenant, [level], now)
            return
        article, facility = short.tenant_article_id, short.facility_ref
        if level is None or not level.held:
            raise Conflict(
                Fault(f"tenantArticleId {article}: its stock in facility {facility} has just changed", "Try again.")
            )
        back = f", and {level.safety} are to be kept back" if level.safety else ""
        raise Conflict(
            Fault(
                f"tenantArticleId {article}: {level.held} of {level.on_hand} pieces in facility {facility} are"
                f" reserved{back}; this would leave too few",
                "Release reservations first (POST /api/reservations/actions), or cancel their orders.",
            )
        )

    async def of(
        self, tenant: str, changes: Sequence[StockChange], now: int, *, may_open: bool, clears: bool = True
    ) -> Changeset:
        """What stock writes make of their levels; those that are not there yet are opened with their safety stock.

        Expired reservations that are in the way are cleared away, unless `clears` says that the caller ends them.
        """
        pieces: dict[LevelKey, int] = {}
        for change in changes:
            for stock, sign in ((change.before, -1), (change.after, 1)):
                if stock is not None:
                    key = (stock["tenantArticleId"], stock["facilityRef"])
                    pieces[key] = pieces.get(key, 0) + sign * counted(stock)
        known = await self._levels.read(tenant, {key[0] for key in pieces}, {key[1] for key in pieces}, now)
        if clears:
            await self.make_way(tenant, {known[key]: pieces[key] for key in pieces if key in known}, now)
        missing = [key for key in pieces if key not in known]
        restocks = [
            Restock(tenant, key[1], key[0], difference)
            for key, difference in pieces.items()
            if key in known and difference
        ]
        if not missing:
            return Changeset(restocks=tuple(restocks))
        if not may_open:
            raise _OpensLevels
        articles = sorted({article for article, _ in missing})
        puts = await touched(self._db, tenant, articles)
        safety = await safety_of(self._db, tenant, articles)
        opened = [
            Restock(tenant, key[1], key[0], pieces[key], kept_back(safety[key[0]], key[1]), opens=True)
            for key in missing
        ]
        return Changeset(restocks=(*restocks, *opened), puts=puts)

    async def make_way(self, tenant: str, changes: Mapping[Level, int], now: int) -> None:
        """Clears expired reservations away, which the database counts until then, where they bar a change.

        `changes` are the pieces by which more (or less, below 0) can be reserved of a level.
        """
        barred = [
            level
            for level, pieces in changes.items()
            if level.expired and pieces < 0 and level.reserved > level.on_hand - level.safety + pieces
        ]
        if barred:
            await self._levels.clear(tenant, barred, now)


async def safety_of(db: Engine, tenant: str, articles: Sequence[str]) -> dict[str, list[Document]]:
    """The safety stocks of some articles, by article."""
    asked: Parameters = {"tenant": tenant, "articles": list(articles)}
    found: dict[str, list[Document]] = {article: [] for article in articles}
    for row in await db.rows(QUERIES.safety_stocks_of_articles, asked):
        document = decode(row[0])
        found[document["tenantArticleId"]].append(document)
    return found


async def touched(db: Engine, tenant: str, articles: Sequence[str]) -> tuple[Put, ...]:
    """Writes that are Stale where somebody else opens a level of the articles, or changes their safety stock.

    To be asked for before anything is read that they are to protect.
    """
    asked: Parameters = {"tenant": tenant, "articles": list(articles)}
    versions = {row[0]: row[1] for row in await db.rows(QUERIES.stocked_articles, asked)}
    return tuple(
        Put(
            STOCKED_ARTICLES,
            tenant,
            article,
            versions.get(article),
            versions.get(article, 0) + 1,
            encode({"version": versions.get(article, 0) + 1}),
        )
        for article in articles
    )
