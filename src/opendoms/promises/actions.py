"""What can be done with promises: make one, and say why it is as it is."""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.promises import PROMISES, validity_ms
from opendoms.db.engine import Engine
from opendoms.inventory.actions.listings import ListingActions
from opendoms.kernel.changeset import Changeset, Origin, Put, Taken, Timer, merged
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Unknown
from opendoms.orders.actions import OrderActions
from opendoms.orders.contended import ContendedWriter
from opendoms.orders.rules import creation
from opendoms.orders.rules.acting import PROMISE_EXPIRY
from opendoms.orders.rules.references import asked
from opendoms.promises.answer import Promise, answer_of
from opendoms.promises.explanation import explanation_from, reasons_of
from opendoms.promises.goods import OrderGoods
from opendoms.promises.model import Listing
from opendoms.promises.plan import Plan
from opendoms.promises.planning import Planning
from opendoms.promises.rules.telling import goods_detail
from opendoms.promises.rules.timing import with_target_time
from opendoms.promises.store import EXPLANATION_VERSION, EXPLANATIONS, QUERIES

ADDITIONAL_INFO: Final = "additionalInfo"

# A third of the size at a fraction of the time that more effort takes: a quarter of a millisecond for hundreds of
# facilities, less than it takes to hand it to a thread and back.
_COMPRESSION_LEVEL: Final = 1


class Promised(NamedTuple):
    """The id of the promised order, and the answer as it goes out."""

    order_id: str
    body: bytes


class Parts(NamedTuple):
    """What promises are put together from."""

    orders: OrderActions
    contended: ContendedWriter
    configurations: ConfigurationActions
    planning: Planning
    goods: OrderGoods
    listings: ListingActions


class PromiseActions:
    """Makes promises, and keeps their reasons."""

    def __init__(self, db: Engine, new_id: NewId, parts: Parts) -> None:
        self._db = db
        self._new_id = new_id
        self._parts = parts

    async def promise(self, request: Document, origin: Origin) -> Promised:
        """Decides, holds the goods and stores the order, all in one. Raises Invalid or Conflict as a creation does.

        Where goods are gone by the time they are to be held, it decides anew; in the end it says so, and holds nothing.
        """
        order = {name: value for name, value in request.items() if name != ADDITIONAL_INFO}
        info: Document = request.get(ADDITIONAL_INFO, {})
        references = asked(order)
        body = b""

        async def decide(now: int, *, held: bool) -> Decision:
            nonlocal body
            known = await self._parts.orders.known(origin.tenant, references)
            validity = await self._validity(origin.tenant, order)
            created = creation.promise(order, known, validity, now=now, new_id=self._new_id)
            planned = await self._parts.planning.plan(
                origin.tenant, created.document, now, additional_info=info, held=held
            )
            document = with_target_time(created.document, planned.plan)
            reserved = await self._parts.goods.reserve(planned, document, origin, now)
            until = instant_from(document["promisesOptions"]["validUntil"])
            promise = Promise(document["id"], document["version"], until)
            listings = await self._listings(origin.tenant, planned.plan, info)
            body = encode(answer_of(planned.plan, promise, self._new_id, listings))
            reasons = _kept(origin.tenant, promise.order_id, planned.plan)
            timer = Timer(origin.tenant, PROMISE_EXPIRY, promise.order_id, until)
            assert created.happening is not None  # noqa: S101 - narrows the type: a creation is told
            told = created.happening._replace(detail=goods_detail(planned.plan, planned.wanted))
            return Decision(document, told, (timer,), merged(reserved, reasons))

        try:
            written = await self._parts.contended.write(origin, decide)
        except Taken:
            raise await self._parts.orders.taken(origin.tenant, order["tenantOrderId"]) from None
        return Promised(written.document["id"], body)

    async def _validity(self, tenant: str, order: Document) -> int:
        if "promisesOptions" in order:
            return 0  # the order says so itself
        return validity_ms(await self._parts.configurations.document(tenant, PROMISES))

    async def _listings(self, tenant: str, plan: Plan, info: Document) -> dict[str, dict[str, Listing]] | None:
        """The custom attributes of the listings that the plan draws on, where they are asked for."""
        if not info.get("includeListingCustomAttributes"):
            return None
        drawn_on: dict[str, set[str]] = {}
        for hold in plan.holds():
            drawn_on.setdefault(hold.facility, set()).add(hold.article)
        for waiting in plan.waiting:
            drawn_on.setdefault(waiting.facility, set()).add(waiting.item.article)
        listings = {}
        for facility, articles in drawn_on.items():
            found = await self._parts.listings.of_articles(tenant, facility, list(articles))
            listings[facility] = {
                article: Listing(custom_attributes=document.get("customAttributes"))
                for article, document in found.items()
            }
        return listings

    async def explanation(self, tenant: str, order_id: str) -> bytes:
        """Why a promise is as it is. Raises Unknown."""
        row = await self._db.row(QUERIES.explanation, {"tenant": tenant, "id": order_id})
        if row is None:
            raise Unknown(
                Fault(f"Unknown promise of order {order_id[:64]}.", "Nothing is known of it, or it was not promised.")
            )
        return encode(explanation_from(decode(zlib.decompress(row[0]))))


def _kept(tenant: str, order_id: str, plan: Plan) -> Changeset:
    facts = zlib.compress(encode(reasons_of(plan)), _COMPRESSION_LEVEL)
    document = encode({"id": order_id, "version": EXPLANATION_VERSION})
    return Changeset(puts=(Put(EXPLANATIONS, tenant, order_id, None, EXPLANATION_VERSION, document, (facts,)),))
