"""The body that asks for a promise: an order that is not placed yet."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.consumer import OrderForCreationConsumer
from opendoms.orders.wire.creation import (
    OrderPaymentInfoForCreation,
    OrderPromisesOptions,
    OrderStatus,
    OrderStatusReason,
    Stickers,
    Tags,
)
from opendoms.orders.wire.custom_service import CustomServiceReferenceForCreation
from opendoms.orders.wire.delivery import DeliveryPreferences
from opendoms.orders.wire.line_item import OrderLineItemForCreation
from opendoms.web.wire_types import LIST_MAX, Closed, CustomAttributes, TenantKey, Timestamp, Wire

# The contract's level is above 0; its older way of saying so keeps the minimum as 0.
Level = Annotated[float, Meta(gt=0, le=1, extra_json_schema={"published": {"minimum": 0}})]


class ResourceInvestment(Wire, frozen=True, gc=False):
    """How hard the fewest shipments are looked for."""

    level: Level
    """Above 0 and at most 1; more takes longer, and finds the fewest shipments of larger orders. 0.2 where absent."""


class PromiseRequestAdditionalInfo(Wire, frozen=True, gc=False):
    """What the promise is to take into account, or to answer besides."""

    include_listing_custom_attributes: bool | UnsetType = UNSET
    """Whether the custom attributes of the listings concerned are answered; taken as false where absent."""
    resource_investment: ResourceInvestment | UnsetType = UNSET
    """How hard the fewest shipments are looked for."""


class PromiseRequest(Closed, frozen=True, gc=False):
    """An order that the consumer has not placed yet: what they would get, from where, and when."""

    order_date: Timestamp
    """When the consumer asks."""
    order_line_items: Annotated[tuple[OrderLineItemForCreation, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """What is in the basket, at least one line."""
    consumer: OrderForCreationConsumer
    """Who asks, and where the goods would go."""
    tenant_order_id: TenantKey | UnsetType = UNSET
    """The caller's own number of the order; it can also be told when the promise is confirmed."""
    status: OrderStatus | UnsetType = UNSET
    """Has no effect: what is promised begins as PROMISED."""
    status_reasons: Annotated[tuple[OrderStatusReason, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Why the order has its status."""
    delivery_preferences: DeliveryPreferences | UnsetType = UNSET
    """How the goods are to reach the consumer; they are sent where absent."""
    payment_info: OrderPaymentInfoForCreation | UnsetType = UNSET
    """How the consumer pays."""
    promises_options: OrderPromisesOptions | UnsetType = UNSET
    """How long the promise is to hold; as long as the configuration says where absent."""
    custom_services: (
        Annotated[tuple[CustomServiceReferenceForCreation, ...], Meta(min_length=1, max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """Services that are ordered with the articles, and bundles; left out rather than empty."""
    stickers: Stickers | UnsetType = UNSET
    """Labels that staff see; left out rather than empty."""
    tags: Tags | UnsetType = UNSET
    """Tags of the order; left out rather than empty."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own, at most 15,360 characters as JSON; keys neither start with $ nor contain a dot."""
    additional_info: PromiseRequestAdditionalInfo | UnsetType = UNSET
    """What concerns this promise alone; it does not become part of the order."""
