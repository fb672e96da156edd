"""Listing orders: what may be asked, and what is answered per order."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.creation import OrderStatus
from opendoms.web.wire_types import LIST_SIZE_DEFAULT, Int64, PageSize, Quantity, Sticker, TenantKey, Timestamp, Wire


class OrderListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of orders; all of them must hold."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last order of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many orders a page holds at most."""
    tenant_order_id: TenantKey | UnsetType = UNSET
    """Only orders with this number of the caller's own."""
    consumer_id: TenantKey | UnsetType = UNSET
    """Only orders of the consumer with this id of the caller's own."""


class StrippedOrderLineItem(Wire, frozen=True, gc=False):
    """A line in short."""

    quantity: Quantity
    """How much is ordered."""
    title: str
    """The name of the article."""


class StrippedOrder(Wire, frozen=True, gc=False):
    """An order in short."""

    id: str
    """The id of the order."""
    version: Int64
    """The version of the order."""
    status: OrderStatus
    """Where the order stands."""
    order_date: Timestamp
    """When the consumer placed the order."""
    tenant_order_id: str | UnsetType = UNSET
    """The caller's own number of the order."""
    process_ref: str | UnsetType = UNSET
    """The id of the process that ties everything about this order together."""
    created: Timestamp | UnsetType = UNSET
    """When the order was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the order was last changed."""
    order_line_items: tuple[StrippedOrderLineItem, ...] | UnsetType = UNSET
    """The lines in short."""
    stickers: tuple[Sticker, ...] | UnsetType = UNSET
    """Labels that staff see."""


class StrippedOrders(Wire, frozen=True, gc=False):
    """One page of orders, newest first."""

    orders: tuple[StrippedOrder, ...]
    """The orders of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many orders match, on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""
