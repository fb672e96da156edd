"""The formula of price totals, straight from the written rules, in exact fractions: slow and easy to check by eye."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from opendoms.kernel.money import DECIMAL_PLACES

Json = dict[str, Any]
Amount = tuple[Fraction, str, int] | None  # exact units, currency, decimal places; None: not readable
Sum = tuple[int, str] | None  # whole minor units in the common decimal places of a currency; None: not computable


def number(raw: object) -> Fraction | None:
    """An exact number, or None where it cannot be read."""
    text = format(raw, "f") if isinstance(raw, Decimal) else str(raw)
    return Fraction(text) if re.fullmatch(r"[+-]?[0-9]{1,19}(\.[0-9]{1,18})?", text) else None


def nearest(value: Fraction) -> int:
    """The nearest integer, a half away from zero."""
    size = math.floor(abs(value) + Fraction(1, 2))
    return -size if value < 0 else size


class Reference:
    """The formula as the reference page tells it. An amount is (exact units, currency, decimal places) or None."""

    def __init__(self, lines: list[Json], pricing: Json) -> None:
        self.lines, self.pricing = lines, pricing
        self.places: dict[str, int] = {}
        for amount in self._every_amount():
            if amount is not None:
                self.places[amount[1]] = max(self.places.get(amount[1], 0), amount[2])

    def _values(self, item: Json, category: str, key: str) -> list[str]:
        return [a["value"] for a in item["article"]["attributes"] if (a["category"], a["key"]) == (category, key)]

    def _unit(self, item: Json, category: str) -> tuple[str, int] | None:
        inherited = None if category == "basePrice" else self._unit(item, "basePrice")
        codes, places = (set(self._values(item, category, key)) for key in ("currency", "decimalPlaces"))
        if len(codes) > 1 or len(places) > 1 or (not codes and inherited is None):
            return None
        code = codes.pop() if codes else inherited[0]  # type: ignore[index] # either is there
        count = number(places.pop()) if places else Fraction(DECIMAL_PLACES[code])
        if inherited is not None and inherited[0] == code and not self._values(item, category, "decimalPlaces"):
            return inherited
        return (code, int(count)) if count is not None and count in range(19) else None

    def _amount(self, value: Fraction | None, unit: tuple[str, int] | None) -> Amount:
        return None if value is None or unit is None else (value, *unit)

    def _base(self, item: Json) -> Amount:
        prices = set(self._values(item, "basePrice", "value"))
        measures = set(self._values(item, "basePrice", "valueOfMeasureForBasePrice")) or {"1"}
        if len(prices) != 1 or len(measures) != 1:
            return None
        price, measure, quantity = number(prices.pop()), number(measures.pop()), number(item["quantity"])
        if price is None or measure is None or quantity is None or price < 0 or measure <= 0:
            return None
        return self._amount(price * quantity / measure, self._unit(item, "basePrice"))

    def _line_amounts(self, item: Json, category: str) -> list[Amount]:
        read = [number(value) for value in self._values(item, category, "value")]
        signed = [None if value is not None and value < 0 and category == "discount" else value for value in read]
        return [self._amount(value, self._unit(item, category)) for value in signed]

    def _order_amount(self, money: Json) -> Amount:
        places = money.get("decimalPlaces", DECIMAL_PLACES[money["currency"]])
        return self._amount(number(money["value"]), (money["currency"], places) if places in range(19) else None)

    def _is_percentage(self, discount: Json) -> bool:
        kind = discount.get("type")
        return kind == "PERCENTAGE" or (kind != "ABSOLUTE" and "value" not in discount and "percentage" in discount)

    def _order_discounts(self) -> list[Amount]:
        made: list[Amount] = []
        for discount in self.pricing.get("discounts", []):
            if not self._is_percentage(discount) and ("value" in discount or discount.get("type") == "ABSOLUTE"):
                value = self._order_amount(discount["value"]) if "value" in discount else None
                made.append(None if value is None or value[0] < 0 else value)
        return made

    def _order_amounts(self, block: str) -> list[Amount]:
        return [self._order_amount(entry["value"]) for entry in self.pricing.get(block, []) if "value" in entry]

    def _every_amount(self) -> Iterable[Amount]:
        for item in self.lines:
            yield self._base(item)
            for category in ("discount", "surcharge", "tax"):
                yield from self._line_amounts(item, category)
        yield from self._order_discounts() + self._order_amounts("taxes") + self._order_amounts("fees")

    def _rounded(self, amount: Amount) -> Sum:
        if amount is None:
            return None
        return nearest(amount[0] * 10 ** (self.places[amount[1]] - amount[2])), amount[1]

    def _add(self, parts: list[Sum], home: str | None) -> Sum:
        known = [part for part in parts if part is not None]
        currencies = {part[1] for part in known}
        if len(known) < len(parts) or len(currencies) > 1 or not (currencies or home):
            return None
        value = sum(part[0] for part in known)
        return (value, currencies.pop() if currencies else str(home)) if -(2**63) <= value < 2**63 else None

    def _share(self, base: Sum, rate: Fraction | None, highest: int | None) -> Sum:
        if base is None or rate is None or rate < 0 or (highest is not None and rate > highest):
            return None
        return nearest(base[0] * rate / 100), base[1]

    def _line_part(self, item: Json, category: str, base: Sum, highest: int | None) -> list[Sum]:
        amounts = self._line_amounts(item, category)
        if amounts:
            return [self._rounded(amount) for amount in amounts]
        rates = self._values(item, category, "percentage")
        return [self._share(base, number(rate), highest) for rate in rates]

    def totals(self) -> Json | None:
        """The eight parts by name, or None where there is nothing to compute with."""
        if not self.places:
            return None
        only = next(iter(self.places)) if len(self.places) == 1 else None
        bases = [self._rounded(self._base(item)) for item in self.lines]
        sub = self._add(bases, only)
        home = sub[1] if sub else only
        reductions = [
            [negative(part) for part in self._line_part(item, "discount", base, 100)]
            for item, base in zip(self.lines, bases, strict=True)
        ]
        lines = self._add([part for parts in reductions for part in parts], home)
        surcharges = self._add(
            [part for item in self.lines for part in self._line_part(item, "surcharge", None, None)], home
        )
        base = self._add([sub, lines, surcharges], home)
        rates = [d.get("percentage") for d in self.pricing.get("discounts", []) if self._is_percentage(d)]
        shares = [self._share(base, None if rate is None else number(rate), 100) for rate in rates]
        order = self._add(
            [negative(part) for part in [self._rounded(a) for a in self._order_discounts()] + shares], home
        )
        discounts = self._add([lines, order], home)
        taxed = [self._add([base, *parts], home) for base, parts in zip(bases, reductions, strict=True)]
        line_taxes = [
            part
            for item, net in zip(self.lines, taxed, strict=True)
            for part in self._line_part(item, "tax", net, None)
        ]
        order_taxes = [self._rounded(amount) for amount in self._order_amounts("taxes")]
        taxes = self._add(order_taxes if "taxes" in self.pricing else line_taxes, home)
        fees = self._add([self._rounded(amount) for amount in self._order_amounts("fees")], home)
        total = self._add([sub, discounts, surcharges, taxes, fees], home)
        made = {"sub": sub, "lines": lines, "order": order, "discounts": discounts}
        return made | {"surcharges": surcharges, "taxes": taxes, "fees": fees, "total": total}


def negative(part: Sum) -> Sum:
    """The same amount taken away."""
    return None if part is None else (-part[0], part[1])
