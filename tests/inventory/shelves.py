"""Facilities with stock, and orders that want some of it, without the API around them."""

from __future__ import annotations

from typing import Final

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.db.sqlfile import parse
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.model import Level, LevelKey
from opendoms.inventory.rules.reserving import Purpose, Wanted
from opendoms.inventory.store import STOCK
from opendoms.kernel.changeset import Changeset, Origin, Restock, merged
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import new_id

TENANT: Final = "acme"
ORIGIN: Final = Origin(TENANT, "tester", "test")
NOW: Final = 1_790_000_000_000
HOUR: Final = 3_600_000

_HISTORY: Final = parse(
    """
-- name: history
select entity_id, seq, type, detail from events where tenant = :tenant and entity_kind = 'RESERVATION'
order by position limit 100000
"""
)["history"]


class StandingClock:
    """Shows the instant that a test has set."""

    def __init__(self, instant: int = NOW) -> None:
        self.instant = instant

    def now(self, tenant: str) -> int:
        """The instant, in ms."""
        return self.instant


class Shelves:
    """Stock on one engine, and what is done with it."""

    def __init__(self, engine: Engine, clock: StandingClock | None = None) -> None:
        self.engine = engine
        self.clock = clock or StandingClock()
        self.writer = Writer(engine, self.clock, new_id)
        self.reserving = Reserving(engine, self.writer, new_id)
        self.levels = StockLevels(engine, self.writer, self.reserving)

    @property
    def now(self) -> int:
        """The present instant."""
        return self.clock.instant

    async def fill(self, article: str, facility: str, *values: int, **members: object) -> list[str]:
        """Opens a level with a stock of each of these values; the ids of the stocks."""
        stocks: list[Document] = [
            {
                "id": new_id(),
                "version": 1,
                "created": text_of(self.now),
                "receiptDate": text_of(self.now),
                "facilityRef": facility,
                "tenantArticleId": article,
                "value": value,
                "traits": ["PICKABLE", "ACCESSIBLE"],
                **members,
            }
            for value in values
        ]
        puts = [
            self.writer.changeset(STOCK, ORIGIN, Decision(stock, Happening("STOCK_CREATED")), self.now)[1]
            for stock in stocks
        ]
        level = Restock(TENANT, facility, article, sum(values), opens=True)
        await self.engine.apply(merged(Changeset(restocks=(level,)), *puts))
        return [stock["id"] for stock in stocks]

    async def level(self, article: str, facility: str) -> Level:
        """A level as it is now."""
        return (await self.levels.read(TENANT, [article], [facility], self.now))[article, facility]

    async def all(self, article: str, facilities: list[str]) -> dict[LevelKey, Level]:
        """The levels of an article."""
        return await self.levels.read(TENANT, [article], facilities, self.now)

    async def parts(self, order: str, lines: dict[LevelKey, int], valid_until: int | None = None) -> Changeset:
        """What reserves some pieces for an order."""
        articles, facilities = {article for article, _ in lines}, {facility for _, facility in lines}
        found = await self.levels.ready(TENANT, articles, facilities, self.now)
        wanted = [Wanted(found[key], quantity) for key, quantity in lines.items()]
        hosts = await self.reserving.hosts(TENANT, wanted, self.now)
        return self.reserving.reserve(ORIGIN, wanted, Purpose(order, valid_until), hosts, now=self.now)

    async def reserve(self, order: str, lines: dict[LevelKey, int], valid_until: int | None = None) -> None:
        """Reserves some pieces for an order. Raises Short."""
        await self.engine.apply(await self.parts(order, lines, valid_until))

    async def release(self, order: str) -> None:
        """Gives everything back that an order holds."""
        stored = await self.reserving.of_order(TENANT, order)
        await self.engine.apply(self.reserving.release(ORIGIN, stored, now=self.now))

    async def history(self) -> list[tuple[str, int, str, bytes | None]]:
        """What happened to reservations: id, seq, type, detail."""
        return [(row[0], row[1], row[2], row[3]) for row in await self.engine.rows(_HISTORY, {"tenant": TENANT})]
