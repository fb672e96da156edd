"""Where orders are kept: the table with its promoted columns, and the changeset of a decision."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Changeset, Column, ColumnValue, Event, Put, Table
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import encode
from opendoms.kernel.ids import NewId

KIND: Final = "ORDER"

ORDERS: Final = Table(
    "orders",
    columns=(
        Column("status", "text"),
        Column("tenant_order_id", "text"),
        Column("consumer_id", "text"),
        Column("order_date", "bigint"),
    ),
    unique=(("orders_live_tenant_order_id", ("tenant", "tenant_order_id")),),
)
LIVE_KEY: Final = "orders_live_tenant_order_id"

QUERIES: Final = Queries("opendoms.orders")


class Cause(NamedTuple):
    """Who changes an order, when (instant in ms) and by which request: what history tells."""

    tenant: str
    actor: str
    cause: str
    at: int


def promoted(document: Document) -> tuple[ColumnValue, ...]:
    """The values of ORDERS.columns for a document."""
    return (
        document["status"],
        document.get("tenantOrderId"),
        document["consumer"].get("consumerId"),
        instant_from(document["orderDate"]),
    )


def changeset(decision: Decision, happening: Happening, cause: Cause, new_id: NewId) -> tuple[bytes, Changeset]:
    """The order's new bytes, and everything that the decision writes. A version of 1 is a creation."""
    document = decision.document
    body = encode(document)
    order_id, version = document["id"], document["version"]
    put = Put(ORDERS, cause.tenant, order_id, version - 1 or None, version, body, promoted(document))
    event = Event(
        tenant=cause.tenant,
        entity_kind=KIND,
        entity_id=order_id,
        seq=version,
        event_id=new_id(),
        type=happening.type,
        at=cause.at,
        actor=cause.actor,
        cause=cause.cause,
        document=body,
        detail=encode(happening.detail) if happening.detail is not None else None,
    )
    return body, Changeset(puts=(put,), events=(event,), timers=decision.timers)
