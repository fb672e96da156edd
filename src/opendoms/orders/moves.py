"""Actions on stored orders: on one, on a line, on many at once; and what could be asked for now."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.order_cancelation import ORDER_CANCELATION
from opendoms.configuration.promises import PROMISES, validity_ms
from opendoms.db.entity import Writer
from opendoms.identity.principal import Principal
from opendoms.kernel.changeset import HUB, Origin, Taken
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.due import Due
from opendoms.kernel.refusal import Fault, Refusal, Unavailable, Unknown
from opendoms.orders.actions import OrderActions
from opendoms.orders.goods import Goods
from opendoms.orders.lifecycle import TABLE, Move, Status, refusal_of, status_at
from opendoms.orders.references import References
from opendoms.orders.rules import acting
from opendoms.orders.store import ORDER

# What callers can ask for, in the order in which it is listed.
ASKED_FOR: Final = (
    Move.PATCH,
    Move.UNLOCK,
    Move.CANCEL,
    Move.FORCE_CANCEL,
    Move.CONFIRM_PROMISE,
    Move.EXTEND_PROMISE,
    Move.CHANGE_CONSUMER_ADDRESS,
    Move.REPLACE_CONSUMER_ADDRESSES,
    Move.UPDATE_CUSTOM_ATTRIBUTES,
)

# With these, what is held for the order is kept or let go.
SETTLING: Final = frozenset({Move.CANCEL, Move.FORCE_CANCEL, Move.CONFIRM_PROMISE, Move.EXTEND_PROMISE, Move.EXPIRE})


class OrderMoves:
    """Moves orders as callers and the clock ask for it."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is put together from
        self,
        orders: OrderActions,
        writer: Writer,
        clock: Clock,
        configurations: ConfigurationActions,
        references: References,
        goods: Goods,
    ) -> None:
        self._orders = orders
        self._writer = writer
        self._clock = clock
        self._configurations = configurations
        self._references = references
        self._goods = goods

    async def act(self, order_id: str, action: Document, principal: Principal, origin: Origin) -> bytes:
        """The stored bytes after the action.

        Raises Forbidden, Unknown, VersionConflict, Invalid, in this order, or Conflict where a promise is confirmed
        with a business key that another order holds.
        """
        move = Move(action["name"])
        acting.check_permission(move, principal)

        async def decide(now: int) -> Decision:
            order = decode(await self._orders.read(origin.tenant, order_id))
            facts = await self._facts(principal, origin.tenant, action.get("cancelationReasonId"))
            if move not in SETTLING:
                return acting.act(order, move, action, facts, now=now)
            held = await self._goods.held(origin.tenant, order_id)
            # While that was read, a promise may have ended and its goods have gone to somebody else: decided is by the
            # instant after it, at which both are so or neither is.
            now = self._clock.now(origin.tenant)
            decision = acting.act(order, move, action, facts, now=now)
            beside = self._goods.settled(move, decision.document, held, origin, now)
            return decision._replace(beside=beside, at=now)

        try:
            return (await self._writer.write(ORDER, origin, decide)).body
        except Taken:
            raise await self._orders.taken(origin.tenant, action["tenantOrderId"]) from None

    async def act_on_line(
        self, order_id: str, line_id: str, action: Document, principal: Principal, origin: Origin
    ) -> bytes:
        """The stored bytes of the order after the action on one of its lines. Raises like `act`."""
        acting.check_permission(Move.UPDATE_CUSTOM_ATTRIBUTES, principal)

        async def decide(now: int) -> Decision:
            order = decode(await self._orders.read(origin.tenant, order_id))
            if all(line["id"] != line_id for line in order["orderLineItems"]):
                raise Unknown(
                    Fault(f"Unknown line {line_id[:64]}.", f"Order {order_id[:64]} has no line with this id.")
                )
            facts = await self._facts(principal, origin.tenant, None)
            return acting.update_line_attributes(order, line_id, action, facts, now=now)

        return (await self._writer.write(ORDER, origin, decide)).body

    async def force_cancel_many(
        self, orders: list[Document], principal: Principal, origin: Origin
    ) -> list[dict[str, Any]]:
        """One result per order, in the order asked (decision D12). Raises Unknown where none of the orders exists."""
        acting.check_permission(Move.FORCE_CANCEL, principal)
        results, found = [], 0
        for asked in orders:
            try:
                stored = decode(await self._orders.read(origin.tenant, asked["orderId"]))
                found += 1
                if stored["status"] == Status.CANCELLED:
                    results.append({"orderId": asked["orderId"], "status": "UNCHANGED"})
                    continue
                await self.act(asked["orderId"], {**asked, "name": Move.FORCE_CANCEL}, principal, origin)
            except Unavailable:
                raise
            except Refusal as refused:
                summary = "; ".join(fault.summary for fault in refused.faults)
                results.append({"orderId": asked["orderId"], "status": "FAILED", "summary": summary})
            else:
                results.append({"orderId": asked["orderId"], "status": "UPDATED"})
        if not found:
            raise Unknown(Fault("orders: none of these orders exists"))
        return results

    async def possible(self, order_id: str, principal: Principal) -> bytes:
        """What may be done with the order now, what not and why. Raises Unknown."""
        tenant = principal.tenant
        order = decode(await self._orders.read(tenant, order_id))
        now = self._clock.now(tenant)
        facts = await self._facts(principal, tenant, None)
        actions = []
        for move in ASKED_FOR:
            refused = refusal_of(move, order, now)
            unmet = acting.unmet_precondition(move, facts)
            reason = refused.text if refused else unmet.summary if unmet else None
            permission = TABLE[move].permission
            entry: dict[str, Any] = {
                "name": move,
                "possible": reason is None,
                "permitted": permission is None or principal.may(permission),
                "permission": permission,
                "version": order["version"],
            }
            actions.append(entry | ({"reason": reason} if reason else {}))
        return encode(
            {"orderId": order["id"], "status": status_at(order, now), "version": order["version"], "actions": actions}
        )

    async def expire(self, due: Due, _now: int) -> None:
        """Handles a timer of kind PROMISE_EXPIRY: ends the promise if its time has passed, and the timer with it.

        Nothing to do for an order that is no promise any more, or is gone; whoever runs timers then ends this one.
        """

        async def decide(now: int) -> Decision:
            order = decode(await self._orders.read(due.tenant, due.entity_id))
            decision = acting.expire(order, due.done(), now=now)
            if decision.happening is None:
                return decision
            held = await self._goods.held(due.tenant, due.entity_id)
            beside = self._goods.settled(Move.EXPIRE, decision.document, held, origin, now)
            return decision._replace(beside=beside)

        origin = Origin(due.tenant, HUB, f"timer {acting.PROMISE_EXPIRY}")
        with contextlib.suppress(Unknown):
            await self._writer.write(ORDER, origin, decide)

    async def _facts(self, principal: Principal, tenant: str, reason_id: str | None) -> acting.Facts:
        cancelation = await self._configurations.document(tenant, ORDER_CANCELATION)
        promises = await self._configurations.document(tenant, PROMISES)
        return acting.Facts(
            tenant=tenant,
            principal=principal,
            force_cancel_allowed=cancelation["allowForceCancelOrder"],
            promise_ms=validity_ms(promises),
            cancelation_reason=await self._references.reason(tenant, reason_id) if reason_id is not None else None,
        )
