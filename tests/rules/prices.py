"""Priced orders as the rules get them, and their totals in short."""

from __future__ import annotations

from typing import Any

from opendoms.records.pricing import record_totals

Json = dict[str, Any]


def attribute(category: str, key: str, value: str) -> Json:
    """One line attribute."""
    return {"category": category, "key": key, "value": value}


def line(quantity: object = 1, price: str | None = "1000", currency: str | None = "EUR", **more: str) -> Json:
    """A line; `more` are attributes named category_key, e.g. discount_value."""
    attributes = [attribute("descriptive", "colour", "blue")]
    if price is not None:
        attributes.append(attribute("basePrice", "value", price))
    if currency is not None:
        attributes.append(attribute("basePrice", "currency", currency))
    for name, value in more.items():
        category, key = name.split("_")
        attributes.append(attribute(category, key, value))
    return {"quantity": quantity, "article": {"tenantArticleId": "a", "title": "A", "attributes": attributes}}


def money(value: int, currency: str = "EUR", decimal_places: int | None = None) -> Json:
    """An amount as a caller sends it."""
    amount: Json = {"value": value, "currency": currency}
    return amount if decimal_places is None else {**amount, "decimalPlaces": decimal_places}


def short(document: Json) -> Json | None:
    """The breakdown as name -> "value currency/places" or None, all eight parts, by way of the record's answer."""
    breakdown = record_totals({"lineItems": document["orderLineItems"], "pricing": document.get("pricing")})
    if breakdown is None:
        return None
    discounts = breakdown.pop("totalDiscounts") or {"value": None, "breakdown": {}}
    parts = {
        "sub": breakdown["subTotal"],
        "lines": discounts["breakdown"].get("lineItemDiscounts"),
        "order": discounts["breakdown"].get("orderDiscounts"),
        "discounts": discounts["value"],
        "surcharges": breakdown["totalLineItemSurcharges"],
        "taxes": breakdown["totalTaxes"],
        "fees": breakdown["totalFees"],
        "total": breakdown["total"],
    }
    return {
        name: part and f"{part['value']} {part['currency']}/{part['decimalPlaces']}" for name, part in parts.items()
    }


def order(*lines: Json, **pricing: object) -> Json:
    """An order of these lines; without keywords it has no `pricing` member."""
    return {"orderLineItems": list(lines), **({"pricing": pricing} if pricing else {})}


def eur(  # noqa: PLR0913 - one number for each input of a total
    sub: int, *, lines: int = 0, order: int = 0, surcharges: int = 0, taxes: int = 0, fees: int = 0
) -> Json:
    """The short breakdown of a fully computed order in euro cents."""
    total = sub + lines + order + surcharges + taxes + fees
    values = {
        "sub": sub,
        "lines": lines,
        "order": order,
        "discounts": lines + order,
        "surcharges": surcharges,
        "taxes": taxes,
        "fees": fees,
        "total": total,
    }
    return {name: f"{value} EUR/2" for name, value in values.items()}
