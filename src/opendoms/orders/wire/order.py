"""An order as it is answered."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.cancelation.wire import CancelationReason
from opendoms.orders.wire.creation import OrderForCreation, OrderPaymentInfoForCreation, OrderStatus
from opendoms.orders.wire.custom_service import CustomServiceReference
from opendoms.orders.wire.line_item import OrderLineItem
from opendoms.orders.wire.pricing import OrderPricing
from opendoms.orders.wire.update import OrderUpdateDetail
from opendoms.web.wire_types import Int64, Timestamp, Wire


class WorkflowInformation(Wire, frozen=True, gc=False):
    """Whether the order is part of a workflow, and where it stands there."""

    is_available: Annotated[bool, Meta(extra_json_schema={"enum": [True, False]})]
    """Whether the order is part of a workflow."""
    instance_ref: str | UnsetType = UNSET
    """The id of the running workflow."""
    node_ref: str | UnsetType = UNSET
    """The id of the step within it."""


class OrderPaymentInfo(OrderPaymentInfoForCreation, frozen=True, gc=False, forbid_unknown_fields=False):
    """How the consumer pays."""

    method: str | UnsetType = UNSET
    """The name of the payment method in one language, derived from the localized ones."""


class Order(OrderForCreation, frozen=True, gc=False, forbid_unknown_fields=False, kw_only=True):
    """An order as it is stored."""

    id: str
    """The id of the order, made by the server."""
    version: Int64
    """Counts the changes of the order, from 1; whoever changes it sends the version that they have seen."""
    created: Timestamp | UnsetType = UNSET
    """When the order was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the order was last changed."""
    status: OrderStatus
    """Where the order stands."""
    process_id: str
    """The id of the process that ties everything about this order together."""
    order_line_items: tuple[OrderLineItem, ...]
    """What is ordered."""
    custom_services: Annotated[tuple[CustomServiceReference, ...], Meta(min_length=1)] | UnsetType = UNSET
    """Services that are ordered with the articles."""
    payment_info: OrderPaymentInfo | UnsetType = UNSET
    """How the consumer pays."""
    pricing: OrderPricing | UnsetType = UNSET
    """Discounts, fees and taxes of the whole order, with its total."""
    workflow_information: WorkflowInformation
    """Whether the order is part of a workflow."""
    update_details: Annotated[tuple[OrderUpdateDetail, ...], Meta(min_length=1)] | UnsetType = UNSET
    """The record of every edit, oldest first."""
    cancelation_reason: CancelationReason | UnsetType = UNSET
    """Why the order was cancelled."""
    anonymized: bool | UnsetType = UNSET
    """Whether personal data has been taken out."""
    schema_version: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    """The shape that the order was stored in."""
