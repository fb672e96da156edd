"""Where orders are kept: the table with its promoted columns."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, ColumnValue, Index, Table
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.orders.search import ORDER_SEARCH, ORDER_TERMS
from opendoms.search.reading import Searched

ORDERS: Final = Table(
    "orders",
    columns=(
        Column("status", "text"),
        Column("tenant_order_id", "text"),
        Column("consumer_id", "text"),
        Column("order_date", "bigint"),
        Column("process_id", "text"),
        Column("created", "bigint"),
        Column("anonymized", "boolean"),
    ),
    unique=(("orders_live_tenant_order_id", ("tenant", "tenant_order_id")),),
    search_index=Index(ORDER_TERMS.index, ORDER_TERMS.entry, ORDER_TERMS.definition),
)
ORDERS_SEARCHED: Final = Searched(ORDER_SEARCH, ORDERS, ORDER_TERMS)

QUERIES: Final = Queries("opendoms.orders")


def promoted(document: Document) -> tuple[ColumnValue, ...]:
    """The values of ORDERS.columns for a document."""
    return (
        document["status"],
        document.get("tenantOrderId"),
        document["consumer"].get("consumerId"),
        instant_from(document["orderDate"]),
        document["processId"],
        instant_from(document["created"]),
        document["anonymized"],
    )


ORDER: Final = Entity("ORDER", ORDERS, promoted)
