"""What can be done with orders: read what a decision needs, let the rules decide, write the changeset."""

from __future__ import annotations

from typing import Any, NamedTuple

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.order_modification import ORDER_MODIFICATION
from opendoms.db.engine import Engine
from opendoms.db.sqlfile import Query
from opendoms.identity.principal import Principal
from opendoms.kernel.changeset import Origin, Taken
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault, Unknown
from opendoms.orders.contended import ContendedWriter
from opendoms.orders.goods import Goods
from opendoms.orders.references import References
from opendoms.orders.rules import creation, editing
from opendoms.orders.rules.references import NOTHING_KNOWN, Asked, Known
from opendoms.orders.rules.references import asked as asked_of
from opendoms.orders.store import QUERIES


class Page(NamedTuple):
    """A page of stored orders, newest first, and how many match in all."""

    documents: list[bytes]
    total: int


class OrderActions:
    """Takes in, reads, lists and edits orders of one hub."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is put together from
        self,
        db: Engine,
        contended: ContendedWriter,
        new_id: NewId,
        configurations: ConfigurationActions,
        references: References,
        goods: Goods,
    ) -> None:
        self._db = db
        self._contended = contended
        self._new_id = new_id
        self._configurations = configurations
        self._references = references
        self._goods = goods

    async def create(self, order: Document, origin: Origin) -> tuple[str, bytes]:
        """The id and the stored bytes of the new order. Raises Invalid, or Conflict where the business key is taken."""
        asked = asked_of(order)

        async def decide(now: int, *, held: bool) -> Decision:
            known = await self.known(origin.tenant, asked)
            decision = creation.create(order, known, now=now, new_id=self._new_id)
            return await self._goods.of_created(decision, origin, now, held=held)

        try:
            written = await self._contended.write(origin, decide)
        except Taken:
            raise await self.taken(origin.tenant, order["tenantOrderId"]) from None
        return written.document["id"], written.body

    async def known(self, tenant: str, asked: Asked) -> Known:
        """Looks up what is referred to; most orders refer to nothing, and then nothing is read."""
        return await self._references.known(tenant, asked) if asked.anything() else NOTHING_KNOWN

    async def taken(self, tenant: str, tenant_order_id: str) -> Conflict:
        """The refusal of a business key that another live order holds, naming that order."""
        holder = await self._db.row(
            QUERIES.live_order_by_tenant_order_id, {"tenant": tenant, "tenant_order_id": tenant_order_id}
        )
        if holder is None:
            held = "was held by an order that has ended in the meantime"
            return Conflict(Fault(f"tenantOrderId: {tenant_order_id} {held}", "Send the request again."))
        return Conflict(
            Fault(
                f"tenantOrderId: {tenant_order_id} is held by order {holder[0]}, which is {holder[1]}",
                "Cancel that order first, or send another tenantOrderId.",
            )
        )

    async def read(self, tenant: str, order_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        row = await self._db.row(QUERIES.order_document, {"tenant": tenant, "id": order_id})
        if row is None:
            raise Unknown(Fault(f"Unknown order {order_id[:64]}.", "Nothing is stored under this id."))
        document: bytes = row[0]
        return document

    async def list(
        self, tenant: str, *, before: str, size: int, tenant_order_id: str | None, consumer_id: str | None
    ) -> Page:
        """At most `size` orders with ids below `before`, newest first, and the number of all that match the filters."""
        filters: dict[str, Any] = {"tenant": tenant}
        if tenant_order_id is not None:
            filters["tenant_order_id"] = tenant_order_id
        if consumer_id is not None:
            filters["consumer_id"] = consumer_id
        page, count = _list_queries(tenant_order_id is not None, consumer_id is not None)
        rows = await self._db.rows(page, {**filters, "before": before, "size": size})
        total = await self._db.rows(count, filters)
        return Page([row[0] for row in rows], total[0][0])

    async def edit(self, order_id: str, change: Document, principal: Principal, origin: Origin) -> bytes:
        """The stored bytes after the change. Raises Forbidden, Unknown, VersionConflict or Invalid, in this order."""
        editing.check_permissions(change, principal)

        async def decide(now: int, *, held: bool) -> Decision:
            stored = decode(await self.read(origin.tenant, order_id))
            configuration = await self._configurations.document(origin.tenant, ORDER_MODIFICATION)
            known = await self.known(origin.tenant, asked_of(change))
            editor = editing.Editor(principal, configuration["allowOrderLineItemModification"], known)
            decision = editing.edit(stored, change, editor, now=now, new_id=self._new_id)
            return await self._goods.of_edited(stored, decision, origin, now, held=held)

        return (await self._contended.write(origin, decide)).body


def _list_queries(by_tenant_order_id: bool, by_consumer_id: bool) -> tuple[Query, Query]:  # noqa: FBT001 - two filters, four queries
    match by_tenant_order_id, by_consumer_id:
        case True, True:
            return (
                QUERIES.list_orders_by_tenant_order_id_and_consumer_id,
                QUERIES.count_orders_by_tenant_order_id_and_consumer_id,
            )
        case True, False:
            return QUERIES.list_orders_by_tenant_order_id, QUERIES.count_orders_by_tenant_order_id
        case False, True:
            return QUERIES.list_orders_by_consumer_id, QUERIES.count_orders_by_consumer_id
        case _:
            return QUERIES.list_orders, QUERIES.count_orders
