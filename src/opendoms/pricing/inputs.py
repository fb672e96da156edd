"""What an order says about prices: read out of line attributes and the order-level `pricing`, bounded and exact.

What counts and what does not is described at the head of `pricing`. Here None stands for "given, but not computable".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from opendoms.kernel.decision import Document
from opendoms.kernel.money import DECIMAL_PLACES, MAX_DECIMAL_PLACES, Exact, exact

# The categories of line attributes that the totals are computed from.
PRICE_CATEGORIES: Final = frozenset({"basePrice", "discount", "surcharge", "tax"})
_HUNDRED: Final = 100

# The attributes of one category of one line: key -> its values in the order they were sent.
_Keys = Mapping[str, Sequence[str]]
_NO_KEYS: Final[_Keys] = {}


class Amount(msgspec.Struct, frozen=True, gc=False):
    """An amount as it was given: not yet rounded, in units of `decimal_places` of a known currency."""

    number: Exact
    currency: str
    decimal_places: int


class Part(msgspec.Struct, frozen=True, gc=False):
    """What a line or an order-level block contributes: amounts, and percentages of a base that is computed later."""

    amounts: tuple[Amount | None, ...] = ()
    percentages: tuple[Exact | None, ...] = ()


class Line(msgspec.Struct, frozen=True, gc=False):
    """The prices of one line: price x quantity / measure, and what is taken off or added per line.

    `more` is False where that is nothing, which is so for most lines and not worth sums.
    """

    base: Amount | None
    discount: Part
    surcharge: Part
    tax: Part
    more: bool


class Inputs(msgspec.Struct, frozen=True, gc=False):
    """`taxes` is None where the order has no tax block, so that the lines' taxes count."""

    lines: tuple[Line, ...]
    discounts: Part
    taxes: Part | None
    fees: Part


NOTHING: Final = Part()
_UNPRICED: Final = Line(None, NOTHING, NOTHING, NOTHING, more=False)


class _Unit(NamedTuple):
    currency: str
    decimal_places: int


_UNITS: Final = {currency: _Unit(currency, places) for currency, places in DECIMAL_PLACES.items()}


def read(line_items: Sequence[Document], pricing: Document) -> Inputs:
    """The price inputs of lines and an order-level `pricing`."""
    discounts, taxes, fees = pricing.get("discounts"), pricing.get("taxes"), pricing.get("fees")
    return Inputs(
        lines=tuple([_line(item) for item in line_items]),
        discounts=_order_discounts(discounts) if discounts else NOTHING,
        taxes=None if taxes is None else Part(tuple([_order_amount(tax.get("value")) for tax in taxes])),
        fees=Part(tuple([_order_amount(fee["value"]) for fee in fees if fee.get("value")])) if fees else NOTHING,
    )


def _line(item: Document) -> Line:
    categories: dict[str, dict[str, list[str]]] = {}
    for attribute in item["article"].get("attributes") or ():
        category = attribute.get("category")
        if category in PRICE_CATEGORIES:
            keys = categories.get(category)
            if keys is None:
                keys = categories[category] = {}
            values = keys.get(attribute["key"])
            if values is None:
                keys[attribute["key"]] = [attribute["value"]]
            else:
                values.append(attribute["value"])
    if not categories:
        return _UNPRICED
    price = categories.get("basePrice", _NO_KEYS)
    unit = _unit(price, None)
    base = _line_base(price, unit, item.get("quantity"))
    if len(categories) == 1 and price is not _NO_KEYS:
        return Line(base, NOTHING, NOTHING, NOTHING, more=False)
    return Line(
        base=base,
        discount=_line_part(categories.get("discount", _NO_KEYS), unit, _not_negative, _up_to_hundred),
        # The formula knows no surcharge in percent: without a base to take it of, it is not computable.
        surcharge=_line_part(categories.get("surcharge", _NO_KEYS), unit, exact, _not_negative),
        tax=_line_part(categories.get("tax", _NO_KEYS), unit, exact, _not_negative),
        more=True,
    )


def _line_base(price: _Keys, unit: _Unit | None, quantity: object) -> Amount | None:
    values, measures = price.get("value"), price.get("valueOfMeasureForBasePrice")
    if unit is None or values is None or _differ(values):
        return None
    value, count = _not_negative(values[0]), exact(quantity)
    if value is None or count is None:
        return None
    number = Exact(value.numerator * count.numerator, value.denominator * count.denominator)
    if measures is not None:
        measure = None if _differ(measures) else exact(measures[0])
        if measure is None or measure.numerator <= 0:
            return None
        number = Exact(number.numerator * measure.denominator, number.denominator * measure.numerator)
    return Amount(number, *unit)


def _differ(values: Sequence[str]) -> bool:
    """Whether something that can count once is given twice, and not as the same."""
    return len(values) > 1 and len(set(values)) > 1


def _line_part(
    keys: _Keys,
    unit: _Unit | None,
    number: Callable[[str], Exact | None],
    percentage: Callable[[str], Exact | None],
) -> Part:
    """Amounts come before percentages: a percentage counts only where the category gives no amount."""
    if not keys:
        return NOTHING
    values = keys.get("value")
    if values:
        own = _unit(keys, unit)
        return Part(amounts=tuple(_amount(number(value), own) for value in values))
    return Part(percentages=tuple(percentage(value) for value in keys.get("percentage", ())))


def _unit(keys: _Keys, default: _Unit | None) -> _Unit | None:
    currencies, places = keys.get("currency"), keys.get("decimalPlaces")
    if (currencies is not None and _differ(currencies)) or (places is not None and _differ(places)):
        return None
    if currencies is not None:
        currency = currencies[0]
    elif default is not None:
        currency = default.currency
    else:
        return None
    if places is None and default is not None and default.currency == currency:
        return default
    return _unit_of(currency, None if places is None else places[0])


def _unit_of(currency: str, decimal_places: object) -> _Unit | None:
    if decimal_places is None:
        return _UNITS.get(currency)
    if currency not in DECIMAL_PLACES:
        return None
    number = exact(decimal_places)
    if number is None or number.numerator % number.denominator:
        return None
    places = number.numerator // number.denominator
    return _Unit(currency, places) if 0 <= places <= MAX_DECIMAL_PLACES else None


def _amount(number: Exact | None, unit: _Unit | None) -> Amount | None:
    return None if number is None or unit is None else Amount(number, *unit)


def _not_negative(raw: object) -> Exact | None:
    number = exact(raw)
    return number if number is not None and number.numerator >= 0 else None


def _up_to_hundred(raw: object) -> Exact | None:
    number = _not_negative(raw)
    return number if number is not None and number.numerator <= _HUNDRED * number.denominator else None


def _order_amount(money: Document | None) -> Amount | None:
    if money is None:
        return None
    return _amount(exact(money["value"]), _unit_of(money["currency"], money.get("decimalPlaces")))


def _order_discounts(discounts: Sequence[Document]) -> Part:
    amounts: list[Amount | None] = []
    percentages: list[Exact | None] = []
    for discount in discounts:
        kind, value, percentage = discount.get("type"), discount.get("value"), discount.get("percentage")
        if kind == "PERCENTAGE" or (value is None and percentage is not None and kind != "ABSOLUTE"):
            percentages.append(_up_to_hundred(percentage))
        elif value is not None:
            amount = _order_amount(value)
            amounts.append(amount if amount is not None and amount.number.numerator >= 0 else None)
        elif kind == "ABSOLUTE":
            amounts.append(None)
        # Otherwise the discount only has a name or a code and takes nothing off.
    return Part(tuple(amounts), tuple(percentages))
