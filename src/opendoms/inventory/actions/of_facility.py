"""What of stock belongs to one facility, and its end before the facility's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Entity, Writer
from opendoms.inventory.actions.level_changes import LevelChanges, StockChange, safety_of, touched
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.rules import listings, safety_stocks, stocks
from opendoms.inventory.store import LISTING, QUERIES, SAFETY_STOCK, STOCK
from opendoms.kernel.changeset import Changeset, Origin, Restock, merged
from opendoms.kernel.decision import Document, Happening
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Conflict, Fault

# Of one kind, so many are removed at once; and how often that is gone on with.
AT_ONCE: Final = 500
STEPS_MAX: Final = 400

# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"

# Removes the next ones of a kind: how many these were.
_Step = Callable[[str, Origin], Awaitable[int]]


class Counts(NamedTuple):
    """How many of each kind a facility has. Of reservations those count that hold pieces now."""

    listings: int
    stocks: int
    safety_stocks: int
    reservations: int


class FacilityInventory:
    """Counts and removes what of stock belongs to a facility. Knows facilities by their ids alone."""

    def __init__(self, db: Engine, writer: Writer, levels: StockLevels, changes: LevelChanges) -> None:
        self._db = db
        self._writer = writer
        self._levels = levels
        self._changes = changes

    async def count(self, tenant: str, facility_id: str, now: int) -> Counts:
        """How many of each kind there are. `now` is an instant in ms."""
        asked: Parameters = {"tenant": tenant, "facility": facility_id, "now": now}
        queries = (
            QUERIES.count_listings,
            QUERIES.count_stocks_of_facility,
            QUERIES.count_safety_stocks_of_facility,
            QUERIES.count_reservations_of_facility,
        )
        return Counts(*[(await self._db.rows(query, asked))[0][0] for query in queries])

    async def end(self, facility_id: str, origin: Origin) -> None:
        """Removes all of it, AT_ONCE of a kind in a transaction, until nothing is left.

        Listings go first, so that nothing more is promised from the facility. Raises Conflict where pieces were
        reserved before they were gone: then the stock that is still there stays.
        """
        await _to_the_end(self._listings, facility_id, origin)
        await _to_the_end(self._stocks, facility_id, origin)
        await _to_the_end(self._safety_stocks, facility_id, origin)

    async def _listings(self, facility_id: str, origin: Origin) -> int:
        async def compose(now: int) -> tuple[Changeset, int]:
            rows = await self._db.rows(QUERIES.list_listings, _first(facility_id, origin))
            stored = [decode(row[0]) for row in rows]
            return self._removal(LISTING, stored, listings.end(), origin, now), len(stored)

        return await self._writer.compose(origin, compose)

    async def _stocks(self, facility_id: str, origin: Origin) -> int:
        async def compose(now: int, may_open: bool) -> tuple[Changeset, int]:  # noqa: FBT001 - as asked
            rows = await self._db.rows(QUERIES.list_stocks_of_facility, _first(facility_id, origin))
            stored = [decode(row[0]) for row in rows]
            changes = [StockChange(stock, None) for stock in stored]
            levels = await self._changes.of(origin.tenant, changes, now, may_open=may_open)
            return merged(levels, self._removal(STOCK, stored, stocks.end(), origin, now)), len(stored)

        return await self._changes.write(origin, compose)

    async def _safety_stocks(self, facility_id: str, origin: Origin) -> int:
        """Where an article has a safety stock for all facilities, its level keeps back that one from then on."""

        async def compose(now: int, _may_open: bool) -> tuple[Changeset, int]:  # noqa: FBT001 - as asked
            rows = await self._db.rows(QUERIES.list_safety_stocks_of_facility, _first(facility_id, origin))
            stored = [decode(row[0]) for row in rows]
            articles = _articles(stored)
            puts = await touched(self._db, origin.tenant, articles)
            kept = await safety_of(self._db, origin.tenant, articles)
            levels = await self._levels.read(origin.tenant, articles, [facility_id], now)
            restocks = []
            for (article, _), level in levels.items():
                others = [each for each in kept[article] if each.get("facilityRef") != facility_id]
                difference = safety_stocks.kept_back(others, facility_id) - level.safety
                if difference:
                    restocks.append(Restock(origin.tenant, facility_id, article, 0, difference))
            removal = self._removal(SAFETY_STOCK, stored, safety_stocks.end(), origin, now)
            return merged(removal, Changeset(puts=puts, restocks=tuple(restocks))), len(stored)

        return await self._changes.write(origin, compose, alone=True)

    def _removal(self, entity: Entity, stored: list[Document], end: Happening, origin: Origin, now: int) -> Changeset:
        return merged(Changeset(), *(self._writer.removal(entity, origin, each, end, now) for each in stored))


async def _to_the_end(step: _Step, facility_id: str, origin: Origin) -> None:
    for _ in range(STEPS_MAX):
        if await step(facility_id, origin) < AT_ONCE:
            return
    raise Conflict(Fault(f"The facility had more than {STEPS_MAX * AT_ONCE} of a kind.", "Send the request again."))


def _first(facility_id: str, origin: Origin) -> Parameters:
    return {"tenant": origin.tenant, "facility": facility_id, "before": _AFTER_ALL_IDS, "size": AT_ONCE}


def _articles(stored: list[Document]) -> list[str]:
    return sorted({each["tenantArticleId"] for each in stored})
