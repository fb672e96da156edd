"""What the order costs beside its lines, and the totals that the server makes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LocaleString, MonetaryValue, Percentage, Wire

PRICING_ENTRIES_MAX = 100


class OrderPricingDiscount(Wire, frozen=True, gc=False):
    """Something taken off the whole order."""

    type: Literal["ABSOLUTE", "PERCENTAGE"] | UnsetType = UNSET
    """Whether `value` or `percentage` says how much."""
    value: MonetaryValue | UnsetType = UNSET
    """The amount, positive; required for ABSOLUTE."""
    percentage: Percentage | UnsetType = UNSET
    """The share in percent, from 0 to 100; required for PERCENTAGE."""
    name: str | UnsetType = UNSET
    """What the discount is called."""
    name_localized: LocaleString | UnsetType = UNSET
    """What it is called, per locale."""
    code: str | UnsetType = UNSET
    """The code that the consumer typed in."""
    context: str | UnsetType = UNSET
    """Where the discount comes from."""
    tenant_discount_id: str | UnsetType = UNSET
    """The caller's own id of the discount."""


class OrderPricingFee(Wire, frozen=True, gc=False):
    """Something added to the whole order, such as shipping."""

    name: str | UnsetType = UNSET
    """What the fee is called."""
    value: MonetaryValue | UnsetType = UNSET
    """The amount."""


class OrderPricingTax(Wire, frozen=True, gc=False):
    """A tax on the order."""

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


class OrderPricingForCreation(Wire, frozen=True, gc=False):
    """Discounts, fees and taxes of the whole order."""

    discounts: Annotated[tuple[OrderPricingDiscount, ...], Meta(max_length=PRICING_ENTRIES_MAX)] | UnsetType = UNSET
    """What is taken off."""
    fees: Annotated[tuple[OrderPricingFee, ...], Meta(max_length=PRICING_ENTRIES_MAX)] | UnsetType = UNSET
    """What is added."""
    taxes: Annotated[tuple[OrderPricingTax, ...], Meta(max_length=PRICING_ENTRIES_MAX)] | UnsetType = UNSET
    """The taxes; where there are none, those of the lines count."""


class OrderDiscountBreakdown(Wire, frozen=True, gc=False):
    """Discounts by where they come from; zero or negative."""

    line_item_discounts: MonetaryValue | UnsetType | None = UNSET
    """The sum of the lines' discounts."""
    order_discounts: MonetaryValue | UnsetType | None = UNSET
    """The sum of the order's discounts."""


class OrderTotalDiscounts(Wire, frozen=True, gc=False):
    """All discounts; zero or negative."""

    value: MonetaryValue | UnsetType | None = UNSET
    """The sum."""
    breakdown: OrderDiscountBreakdown | UnsetType = UNSET
    """The sum by origin."""


class OrderPricingTotals(Wire, frozen=True, gc=False):
    """The parts of the total; what cannot be computed is left out."""

    sub_total: MonetaryValue | UnsetType | None = UNSET
    """The lines before discounts, surcharges, taxes and fees."""
    total_discounts: OrderTotalDiscounts | UnsetType | None = UNSET
    """All discounts."""
    total_line_item_surcharges: MonetaryValue | UnsetType | None = UNSET
    """The sum of the lines' surcharges."""
    total_taxes: MonetaryValue | UnsetType | None = UNSET
    """The sum of the taxes."""
    total_fees: MonetaryValue | UnsetType | None = UNSET
    """The sum of the fees."""
    total: MonetaryValue | UnsetType | None = UNSET
    """What the order costs altogether."""


class OrderPricingTotal(Wire, frozen=True, gc=False):
    """The total that the server computed."""

    price_breakdown: OrderPricingTotals | UnsetType = UNSET
    """The total and its parts."""


class OrderPricing(OrderPricingForCreation, frozen=True, gc=False):
    """Discounts, fees and taxes of a stored order, with its total."""

    total: OrderPricingTotal | UnsetType = UNSET
    """The total that the server computed."""
