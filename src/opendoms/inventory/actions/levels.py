"""What is available, and the clearing away of reservations that have expired."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import Final

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Writer
from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.model import Level, LevelKey
from opendoms.inventory.rules import reserving
from opendoms.inventory.store import QUERIES
from opendoms.kernel.changeset import HUB, Origin, Stale
from opendoms.kernel.document import decode

# Expired reservations that are cleared away at once, and how often that is gone on with.
CLEARED_AT_ONCE: Final = 500
CLEARINGS_MAX: Final = 20

_CAUSE: Final = "reservation expiry"


class StockLevels:
    """Reads levels. What has expired counts as gone, whether or not anything ran in the meantime."""

    def __init__(self, db: Engine, writer: Writer, reservations: Reserving) -> None:
        self._db = db
        self._writer = writer
        self._reservations = reservations
        self._clearing: dict[str, asyncio.Lock] = {}

    async def read(
        self, tenant: str, articles: Collection[str], facilities: Collection[str], now: int
    ) -> dict[LevelKey, Level]:
        """The levels of some articles in some facilities, by (article, facility); what never was there is left out."""
        if not articles or not facilities:
            return {}
        asked: Parameters = {
            "tenant": tenant,
            "articles": list(articles),
            "facilities": list(facilities),
            "now": now,
        }
        rows = await self._db.rows(QUERIES.levels, asked)
        return {level.key: level for level in (Level(*row) for row in rows)}

    async def ready(
        self, tenant: str, articles: Collection[str], facilities: Collection[str], now: int
    ) -> dict[LevelKey, Level]:
        """The levels, to hold pieces of: as `read`, after clearing away what has expired.

        The database counts a reservation until it is gone. So whoever is about to hold what an expired one still has
        must have it cleared first; `read` is enough for whoever only looks.
        """
        found = await self.read(tenant, articles, facilities, now)
        overdue = [level for level in found.values() if level.expired]
        if not overdue:
            return found
        await self.clear(tenant, overdue, now)
        return await self.read(tenant, articles, facilities, now)

    async def clear(self, tenant: str, levels: Iterable[Level], now: int) -> None:
        """Releases the expired reservations of some levels, each once, whoever else is at it.

        One changeset each: whichever another node, a confirmation or a timer has dealt with is left to them.
        """
        keys = [level.key for level in levels]
        asked: Parameters = {
            "tenant": tenant,
            "articles": list({article for article, _ in keys}),
            "facilities": list({facility for _, facility in keys}),
            "now": now,
            "size": CLEARED_AT_ONCE,
        }
        # One at a time in this process, so that a thousand callers do not all clear the same.
        async with self._clearing.setdefault(tenant, asyncio.Lock()):
            for _ in range(CLEARINGS_MAX):
                rows = await self._db.rows(QUERIES.expired_reservations, asked)
                origin = Origin(tenant, HUB, _CAUSE)
                releases = [
                    self._db.apply(self._reservations.release(origin, [decode(row[0])], reserving.EXPIRED, now=now))
                    for row in rows
                ]
                for outcome in await asyncio.gather(*releases, return_exceptions=True):
                    if outcome is not None and not isinstance(outcome, Stale):
                        raise outcome
                if len(rows) < CLEARED_AT_ONCE:
                    return
