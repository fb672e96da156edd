"""A finished sale as a till or an old system hands it over."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.records.wire.consumer import OrderRecordConsumer
from opendoms.records.wire.line_item import OrderRecordLineItemForCreation
from opendoms.records.wire.pricing import OrderRecordPayment, OrderRecordPricingForCreation
from opendoms.web.wire_types import LIST_MAX, CustomAttributes, TenantKey, Timestamp, Wire

PAYMENTS_MAX: Final = 100

# A facility is looked up by it, so it is bounded and storable like the caller's own ids. Long enough for a URN.
FacilityReference = Annotated[
    str,
    Meta(
        max_length=512,
        pattern=r"^[^\x00]*\Z",
        extra_json_schema={"published": {"pattern": r"^[^\u0000]*$"}},
    ),
]


class OrderRecordPosOrigin(Wire, frozen=True, gc=False):
    """The till that the sale was made at."""

    type: Literal["POS"]
    """What kind of origin this is; there is only one so far."""
    terminal_id: str | UnsetType = UNSET
    """The till."""
    cashier_id: str | UnsetType = UNSET
    """Who sat at it."""


class OrderRecordForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """A finished sale; members that are not named here are kept."""

    tenant_order_record_id: TenantKey | UnsetType = UNSET
    """The caller's own number of the sale, which makes it the same sale when it is sent again. Without one, every
    sending is another sale."""
    order_record_date: Timestamp
    """When the sale was made."""
    facility_ref: FacilityReference
    """Where it was made: the id of the facility, or `urn:fft:facility:tenantFacilityId:` and the caller's own."""
    line_items: Annotated[tuple[OrderRecordLineItemForCreation, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """What was sold, at least one line."""
    consumer: OrderRecordConsumer | UnsetType = UNSET
    """Who bought."""
    origin: OrderRecordPosOrigin | UnsetType = UNSET
    """What the sale was made at."""
    payments: Annotated[tuple[OrderRecordPayment, ...], Meta(max_length=PAYMENTS_MAX)] | UnsetType = UNSET
    """How it was paid."""
    pricing: OrderRecordPricingForCreation | UnsetType = UNSET
    """Discounts, fees and taxes of the whole sale."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own, at most 15,360 characters as JSON; keys neither start with $ nor contain a dot."""
