"""Totals of orders and records by worked examples, and the rules of order-level discounts."""

from __future__ import annotations

import json
import pathlib
import re
from decimal import Decimal

import pytest

from opendoms.kernel import document as documents
from opendoms.kernel.refusal import Fault
from opendoms.orders.pricing import priced, totals, with_total
from opendoms.pricing.discounts import pricing_faults
from opendoms.records.pricing import record_totals
from tests.rules.prices import Json, attribute, eur, line, money, order, short

TOTALS_PAGE = pathlib.Path(__file__).parents[2] / "docs" / "reference" / "totals.md"
INT64_MAX = 2**63 - 1


EXAMPLES: dict[str, tuple[Json, Json | None]] = {
    "price times quantity": (order(line(3, "1999")), eur(5997)),
    "a price per measure": (order(line(800, "349", basePrice_valueOfMeasureForBasePrice="1000")), eur(279)),
    "a measure with decimals": (order(line(1, "100", basePrice_valueOfMeasureForBasePrice="0.4")), eur(250)),
    "a price with decimals": (order(line(3, "33.5")), eur(101)),
    "each line is rounded on its own": (order(line(1, "0.5"), line(1, "0.5")), eur(2)),
    "a price of zero": (order(line(2, "0")), eur(0)),
    "a line discount counts once per line": (order(line(5, "1000", discount_value="300")), eur(5000, lines=-300)),
    "a line discount in percent": (order(line(1, "1995", discount_percentage="10")), eur(1995, lines=-200)),
    "a discount value goes before a percentage": (
        order(line(1, "1000", discount_value="1", discount_percentage="50")),
        eur(1000, lines=-1),
    ),
    "a line discount of 100 percent": (order(line(1, "999", discount_percentage="100")), eur(999, lines=-999)),
    "a line surcharge counts once per line": (order(line(4, "100", surcharge_value="30")), eur(400, surcharges=30)),
    "a negative surcharge": (order(line(4, "100", surcharge_value="-30")), eur(400, surcharges=-30)),
    "a line tax as a value": (order(line(2, "1000", tax_value="380")), eur(2000, taxes=380)),
    "a line tax in percent of the discounted line": (
        order(line(2, "1000", discount_value="500", tax_percentage="19")),
        eur(2000, lines=-500, taxes=285),
    ),
    "order taxes replace the taxes of the lines": (
        order(line(2, "1000", tax_percentage="19"), taxes=[{"value": money(100)}, {"value": money(50)}]),
        eur(2000, taxes=150),
    ),
    "an empty list of taxes means no taxes": (order(line(1, "1000", tax_percentage="19"), taxes=[]), eur(1000)),
    "negative order taxes": (order(line(), taxes=[{"value": money(-7)}]), eur(1000, taxes=-7)),
    "fees are added, one without a value adds nothing": (
        order(line(), fees=[{"value": money(495)}, {"name": "gift"}, {"value": money(5)}]),
        eur(1000, fees=500),
    ),
    "an absolute order discount": (
        order(line(), discounts=[{"type": "ABSOLUTE", "value": money(250)}]),
        eur(1000, order=-250),
    ),
    "a percentage is taken after line discounts and with surcharges": (
        order(
            line(1, "1000", discount_value="100", surcharge_value="50"),
            discounts=[{"type": "PERCENTAGE", "percentage": 10}],
        ),
        eur(1000, lines=-100, order=-95, surcharges=50),
    ),
    "two percentages are taken of the same base": (
        order(line(), discounts=[{"type": "PERCENTAGE", "percentage": 50}, {"type": "PERCENTAGE", "percentage": 50}]),
        eur(1000, order=-1000),
    ),
    "a percentage of half a cent is rounded up": (
        order(line(1, "500"), discounts=[{"type": "PERCENTAGE", "percentage": Decimal("0.1")}]),
        eur(500, order=-1),
    ),
    "type PERCENTAGE uses the percentage even beside a value": (
        order(line(), discounts=[{"type": "PERCENTAGE", "percentage": 10, "value": money(5)}]),
        eur(1000, order=-100),
    ),
    "another type uses its value": (
        order(line(), discounts=[{"type": "COUPON", "percentage": 10, "value": money(5)}]),
        eur(1000, order=-5),
    ),
    "another type without a value uses its percentage": (
        order(line(), discounts=[{"type": "COUPON", "percentage": 10}]),
        eur(1000, order=-100),
    ),
    "a discount that is only a name takes nothing off": (order(line(), discounts=[{"name": "friends"}]), eur(1000)),
    "the same key twice adds up": (
        order(
            {
                "quantity": 1,
                "article": {
                    "attributes": [
                        attribute("basePrice", "value", "1000"),
                        attribute("basePrice", "value", "1000"),
                        attribute("basePrice", "currency", "EUR"),
                        attribute("discount", "value", "10"),
                        attribute("discount", "value", "20"),
                        attribute("tax", "percentage", "5"),
                        attribute("tax", "percentage", "2"),
                    ]
                },
            }
        ),
        eur(1000, lines=-30, taxes=68),
    ),
    "a returned line of a record gives back less": (
        order(line(-1, "1000", discount_percentage="10", tax_percentage="20")),
        eur(-1000, lines=100, taxes=-180),
    ),
    "a quantity with decimals": (order(line(Decimal("1.5"), "333")), eur(500)),
    "no line at all": ({"orderLineItems": [], "pricing": {"fees": [{"value": money(5)}]}}, eur(0, fees=5)),
    "no price information": (order(line(1, None, None)), None),
    "an empty pricing": ({"orderLineItems": [line(1, None, None)], "pricing": {}}, None),
    "only percentages": (order(line(1, None, None), discounts=[{"type": "PERCENTAGE", "percentage": 5}]), None),
    "a price without a currency": (order(line(1, "1000", None)), None),
    "prices that are no numbers only": (order(line(1, "free")), None),
    "a line without a base price takes the total away": (
        order(line(), line(1, None, None)),
        {**eur(1000), "sub": None, "total": None, "order": "0 EUR/2"},
    ),
    "a percentage needs a computable base": (
        order(line(), line(1, None, None), discounts=[{"type": "PERCENTAGE", "percentage": 0}]),
        {**eur(1000), "sub": None, "order": None, "discounts": None, "total": None},
    ),
    "order-level amounts alone": (
        order(line(1, None, None), fees=[{"value": money(5)}]),
        {**eur(0, fees=5), "sub": None, "total": None},
    ),
    "lines in two currencies": (
        order(line(1, "1000", "EUR"), line(1, "1000", "USD")),
        dict.fromkeys(eur(0)),
    ),
    "a fee in another currency": (
        order(line(), fees=[{"value": money(5, "USD")}]),
        {**eur(1000), "fees": "5 USD/2", "total": None},
    ),
    "an order discount in another currency": (
        order(line(1, "1000", discount_value="1"), discounts=[{"type": "ABSOLUTE", "value": money(5, "USD")}]),
        {**eur(1000, lines=-1), "order": "-5 USD/2", "discounts": None, "total": None},
    ),
    "a line discount with its own currency": (
        order(line(1, "1000", discount_value="1", discount_currency="USD")),
        {**eur(1000), "lines": "-1 USD/2", "discounts": None, "order": "0 EUR/2", "total": None},
    ),
    "a line discount with its own decimal places": (
        order(line(1, "1000", discount_value="15", discount_decimalPlaces="1")),
        eur(1000, lines=-150),
    ),
    "default decimal places of a currency": (
        order(line(2, "1500", "JPY")),
        {name: part.replace("EUR/2", "JPY/0") for name, part in eur(3000).items()},
    ),
    "several decimal places: the larger": (
        order(line(1, "1000"), line(1, "10005", basePrice_decimalPlaces="3"), fees=[{"value": money(5, "EUR", 1)}]),
        {name: part.replace("EUR/2", "EUR/3") for name, part in eur(20005, fees=500).items()},
    ),
    "rounding happens in the larger decimal places": (
        order(line(1, "100", basePrice_valueOfMeasureForBasePrice="3"), fees=[{"value": money(0, "EUR", 4)}]),
        {name: part.replace("EUR/2", "EUR/4") for name, part in eur(3333).items()},
    ),
    "18 decimal places": (
        order(line(1, "1", basePrice_decimalPlaces="18")),
        {name: part.replace("EUR/2", "EUR/18") for name, part in eur(1).items()},
    ),
    "the largest 64-bit amount": (order(line(1, str(INT64_MAX))), eur(INT64_MAX)),
    "beyond 64 bits": (
        order(line(1, str(INT64_MAX)), line(1, "1")),
        {**eur(0), "sub": None, "total": None},
    ),
    "only the total is beyond 64 bits": (
        order(line(1, str(INT64_MAX)), fees=[{"value": money(1)}]),
        {**eur(INT64_MAX, fees=1), "total": None},
    ),
}


@pytest.mark.parametrize(("document", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_worked_examples(document: Json, expected: Json | None) -> None:
    """Each example has exactly these totals, and the order's answer is the record's without its nulls."""
    assert short(document) == expected
    record = record_totals({"lineItems": document["orderLineItems"], "pricing": document.get("pricing")})
    assert totals(document) == (None if record is None else without_nulls(record))


def without_nulls(value: object) -> object:
    """Nested objects without members that are null."""
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(member) for name, member in value.items() if member is not None}


def test_an_order_without_prices_keeps_its_pricing_as_sent() -> None:
    """Without totals an order has the pricing that the caller sent, or none."""
    assert priced(order(line(1, None, None))) is None
    assert priced({"orderLineItems": [line(1, None, None)], "pricing": {}}) == {}
    sent = {"discounts": [{"type": "PERCENTAGE", "percentage": 5}], "note": "kept"}
    assert priced({"orderLineItems": [line(1, None, None)], "pricing": sent}) == sent


def test_totals_are_put_beside_what_the_caller_sent() -> None:
    """The pricing has the caller's members and our total; the order that was given is not changed."""
    sent = {"fees": [{"name": "gift"}], "note": "kept", "total": {"priceBreakdown": {"total": money(1)}, "x": 1}}
    document = {"orderLineItems": [line()], "pricing": sent}
    before = json.dumps(document)
    pricing = priced(document)
    assert pricing == {**sent, "total": {"priceBreakdown": totals(document)}}
    assert json.dumps(document) == before
    assert priced(order(line())) == {"total": {"priceBreakdown": totals(order(line()))}}


def test_a_total_that_does_not_hold_any_more_goes_away() -> None:
    """When prices disappear, or a caller claims a total for an order without prices, no total is left."""
    claimed = {"total": {"priceBreakdown": {"total": money(1)}}}
    assert priced({"orderLineItems": [line(1, None, None)], "pricing": claimed}) is None
    assert priced({"orderLineItems": [line(1, None, None)], "pricing": {**claimed, "fees": []}}) == {"fees": []}


def test_an_order_with_its_total() -> None:
    """The order is given back with its pricing; one that needs no change is the same object."""
    unpriced, priced_order = order(line(1, None, None)), order(line())
    assert with_total(unpriced) is unpriced
    once = with_total(priced_order)
    assert once == {**priced_order, "pricing": priced(priced_order)}
    assert with_total(once) is once
    assert with_total({**once, **unpriced}) == unpriced


def test_sound_discounts_have_no_faults() -> None:
    """Discounts with what their type asks for, within the bounds, and pricing without discounts pass."""
    sound = [
        {"type": "ABSOLUTE", "value": money(0)},
        {"type": "PERCENTAGE", "percentage": 0},
        {"type": "PERCENTAGE", "percentage": Decimal("100.0")},
        {"type": "ABSOLUTE", "value": money(5, "JPY")},
        {"code": "WELCOME"},
    ]
    assert pricing_faults({"discounts": sound}) == []
    assert pricing_faults({}) == []


def test_every_faulty_discount_is_named_by_its_path() -> None:
    """All faults are found at once, each with the path of the member that has to change."""
    discounts = [
        {"type": "ABSOLUTE"},
        {"type": "PERCENTAGE", "value": money(5)},
        {"type": "PERCENTAGE", "percentage": Decimal("100.01")},
        {"percentage": -1},
        {"type": "ABSOLUTE", "value": money(-1)},
        {"type": "PERCENTAGE", "percentage": Decimal("1E999999")},
    ]
    assert pricing_faults({"discounts": discounts}) == [
        Fault("pricing.discounts[0].value: required where type is ABSOLUTE"),
        Fault("pricing.discounts[1].percentage: required where type is PERCENTAGE"),
        Fault("pricing.discounts[2].percentage: expected a number from 0 to 100"),
        Fault("pricing.discounts[3].percentage: expected a number from 0 to 100"),
        Fault("pricing.discounts[4].value.value: expected 0 or more", "Discounts are sent as positive numbers."),
        Fault("pricing.discounts[5].percentage: expected a number from 0 to 100"),
    ]


def test_the_documented_example_is_computed_as_documented() -> None:
    """The order on the reference page has the breakdown that the page shows."""
    sent, answered = re.findall(r"```json\n(.*?)```", TOTALS_PAGE.read_text(), re.DOTALL)
    assert totals(documents.decode(sent)) == json.loads(answered)
