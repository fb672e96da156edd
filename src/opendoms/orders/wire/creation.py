"""The body that creates an order."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.consumer import OrderForCreationConsumer
from opendoms.orders.wire.custom_service import CustomServiceReferenceForCreation
from opendoms.orders.wire.delivery import DeliveryPreferences
from opendoms.orders.wire.line_item import OrderLineItemForCreation
from opendoms.orders.wire.pricing import OrderPricingForCreation
from opendoms.web.wire_types import (
    LIST_MAX,
    Closed,
    CustomAttributes,
    LocaleString,
    Sticker,
    TagReference,
    TenantKey,
    Timestamp,
    Wire,
)

STICKERS_MAX = 100

OrderStatus = Literal["OPEN", "CANCELLED", "PROMISED", "LOCKED", "OBSOLETE"]
Stickers = Annotated[tuple[Sticker, ...], Meta(min_length=1, max_length=STICKERS_MAX)]
Tags = Annotated[tuple[TagReference, ...], Meta(min_length=1, max_length=LIST_MAX)]


class OrderSource(Closed, frozen=True, gc=False):
    """Where the order comes from, by one of two ids."""

    EXACTLY_ONE: ClassVar[tuple[str, ...]] = ("source_ref", "tenant_source_id")

    source_ref: str | UnsetType = UNSET
    """The source, by its id."""
    tenant_source_id: str | UnsetType = UNSET
    """The source, by the caller's own id."""


class OrderStatusReason(Wire, frozen=True, gc=False):
    """Why the order has a status."""

    status: OrderStatus
    """The status that the reason is about."""
    reason: str
    """The reason."""


class OrderPromisesOptions(Closed, frozen=True, gc=False):
    """How long a promised order waits for its confirmation."""

    valid_until: Timestamp
    """When the promise lapses: at least 1 minute and at most 8 hours from now."""


class OrderPaymentInfoForCreation(Closed, frozen=True, gc=False):
    """How the consumer pays."""

    method_localized: LocaleString | UnsetType = UNSET
    """The name of the payment method per locale."""
    currency: str | UnsetType = UNSET
    """The currency that the consumer paid in."""


class OrderForCreation(Closed, frozen=True, gc=False):
    """An order as the shop hands it over."""

    order_date: Timestamp
    """When the consumer placed the order."""
    order_line_items: Annotated[tuple[OrderLineItemForCreation, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """What was ordered, at least one line."""
    consumer: OrderForCreationConsumer
    """Who ordered."""
    tenant_order_id: TenantKey | UnsetType = UNSET
    """The caller's own number of the order; only one order that is open, locked or promised may have it."""
    status: OrderStatus | UnsetType = UNSET
    """OPEN where absent; LOCKED holds the order back until it is unlocked. The others cannot be asked for."""
    status_reasons: Annotated[tuple[OrderStatusReason, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Why the order has its status."""
    source: OrderSource | UnsetType = UNSET
    """Where the order comes from."""
    delivery_preferences: DeliveryPreferences | UnsetType = UNSET
    """How the goods are to reach the consumer; they are sent where absent."""
    payment_info: OrderPaymentInfoForCreation | UnsetType = UNSET
    """How the consumer pays."""
    pricing: OrderPricingForCreation | UnsetType = UNSET
    """Discounts, fees and taxes of the whole order."""
    promises_options: OrderPromisesOptions | UnsetType = UNSET
    """How long a promise holds."""
    custom_services: (
        Annotated[tuple[CustomServiceReferenceForCreation, ...], Meta(min_length=1, max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """Services that are ordered with the articles; left out rather than empty."""
    stickers: Stickers | UnsetType = UNSET
    """Labels that staff see; left out rather than empty."""
    tags: Tags | UnsetType = UNSET
    """Tags of the order; left out rather than empty."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own, at most 15,360 characters as JSON; keys neither start with $ nor contain a dot."""
