"""The body that edits an order, and the record of such edits."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.consumer import OrderForCreationConsumer
from opendoms.orders.wire.line_item import OrderLineItemForUpdate
from opendoms.orders.wire.pricing import OrderPricingForCreation
from opendoms.web.wire_types import LIST_MAX, Closed, CustomAttributes, Int64, Timestamp, Wire


class OrderForUpdate(Closed, frozen=True, gc=False):
    """What is to change about an order; what is left out stays."""

    version: Int64
    """The version that the change was made from; it must still be the stored one."""
    order_line_items: Annotated[tuple[OrderLineItemForUpdate, ...], Meta(max_length=LIST_MAX)] | UnsetType | None = (
        UNSET
    )
    """All lines as they are to be: lines that are not named go. Null leaves them as they are."""
    consumer: OrderForCreationConsumer | UnsetType = UNSET
    """The whole consumer as it is to be."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """The attributes as they are to be; null takes them away."""
    preferred_handling_time: Timestamp | UnsetType = UNSET
    """When the goods are to be ready for collection, or to be delivered if they are sent."""
    pricing: OrderPricingForCreation | UnsetType = UNSET
    """Discounts, fees and taxes; each list that is given replaces the stored one."""
    comment: str | UnsetType = UNSET
    """Why the order is changed; kept with the record of the edit."""


class OrderUpdateDetailChanges(Wire, frozen=True, gc=False):
    """What an edit asked for and got."""

    consumer: OrderForCreationConsumer | UnsetType = UNSET
    """The consumer that was set."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """The attributes that were set, or null where they were taken away."""
    order_line_items: tuple[OrderLineItemForUpdate, ...] | UnsetType | None = UNSET
    """The lines that were set."""
    preferred_handling_time: Timestamp | UnsetType = UNSET
    """The time that was set."""


class OrderUpdateDetail(Wire, frozen=True, gc=False):
    """The record of one edit."""

    created: Timestamp
    """When the order was edited."""
    changes: OrderUpdateDetailChanges
    """What was changed."""
    user: str | UnsetType = UNSET
    """Who edited the order."""
    comment: str | UnsetType = UNSET
    """Why, in the words of whoever edited it."""
