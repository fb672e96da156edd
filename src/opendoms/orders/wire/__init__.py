"""What orders look like on the wire: requests, answers and the parameters of the list."""

from __future__ import annotations

from opendoms.orders.wire.creation import OrderForCreation, OrderStatus
from opendoms.orders.wire.list import OrderListQuery, StrippedOrder, StrippedOrderLineItem, StrippedOrders
from opendoms.orders.wire.order import Order
from opendoms.orders.wire.update import OrderForUpdate

__all__ = [
    "Order",
    "OrderForCreation",
    "OrderForUpdate",
    "OrderListQuery",
    "OrderStatus",
    "StrippedOrder",
    "StrippedOrderLineItem",
    "StrippedOrders",
]
