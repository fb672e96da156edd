"""A retailer on one node, with a clock that stands still until a test moves it and timers that run when it says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from opendoms.app import Hub, actions_of, timer_handlers
from opendoms.db.engine import Engine
from opendoms.db.sqlfile import parse
from opendoms.db.timers import Claim
from opendoms.doctor import CHECKS, examine
from opendoms.identity.permissions import Permission
from opendoms.identity.principal import Principal
from opendoms.inventory.actions.stocks import Entry
from opendoms.kernel.changeset import Origin
from opendoms.kernel.clock import Clock, text_of
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import new_id
from opendoms.settings import Settings
from tests.inventory.shelves import StandingClock

TENANT: Final = "acme"
ORIGIN: Final = Origin(TENANT, "tester", "test")
PRINCIPAL: Final = Principal("tester", TENANT, frozenset(Permission))
NOW: Final = 1_795_600_000_000  # 2026-11-25T09:46:40.000Z, a Wednesday
MINUTE: Final = 60_000
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR

ADDRESS: Final = {"companyName": "Shop", "street": "Main", "postalCode": "50667", "city": "Köln", "country": "DE"}
HOME: Final = {"street": "Main", "city": "Köln", "postalCode": "50667", "country": "DE"}

Document = dict[str, Any]

_HISTORY: Final = parse(
    """
-- name: history
select entity_kind, entity_id, type, detail from events where tenant = :tenant order by position limit 100000
"""
)["history"]


class Shops:
    """Facilities with stock on one engine, and orders of theirs."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self.clock = clock if isinstance(clock, StandingClock) else StandingClock(NOW)
        self.hub = Hub(engine, clock or self.clock, new_id, Settings(log_requests=False))
        self.actions = actions_of(self.hub)
        self._handlers = timer_handlers(self.hub)

    async def open(self, name: str, stock: Mapping[str, int], **members: Any) -> str:
        """The id of a new shop that lists these articles, and has so many of each."""
        body = {
            "name": name,
            "tenantFacilityId": name,
            "address": ADDRESS,
            "services": [{"type": "SHIP_FROM_STORE"}, {"type": "PICKUP"}],
            **members,
        }
        facility, _ = await self.actions.facilities.create(body, ORIGIN)
        listings = [{"tenantArticleId": article, "title": article} for article in stock]
        await self.actions.inventory.listings.put(facility, listings, ORIGIN)
        await self.bring(facility, stock)
        return facility

    async def bring(self, facility: str, stock: Mapping[str, int]) -> None:
        """More stock."""
        entries = [
            Entry(f"{place}.", {"tenantArticleId": article, "value": value, "facility": {"facilityRef": facility}})
            for place, (article, value) in enumerate(stock.items())
            if value
        ]
        if entries:
            await self.actions.inventory.stocks.write(entries, ORIGIN)

    async def promise(self, *amounts: tuple[str, int], **members: Any) -> Document:
        """The answer to a request for a promise."""
        promised = await self.actions.promises.promise(asked(*amounts, now=self.clock.instant, **members), ORIGIN)
        answer: Document = decode(promised.body)
        return answer

    async def place(self, *amounts: tuple[str, int], **members: Any) -> Document:
        """A new order without a promise."""
        order_id, _ = await self.actions.orders.create(asked(*amounts, now=self.clock.instant, **members), ORIGIN)
        return await self.order(order_id)

    async def act(self, order_id: str, name: str, version: int = 1, **members: Any) -> Document:
        """The order after an action. Raises Refusal."""
        action = {"name": name, "version": version, **members}
        return decode(await self.actions.moves.act(order_id, action, PRINCIPAL, ORIGIN))

    async def edit(self, order_id: str, version: int, **members: Any) -> Document:
        """The order after a change. Raises Refusal."""
        return decode(await self.actions.orders.edit(order_id, {"version": version, **members}, PRINCIPAL, ORIGIN))

    async def order(self, order_id: str) -> Document:
        """An order as it is stored."""
        return decode(await self.actions.orders.read(TENANT, order_id))

    async def held(self, order_id: str) -> dict[str, int]:
        """The pieces that are stored as held for an order, by facility."""
        pieces: dict[str, int] = {}
        for each in await self.actions.inventory.reserving.of_order(TENANT, order_id):
            pieces[each["facilityRef"]] = pieces.get(each["facilityRef"], 0) + each["quantity"]
        return pieces

    async def available(self, article: str) -> int:
        """The pieces of an article that can be promised now, in all facilities."""
        supply = await self.actions.inventory.supplies.supply(TENANT, [article], self.clock.instant)
        return sum(max(0, pieces) for pieces in supply.available()[article].values())

    async def run_timers(self) -> list[str]:
        """Runs what is due, as a worker would: the kinds, in order."""
        now = self.clock.instant
        claim = Claim(new_id(), list(self._handlers), now, now, now + MINUTE, 1_000, TENANT)
        dues = await self.hub.db.claim_timers(claim)
        for due in dues:
            await self._handlers[due.kind](due, now)
        return [due.kind for due in dues]

    async def history(self, kind: str = "ORDER") -> list[tuple[str, str, Document | None]]:
        """What happened to entities of a kind: id, type, detail; oldest first."""
        rows = await self.hub.db.rows(_HISTORY, {"tenant": TENANT})
        return [(row[1], row[2], None if row[3] is None else decode(row[3])) for row in rows if row[0] == kind]

    async def told(self, order_id: str) -> list[str]:
        """The events of one order."""
        return [kind for each, kind, _ in await self.history() if each == order_id]

    async def is_sound(self) -> None:
        """The doctor finds nothing."""
        results = await examine(self.hub.db, self.hub.clock.now(TENANT))
        assert [result.findings for result in results] == [[]] * len(CHECKS)


def asked(*amounts: tuple[str, int], now: int = NOW, **members: Any) -> Document:
    """The body of an order, as it comes out of the web layer."""
    lines = [
        {"quantity": quantity, "article": {"tenantArticleId": article, "title": article}}
        for article, quantity in amounts
    ]
    body = {"orderDate": text_of(now), "consumer": {"addresses": [HOME]}, "orderLineItems": lines, **members}
    return decode(encode(body))


def until(instant: int) -> Document:
    """The wish for a promise that holds until an instant."""
    return {"validUntil": text_of(instant)}
