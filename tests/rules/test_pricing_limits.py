"""Prices that cannot be computed: what a bad input takes away, and what it leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from opendoms.orders.pricing import totals
from opendoms.records.pricing import record_totals
from tests.rules.prices import Json, attribute, eur, line, money, order, short

INT64_MAX = 2**63 - 1

BAD_NUMBERS = [
    "abc",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999999",
    "9" * 10_000,
    "1" * 20,
    "0." + "1" * 19,
    "",
    " 1",
    "1,5",
]


@pytest.mark.parametrize("bad", [*BAD_NUMBERS, "-1", "-0.01"], ids=lambda bad: bad[:12] + f"({len(bad)})")
@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("basePrice_value", {"sub", "total"}),
        ("basePrice_valueOfMeasureForBasePrice", {"sub", "total"}),
        ("discount_value", {"lines", "discounts", "total"}),
        ("discount_percentage", {"lines", "discounts", "total"}),
        ("tax_percentage", {"taxes", "total"}),
    ],
)
def test_an_unreadable_number_spoils_only_what_builds_on_it(name: str, spoilt: set[str], bad: str) -> None:
    """A text that is no number, is out of bounds or has the wrong sign makes its part and the total not computable."""
    price = None if name == "basePrice_value" else "1000"
    found = short(order(line(1, price, **{name: bad}), line(1, "1000")))
    assert found is not None
    assert {part for part, value in found.items() if value is None} == spoilt


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=lambda bad: bad[:12] + f"({len(bad)})")
@pytest.mark.parametrize(("name", "part"), [("surcharge_value", "surcharges"), ("tax_value", "taxes")])
def test_an_unreadable_surcharge_or_tax(name: str, part: str, bad: str) -> None:
    """Surcharges and taxes may be negative, but what is no number makes them and the total not computable."""
    found = short(order(line(1, "1000", **{name: bad})))
    assert found == {**eur(1000), part: None, "total": None}


@pytest.mark.parametrize(
    ("more", "spoilt"),
    [
        ({"basePrice_valueOfMeasureForBasePrice": "0"}, {"sub", "total"}),
        ({"basePrice_decimalPlaces": "19"}, {"sub", "total"}),
        ({"basePrice_decimalPlaces": "-1"}, {"sub", "total"}),
        ({"basePrice_decimalPlaces": "1.5"}, {"sub", "total"}),
        ({"basePrice_decimalPlaces": "1e9"}, {"sub", "total"}),
        ({"discount_percentage": "100.01"}, {"lines", "discounts", "total"}),
        ({"discount_value": "1", "discount_currency": "euro"}, {"lines", "discounts", "total"}),
        ({"surcharge_percentage": "5"}, {"surcharges", "total"}),
        ({"surcharge_value": "5", "surcharge_decimalPlaces": "99"}, {"surcharges", "total"}),
    ],
)
def test_values_out_of_range(more: dict[str, str], spoilt: set[str]) -> None:
    """A measure of zero, decimal places out of 0..18, percentages over 100 and unknown currencies are not computed."""
    found = short(order(line(1, "1000", **more), line(1, "1000")))
    assert found is not None
    assert {part for part, value in found.items() if value is None} == spoilt


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "XYZ", "€", "E" * 10_000])
def test_an_unknown_currency_is_not_computed(currency: str) -> None:
    """A currency that is not in ISO 4217 gives no subtotal."""
    found = short(order(line(1, "1000", currency), line(1, "1000", "EUR")))
    assert found == {**eur(0), "sub": None, "total": None}


@pytest.mark.parametrize(
    "twice",
    [
        [attribute("basePrice", "value", "1"), attribute("basePrice", "value", "2")],
        [attribute("basePrice", "currency", "EUR"), attribute("basePrice", "currency", "USD")],
        [attribute("basePrice", "decimalPlaces", "2"), attribute("basePrice", "decimalPlaces", "3")],
        [attribute("basePrice", key, value) for key in ["valueOfMeasureForBasePrice"] for value in "12"],
    ],
)
def test_contradicting_attributes_are_not_computed(twice: list[Json]) -> None:
    """Price, currency, decimal places and measure may be repeated but not contradict themselves."""
    contradicting = line(1, "1", "EUR")
    contradicting["article"]["attributes"] += twice
    found = short(order(contradicting, line(1, "1000")))
    assert found is not None
    assert found["sub"] is None
    assert found["total"] is None


@pytest.mark.parametrize("quantity", [True, None, "1", Decimal("1E999999"), Decimal("NaN"), 10**19])
def test_a_quantity_out_of_bounds_is_not_computed(quantity: object) -> None:
    """A quantity that is no bounded number gives no subtotal; a text is read as the number in it."""
    found = short(order(line(quantity, "1000"), line(1, "1000")))
    assert found == (eur(2000) if quantity == "1" else {**eur(0), "sub": None, "total": None})


@pytest.mark.parametrize(
    ("pricing", "spoilt"),
    [
        ({"discounts": [{"type": "ABSOLUTE"}]}, {"order", "discounts", "total"}),
        ({"discounts": [{"type": "ABSOLUTE", "percentage": 5}]}, {"order", "discounts", "total"}),
        ({"discounts": [{"type": "PERCENTAGE"}]}, {"order", "discounts", "total"}),
        ({"discounts": [{"type": "PERCENTAGE", "percentage": Decimal("100.5")}]}, {"order", "discounts", "total"}),
        ({"discounts": [{"type": "PERCENTAGE", "percentage": -5}]}, {"order", "discounts", "total"}),
        ({"discounts": [{"type": "PERCENTAGE", "percentage": Decimal("1E-999999")}]}, {"order", "discounts", "total"}),
        ({"discounts": [{"type": "ABSOLUTE", "value": money(-5)}]}, {"order", "discounts", "total"}),
        ({"taxes": [{"type": "VAT"}]}, {"taxes", "total"}),
        ({"taxes": [{"value": money(1, "EUR", 1_000_000_000)}]}, {"taxes", "total"}),
        ({"fees": [{"value": money(1, "EUR", -1)}]}, {"fees", "total"}),
        ({"fees": [{"value": money(10**30)}]}, {"fees", "total"}),
    ],
)
def test_order_level_inputs_that_cannot_be_computed(pricing: Json, spoilt: set[str]) -> None:
    """An order-level amount or percentage out of range takes its part and the total away, and nothing else."""
    found = short({"orderLineItems": [line()], "pricing": pricing})
    assert found is not None
    assert {part for part, value in found.items() if value is None} == spoilt


def test_an_order_leaves_out_what_a_record_answers_as_null() -> None:
    """Where nothing can be added up, an order has an empty breakdown and a record six nulls."""
    lines = [line(1, "1000", "EUR"), line(1, "1000", "USD")]
    assert totals({"orderLineItems": lines}) == {}
    assert record_totals({"lineItems": lines}) == dict.fromkeys(
        ["subTotal", "totalDiscounts", "totalLineItemSurcharges", "totalTaxes", "totalFees", "total"]
    )
