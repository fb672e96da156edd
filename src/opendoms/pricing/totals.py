"""Price totals of orders and order records.

The formula, in whole minor units; every amount of a line and of the order is rounded half-up on its own:

    line base      = basePrice.value x quantity / basePrice.valueOfMeasureForBasePrice (1 where absent)
    subTotal       = sum of line bases
    line discount  = sum of discount.value, or, where there is none, discount.percentage of the line base
    surcharges     = sum of surcharge.value
    order discount = its value, or its percentage of (subTotal - line discounts + surcharges)
    discounts      = -(line discounts + order discounts)
    taxes          = sum of pricing.taxes; where the order has no such member, the lines' tax.value, or, where a line
                     has none, tax.percentage of (line base - line discount)
    fees           = sum of pricing.fees
    total          = subTotal + discounts + surcharges + taxes + fees

A part that nothing speaks of is zero. A part is **not computable** (and so is what builds on it) where

- something that it needs is missing: a line without a base price has no line base;
- a number is none, is out of bounds (`kernel.money.exact`: NaN, Infinity, 1e999999, 10,000 digits), or has the wrong
  sign: a measure must be greater than zero, base prices, discounts and tax rates zero or more, discount percentages 0
  to 100. Surcharges, fees and taxes may be negative. The quantity of a record may be negative (a return): its line
  base is negative, and a percentage off it gives back less;
- a currency is not in ISO 4217 or the decimal places are not 0 to MAX_DECIMAL_PLACES;
- an attribute that can count once (price, measure, currency, decimalPlaces) is given twice and differs;
- its amounts are in several currencies, or its result needs more than 64 bits.

One currency with several numbers of decimal places: the whole computation uses the largest. A line's discounts,
surcharges and taxes are in the currency and the decimal places of its base price unless they carry their own. Zero is
in the currency of subTotal, or, where that is not computable, in the one currency that all inputs share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from opendoms.kernel.decision import Document
from opendoms.kernel.money import Exact, Money, fits, half_up, minor_units
from opendoms.pricing.inputs import NOTHING, PRICE_CATEGORIES, Amount, Inputs, Line, Part, read

_HUNDRED: Final = 100


class Totals(msgspec.Struct, frozen=True, gc=False):
    """The computed parts, discounts as zero or less. None: not computable."""

    sub_total: Money | None
    line_item_discounts: Money | None
    order_discounts: Money | None
    discounts: Money | None
    surcharges: Money | None
    taxes: Money | None
    fees: Money | None
    total: Money | None


def compute(line_items: Sequence[Document], pricing: Document | None) -> Totals | None:
    """The totals of lines and an order-level `pricing`; None where no readable amount names a currency."""
    if not pricing and not _any_priced(line_items):
        return None
    inputs = read(line_items, pricing or {})
    places = _places(inputs)
    if not places:
        return None
    return _Computation(places).totals(inputs)


def _any_priced(line_items: Sequence[Document]) -> bool:
    # The usual order has no price at all: this loop is all that it pays.
    for line in line_items:
        for attribute in line["article"].get("attributes") or ():
            if attribute.get("category") in PRICE_CATEGORIES:
                return True
    return False


class _LineSums(msgspec.Struct, frozen=True, gc=False):
    """What the lines contribute beside their prices. None: not computable."""

    discounts: Money | None
    surcharges: Money | None
    taxes: Money | None


class _Computation:
    """The formula over what was read. `places` are the decimal places that each currency is computed with."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._home = next(iter(places)) if len(places) == 1 else None

    def totals(self, inputs: Inputs) -> Totals:
        """All parts, in the order in which they build on each other."""
        bases = [self._rounded(line.base) for line in inputs.lines]
        sub_total = self._sum(bases)
        if sub_total is not None:
            self._home = sub_total.currency
        # Most have prices and taxes and nothing else: one zero stands for every sum of nothing.
        nothing = self._sum(())
        lines = self._of_lines(inputs.lines, bases, nothing)
        order_discounts = nothing
        if inputs.discounts is not NOTHING:
            discountable = self._sum((sub_total, lines.discounts, lines.surcharges))
            order_discounts = self._sum(self._discounts(inputs.discounts, discountable))
        discounts = nothing
        if not (lines.discounts is order_discounts is nothing):
            discounts = self._sum((lines.discounts, order_discounts))
        taxes = lines.taxes if inputs.taxes is None else self._sum(self._amounts(inputs.taxes, None))
        fees = nothing if inputs.fees is NOTHING else self._sum(self._amounts(inputs.fees, None))
        total = self._sum((sub_total, discounts, lines.surcharges, taxes, fees))
        return Totals(sub_total, lines.discounts, order_discounts, discounts, lines.surcharges, taxes, fees, total)

    def _of_lines(self, lines: Sequence[Line], bases: Sequence[Money | None], nothing: Money | None) -> _LineSums:
        if not any(line.more for line in lines):
            return _LineSums(nothing, nothing, nothing)
        reductions = [self._discounts(line.discount, base) for line, base in zip(lines, bases, strict=True)]
        discounted = [self._sum((base, *parts)) for base, parts in zip(bases, reductions, strict=True)]
        return _LineSums(
            discounts=self._sum(part for parts in reductions for part in parts),
            surcharges=self._sum(part for line in lines for part in self._amounts(line.surcharge, None)),
            taxes=self._sum(
                part for line, base in zip(lines, discounted, strict=True) for part in self._amounts(line.tax, base)
            ),
        )

    def _rounded(self, amount: Amount | None) -> Money | None:
        if amount is None:
            return None
        places = self._places[amount.currency]
        return Money(minor_units(amount.number, amount.decimal_places, places), amount.currency, places)

    def _amounts(self, part: Part, base: Money | None) -> list[Money | None]:
        """The amounts of a part, per line or per order and never per unit, its percentages taken of `base`."""
        if part is NOTHING:
            return []
        amounts = [self._rounded(amount) for amount in part.amounts]
        amounts += [_share(base, percentage) for percentage in part.percentages]
        return amounts

    def _discounts(self, part: Part, base: Money | None) -> list[Money | None]:
        if part is NOTHING:
            return []
        return [
            None if amount is None else Money(-amount.value, amount.currency, amount.decimal_places)
            for amount in self._amounts(part, base)
        ]

    def _sum(self, parts: Iterable[Money | None]) -> Money | None:
        value, currency = 0, None
        for part in parts:
            if part is None or currency not in (None, part.currency):
                return None
            value += part.value
            currency = part.currency
        currency = currency or self._home
        if currency is None or not fits(value):
            return None
        return Money(value, currency, self._places[currency])


def _share(base: Money | None, percentage: Exact | None) -> Money | None:
    if base is None or percentage is None:
        return None
    value = half_up(base.value * percentage.numerator, _HUNDRED * percentage.denominator)
    return Money(value, base.currency, base.decimal_places)


def _places(inputs: Inputs) -> dict[str, int]:
    """Currency -> the largest number of decimal places that any readable amount has in it."""
    amounts = [line.base for line in inputs.lines]
    for part in (inputs.discounts, inputs.fees, inputs.taxes or NOTHING):
        amounts += part.amounts
    for line in inputs.lines:
        if line.more:
            amounts += (*line.discount.amounts, *line.surcharge.amounts, *line.tax.amounts)
    places: dict[str, int] = {}
    for amount in amounts:
        if amount is not None and amount.decimal_places >= places.get(amount.currency, 0):
            places[amount.currency] = amount.decimal_places
    return places


def breakdown_of(computed: Totals) -> Document:
    """The `priceBreakdown` of computed totals: always all six members, null where one cannot be computed."""
    split = {
        "lineItemDiscounts": _wire(computed.line_item_discounts),
        "orderDiscounts": _wire(computed.order_discounts),
    }
    known = any(money is not None for money in split.values())
    return {
        "subTotal": _wire(computed.sub_total),
        "totalDiscounts": {"value": _wire(computed.discounts), "breakdown": split} if known else None,
        "totalLineItemSurcharges": _wire(computed.surcharges),
        "totalTaxes": _wire(computed.taxes),
        "totalFees": _wire(computed.fees),
        "total": _wire(computed.total),
    }


def pricing_with(pricing: Document | None, breakdown: Document | None) -> Document | None:
    """The `pricing` that is stored: the caller's members with `total.priceBreakdown`; None where there is none.

    A `total` that was there before, from the caller or from an earlier computation, never survives.
    """
    if breakdown is not None:
        return {**(pricing or {}), "total": {"priceBreakdown": breakdown}}
    if not pricing or "total" not in pricing:
        return pricing
    return {name: member for name, member in pricing.items() if name != "total"} or None


def _wire(money: Money | None) -> Document | None:
    if money is None:
        return None
    return {"value": money.value, "currency": money.currency, "decimalPlaces": money.decimal_places}
