"""What the sale cost beside its lines, how it was paid, and the totals that the server makes of it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LocaleString, MonetaryValue, Percentage, Wire

PRICING_ENTRIES_MAX: Final = 100


class OrderRecordPayment(Wire, frozen=True, gc=False):
    """One payment of the sale."""

    value: MonetaryValue
    """The amount."""
    status: Literal["COMPLETED", "FAILED", "CANCELLED", "REFUNDED", "PARTIALLY_REFUNDED"] | UnsetType = UNSET
    """What became of the payment."""
    payment_method: str | UnsetType = UNSET
    """How it was paid."""
    transaction_id: str | UnsetType = UNSET
    """What the payment provider calls it."""
    receipt_number: str | UnsetType = UNSET
    """The number on the receipt."""
    tax_value: MonetaryValue | UnsetType = UNSET
    """How much of the amount is tax."""


class OrderRecordDiscount(Wire, frozen=True, gc=False):
    """Something taken off the whole sale."""

    type: str | UnsetType = UNSET
    """With ABSOLUTE `value` is required, with PERCENTAGE `percentage`; any other text is kept."""
    value: MonetaryValue | UnsetType = UNSET
    """The amount, positive."""
    percentage: Percentage | UnsetType = UNSET
    """The share in percent, from 0 to 100."""
    name: str | UnsetType = UNSET
    """What the discount is called."""
    name_localized: LocaleString | UnsetType = UNSET
    """What it is called, per locale."""
    code: str | UnsetType = UNSET
    """The code that the consumer showed."""
    context: str | UnsetType = UNSET
    """Where the discount comes from."""
    tenant_discount_id: str | UnsetType = UNSET
    """The caller's own id of the discount."""


class OrderRecordFee(Wire, frozen=True, gc=False):
    """Something added to the whole sale."""

    name: str | UnsetType = UNSET
    """What the fee is called."""
    value: MonetaryValue | UnsetType = UNSET
    """The amount."""


class OrderRecordTax(Wire, frozen=True, gc=False):
    """A tax on the sale."""

    value: MonetaryValue
    """The amount."""
    type: str | UnsetType = UNSET
    """Which tax it is."""
    rate_percent: float | UnsetType = UNSET
    """The rate in percent."""
    scope: str | UnsetType = UNSET
    """What the tax is levied on."""
    taxable_value: MonetaryValue | UnsetType = UNSET
    """The amount that the tax was computed from."""


class OrderRecordPricingForCreation(Wire, frozen=True, gc=False):
    """Discounts, fees and taxes of the whole sale."""

    discounts: Annotated[tuple[OrderRecordDiscount, ...], Meta(max_length=PRICING_ENTRIES_MAX)] | UnsetType = UNSET
    """What is taken off."""
    fees: Annotated[tuple[OrderRecordFee, ...], Meta(max_length=PRICING_ENTRIES_MAX)] | UnsetType = UNSET
    """What is added."""
    taxes: Annotated[tuple[OrderRecordTax, ...], Meta(max_length=PRICING_ENTRIES_MAX)] | UnsetType = UNSET
    """The taxes; where there are none, those of the lines count."""


class OrderRecordDiscountBreakdown(Wire, frozen=True, gc=False):
    """Discounts by where they come from; zero or negative, null where not computable."""

    line_item_discounts: MonetaryValue | None
    """The sum of the lines' discounts."""
    order_discounts: MonetaryValue | None
    """The sum of the whole sale's discounts."""


class OrderRecordTotalDiscounts(Wire, frozen=True, gc=False):
    """All discounts; zero or negative."""

    value: MonetaryValue | None
    """The sum, or null where it is not computable."""
    breakdown: OrderRecordDiscountBreakdown
    """The sum by origin."""


class OrderRecordTotals(Wire, frozen=True, gc=False):
    """The parts of the total; null where one cannot be computed."""

    sub_total: MonetaryValue | None
    """The lines before discounts, surcharges, taxes and fees."""
    total_discounts: OrderRecordTotalDiscounts | None
    """All discounts."""
    total_line_item_surcharges: MonetaryValue | None
    """The sum of the lines' surcharges."""
    total_taxes: MonetaryValue | None
    """The sum of the taxes."""
    total_fees: MonetaryValue | None
    """The sum of the fees."""
    total: MonetaryValue | None
    """What the sale cost altogether."""


class OrderRecordPricingTotal(Wire, frozen=True, gc=False):
    """The total that the server computed."""

    price_breakdown: OrderRecordTotals | UnsetType = UNSET
    """The total and its parts."""


class OrderRecordPricing(OrderRecordPricingForCreation, frozen=True, gc=False):
    """Discounts, fees and taxes of a stored order record, with its total."""

    total: OrderRecordPricingTotal | UnsetType = UNSET
    """The total that the server computed; absent where nothing names a price."""
