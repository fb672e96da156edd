"""Holds the goods of orders, in the changeset of the order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.actions.supplies import Supplies
from opendoms.inventory.rules import reserving as rules
from opendoms.inventory.rules.reserving import Purpose
from opendoms.kernel.changeset import HUB, Changeset, Origin, Timer, merged
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.orders.lifecycle import TABLE, Move, Status, moved, refusal_of
from opendoms.orders.rules import versions
from opendoms.promises.planning import Planned, Planning
from opendoms.promises.rules import timing
from opendoms.promises.rules.telling import goods_detail

# Holds the goods of an order that wants it later.
ORDER_RESERVATION: Final = "ORDER_RESERVATION"


class OrderGoods:
    """Implements `orders.goods.Goods`. For a tenant that keeps no stock nothing is planned."""

    def __init__(self, planning: Planning, supplies: Supplies, reserving: Reserving) -> None:
        self._planning = planning
        self._supplies = supplies
        self._reserving = reserving

    async def of_created(self, decision: Decision, origin: Origin, now: int, *, held: bool) -> Decision:
        """The creation of an order, with what holds its goods. Where `held` is false, none are."""
        if not await self._supplies.kept(origin.tenant):
            return decision
        document = decision.document
        due = timing.scheduled_at(document)
        if due is None or due <= now:
            planned = await self._planning.plan(origin.tenant, document, now, held=held)
            due = timing.latest_at(document, planned.plan)
            if due is None or due <= now:
                return await self._with(decision, planned, origin, now)
        return _later(decision, due, origin)

    async def of_edited(
        self, before: Document, decision: Decision, origin: Origin, now: int, *, held: bool
    ) -> Decision:
        """The change of an order, with its goods held anew where other pieces are ordered."""
        document = decision.document
        if _ordered(before) == _ordered(document):
            return decision
        stored = await self.held(origin.tenant, document["id"])
        if not stored and not await self._supplies.kept(origin.tenant):
            return decision
        due = timing.scheduled_at(document)
        if not stored and due is not None and due > now:
            return decision
        own = rules.held(stored, now)
        planned = await self._planning.plan(origin.tenant, document, now, own=own, held=held)
        due = timing.latest_at(document, planned.plan)
        if not stored and due is not None and due > now:
            return _later(decision, due, origin)
        released = self._reserving.release(because_of(document, origin.tenant), stored, now=now)
        return await self._with(decision, planned, origin, now, beside=released)

    async def of_due(self, order: Document, done: Timer, origin: Origin, now: int, *, held: bool) -> Decision:
        """The order with its goods, where it wanted them held now. `done` takes away the timer that says so."""
        if refusal_of(Move.RESERVE, order, now) or await self.held(origin.tenant, order["id"]):
            return Decision(order)
        planned = await self._planning.plan(origin.tenant, order, now, held=held)
        if not planned.wanted:
            return Decision(order)
        after = versions.next_version(moved(Move.RESERVE, order, now), now)
        return await self._with(Decision(after, Happening(TABLE[Move.RESERVE].event), (done,)), planned, origin, now)

    async def held(self, tenant: str, order_id: str) -> Sequence[Document]:
        """The stored reservations of an order. What another node has held is found before this one hears of stock."""
        return await self._reserving.of_order(tenant, order_id)

    def settled(self, move: Move, order: Document, held: Sequence[Document], origin: Origin, now: int) -> Changeset:
        """What becomes of the reservations with a move, of which `order` is the result."""
        because = because_of(order, origin.tenant)
        match move:
            case Move.CONFIRM_PROMISE:
                return self._reserving.keep(because, held, None, now=now)
            case Move.EXTEND_PROMISE:
                return self._reserving.keep(because, held, valid_until_of(order), now=now)
            case Move.EXPIRE:
                return self._reserving.release(because, held, rules.EXPIRED, now=now)
            case _:
                return self._reserving.release(because, held, now=now)

    async def reserve(self, planned: Planned, document: Document, origin: Origin, now: int) -> Changeset:
        """What holds the goods of a plan for an order: until its promise ends, or for good."""
        hosts = await self._reserving.hosts(origin.tenant, planned.wanted, now)
        purpose = Purpose(document["id"], valid_until_of(document), document["processId"])
        because = because_of(document, origin.tenant)
        return self._reserving.reserve(because, planned.wanted, purpose, hosts, now=now)

    async def _with(
        self, decision: Decision, planned: Planned, origin: Origin, now: int, beside: Changeset | None = None
    ) -> Decision:
        """The decision, beside what holds the goods; its event tells of them."""
        reserved = await self.reserve(planned, decision.document, origin, now)
        told = _told(decision, goods_detail(planned.plan, planned.wanted))
        return told._replace(beside=merged(decision.beside, beside or Changeset(), reserved))


def valid_until_of(order: Document) -> int | None:
    """The instant at which goods are let go by themselves; None for an order that is no promise."""
    if order["status"] != Status.PROMISED:
        return None
    return instant_from(order["promisesOptions"]["validUntil"])


def because_of(order: Document, tenant: str) -> Origin:
    """Whom the history of reservations names: the order, whose own history tells who asked, until retention ends it."""
    return Origin(tenant, HUB, f"order {order['id']}")


def _ordered(order: Document) -> list[tuple[str, str, int]]:
    return sorted(
        (line["id"], line["article"]["tenantArticleId"], line["quantity"]) for line in order["orderLineItems"]
    )


def _later(decision: Decision, due: int, origin: Origin) -> Decision:
    timer = Timer(origin.tenant, ORDER_RESERVATION, decision.document["id"], due)
    told = _told(decision, {"reservedFrom": text_of(due)})
    return told._replace(timers=(*decision.timers, timer))


def _told(decision: Decision, goods: Document) -> Decision:
    happening = decision.happening
    assert happening is not None  # noqa: S101 - narrows the type: what writes is told
    return decision._replace(happening=Happening(happening.type, {**(happening.detail or {}), **goods}))
