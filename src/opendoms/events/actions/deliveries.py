"""Shows deliveries, and has one tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import ATTEMPTS_MAX
from opendoms.db.sqlfile import Query
from opendoms.events.rules import delivery as rules
from opendoms.events.rules.lanes import Row
from opendoms.events.store import QUERIES, delivery_put
from opendoms.kernel.changeset import Changeset, Stale
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Fault, Invalid, Unavailable, Unknown


class Asked(NamedTuple):
    """Which deliveries: with ids below `before`; None does not filter."""

    before: str
    size: int
    subscription_id: str | None = None
    entity_id: str | None = None
    state: str | None = None


class Page(NamedTuple):
    """A page of stored deliveries, newest first."""

    documents: list[bytes]
    has_next_page: bool


class DeliveryActions:
    """Shows what became of events. `hurry` is called when one is to be tried at once."""

    def __init__(self, db: Engine, clock: Clock, hurry: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._hurry = hurry

    async def list(self, tenant: str, asked: Asked) -> Page:
        """The deliveries that are asked for."""
        query, filters = _query(asked)
        rows = await self._db.rows(query, {"tenant": tenant, "before": asked.before, "size": asked.size + 1, **filters})
        return Page([row[0] for row in rows[: asked.size]], len(rows) > asked.size)

    async def read(self, tenant: str, delivery_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        return encode((await self._stored(tenant, delivery_id)).delivery)

    async def redeliver(self, tenant: str, delivery_id: str) -> bytes:
        """The delivery, which is tried at once, whatever has become of it before. Raises Unknown or Invalid."""
        for _ in range(ATTEMPTS_MAX):
            row = await self._stored(tenant, delivery_id)
            subscription_id = row.delivery["subscriptionId"]
            if await self._db.row(QUERIES.subscription, {"tenant": tenant, "id": subscription_id}) is None:
                raise Invalid(Fault(f"Subscription {subscription_id} of this delivery is gone."))
            # Deliveries go by the machine's time, whatever the clock of a sandbox shows.
            after = rules.redelivered(row.delivery, now=self._clock.now(""))
            after["version"] += 1
            try:
                await self._db.apply(Changeset(puts=(delivery_put(tenant, row._replace(delivery=after)),)))
            except Stale:
                continue
            self._hurry()
            return encode(after)
        raise Unavailable(Fault("The delivery is being tried just now.", "Read it again."))

    async def _stored(self, tenant: str, delivery_id: str) -> Row:
        row = await self._db.row(QUERIES.delivery_row, {"tenant": tenant, "id": delivery_id})
        if row is None:
            raise Unknown(Fault(f"Unknown delivery {delivery_id[:64]}.", "Nothing is stored under this id."))
        document: Document = decode(row[0])
        return Row(document, row[1], row[2], stored=True)


def _query(asked: Asked) -> tuple[Query, dict[str, Any]]:
    """The read with an index for these filters, and its parameters."""
    subscription: dict[str, Any] = {} if asked.subscription_id is None else {"subscription_id": asked.subscription_id}
    if asked.entity_id is not None:
        given = {"entity_id": asked.entity_id, "subscription_id": "", "state": asked.state or ""}
        return QUERIES.list_deliveries_of_entity, given | subscription
    match asked.state:
        case None:
            query = QUERIES.list_deliveries_of_subscription if subscription else QUERIES.list_deliveries
            return query, subscription
        case rules.DELIVERED:
            query = QUERIES.list_delivered_of_subscription if subscription else QUERIES.list_delivered
            return query, subscription
        case state:
            query = QUERIES.list_undelivered_of_subscription if subscription else QUERIES.list_undelivered
            return query, {"state": state, **subscription}
