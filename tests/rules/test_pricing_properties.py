"""Totals of any order: held against a slow reference in exact fractions, and against the laws that sums obey."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendoms.kernel.money import DECIMAL_PLACES
from opendoms.orders.pricing import totals
from opendoms.records.pricing import record_totals
from tests.rules.pricing_reference import Reference

Json = dict[str, Any]

# --- what callers send ------------------------------------------------------------------------------------------------

CURRENCY = st.sampled_from(["EUR", "EUR", "EUR", "EUR", "USD", "JPY", "KWD"])
WHOLE = st.integers(0, 5_000).map(str)
PLAIN = st.one_of(WHOLE, st.decimals("0", "5000", places=3).map(lambda number: format(number, "f")))
PERCENT = st.one_of(
    st.integers(0, 100).map(str), st.decimals("0", "100", places=2).map(lambda number: format(number, "f"))
)
JUNK = st.one_of(
    st.sampled_from(["NaN", "Infinity", "1e999999", "9" * 10_000, "-1", "-0.5", "0", "abc", "101", str(2**63 - 1)]),
    st.text(min_size=1, max_size=5),
)
PLACES = st.sampled_from(["0", "2", "3", "4", "18", "19", "-1", "x"])


def attributes_of(category: str, key: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[list[Json]]:
    """Usually none, often one and now and then two attributes of one key."""
    one = value.map(lambda text: {"category": category, "key": key, "value": text})
    return st.one_of(st.just([]), st.lists(one, min_size=1, max_size=1), st.lists(one, max_size=2))


def lines_of(value: st.SearchStrategy[str], percent: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    """Lines with a usual base price and any of the other price attributes."""
    base = st.tuples(value, CURRENCY).map(
        lambda pair: [
            {"category": "basePrice", "key": "value", "value": pair[0]},
            {"category": "basePrice", "key": "currency", "value": pair[1]},
        ]
    )
    groups = st.tuples(
        st.one_of(base, base, base, st.just([])),
        attributes_of("basePrice", "valueOfMeasureForBasePrice", value),
        attributes_of("basePrice", "decimalPlaces", PLACES),
        attributes_of("discount", "value", value),
        attributes_of("discount", "percentage", percent),
        attributes_of("discount", "currency", CURRENCY),
        attributes_of("surcharge", "value", value),
        attributes_of("surcharge", "percentage", percent),
        attributes_of("tax", "value", value),
        attributes_of("tax", "percentage", percent),
        attributes_of("descriptive", "value", value),
    )
    return st.tuples(groups, st.one_of(st.integers(-3, 9), st.decimals("0", "9", places=2))).map(
        lambda made: {
            "quantity": made[1],
            "article": {"attributes": [attribute for group in made[0] for attribute in group]},
        }
    )


MONEY = st.builds(
    lambda value, currency, places: (
        {"value": value, "currency": currency} | ({} if places is None else {"decimalPlaces": places})
    ),
    st.integers(-100, 10_000),
    CURRENCY,
    st.sampled_from([None, None, 0, 2, 3, 19]),
)
DISCOUNT = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["ABSOLUTE", "PERCENTAGE", "COUPON"]),
        "value": MONEY,
        "percentage": st.one_of(st.integers(-1, 101), st.decimals("0", "100", places=2)),
    },
)
PRICING = st.fixed_dictionaries(
    {},
    optional={
        "discounts": st.lists(DISCOUNT, max_size=3),
        "taxes": st.lists(st.fixed_dictionaries({"value": MONEY}), max_size=3),
        "fees": st.lists(st.fixed_dictionaries({}, optional={"value": MONEY}), max_size=3),
    },
)
WILD_LINES = st.lists(st.one_of(lines_of(PLAIN, PERCENT), lines_of(PLAIN | JUNK, PERCENT | JUNK)), max_size=4)


@st.composite
def sound_orders(draw: st.DrawFn) -> Json:
    """Orders in euros in which everything can be computed."""

    def cents() -> Json:
        return {"value": draw(st.integers(0, 9_999)), "currency": "EUR"}

    lines = []
    for _ in range(draw(st.integers(1, 4))):
        keys = [("basePrice", "value", draw(PLAIN)), ("basePrice", "currency", "EUR")]
        if draw(st.booleans()):
            keys.append(("basePrice", "valueOfMeasureForBasePrice", str(draw(st.integers(1, 999)))))
        for category, key, value in [
            ("discount", "value", WHOLE),
            ("discount", "percentage", PERCENT),
            ("surcharge", "value", WHOLE),
            ("tax", "value", WHOLE),
            ("tax", "percentage", PERCENT),
        ]:
            if draw(st.booleans()):
                keys.append((category, key, draw(value)))
        attributes = [{"category": category, "key": key, "value": value} for category, key, value in keys]
        lines.append({"quantity": draw(st.integers(1, 99)), "article": {"attributes": attributes}})
    pricing: Json = {
        "discounts": [
            {"type": "ABSOLUTE", "value": cents()}
            if draw(st.booleans())
            else {"type": "PERCENTAGE", "percentage": rate}
            for rate in draw(st.lists(st.decimals("0", "100", places=2), max_size=3))
        ],
        "fees": [{"value": cents()} for _ in range(draw(st.integers(0, 2)))],
    }
    if draw(st.booleans()):
        pricing["taxes"] = [{"value": cents()} for _ in range(draw(st.integers(0, 2)))]
    return {"orderLineItems": lines, "pricing": pricing}


# --- the laws ---------------------------------------------------------------------------------------------------------


def parts_of(breakdown: Json) -> dict[str, Json | None]:
    """The eight amounts of a record's breakdown by name."""
    discounts = breakdown["totalDiscounts"] or {"value": None, "breakdown": {}}
    return {
        "sub": breakdown["subTotal"],
        "lines": discounts["breakdown"].get("lineItemDiscounts"),
        "order": discounts["breakdown"].get("orderDiscounts"),
        "discounts": discounts["value"],
        "surcharges": breakdown["totalLineItemSurcharges"],
        "taxes": breakdown["totalTaxes"],
        "fees": breakdown["totalFees"],
        "total": breakdown["total"],
    }


def value_of(breakdown: Json, name: str) -> int:
    """The value of one part that must have been computed."""
    part = parts_of(breakdown)[name]
    assert part is not None
    assert type(part["value"]) is int
    return part["value"]


def computed(document: Json) -> Json:
    """The record's breakdown of a document whose totals must exist."""
    breakdown = record_totals({"lineItems": document["orderLineItems"], "pricing": document.get("pricing")})
    assert breakdown is not None
    return breakdown


@pytest.mark.slow
@settings(max_examples=300)
@given(WILD_LINES, PRICING)
def test_totals_are_those_of_the_reference(lines: list[Json], pricing: Json) -> None:
    """Whatever the prices are, every part has the value that exact fractions give, or is not computable there too."""
    reference = Reference(lines, pricing)
    expected = reference.totals()
    found = record_totals({"lineItems": lines, "pricing": pricing})
    if expected is None or found is None:
        assert found is None
        assert expected is None
        return
    for name, part in parts_of(found).items():
        wanted = expected[name]
        assert part == (
            wanted and {"value": wanted[0], "currency": wanted[1], "decimalPlaces": reference.places[wanted[1]]}
        ), name


@given(sound_orders())
def test_sound_orders_are_those_of_the_reference(document: Json) -> None:
    """Every part of an order in one currency is computed, in cents, and equals the reference."""
    expected = Reference(document["orderLineItems"], document["pricing"]).totals()
    assert expected is not None
    assert parts_of(computed(document)) == {
        name: {"value": part[0], "currency": "EUR", "decimalPlaces": 2} for name, part in expected.items()
    }


@given(sound_orders())
def test_components_add_up(document: Json) -> None:
    """The total is the sum of its parts, discounts that of their origins, and discounts are zero or negative."""
    found = computed(document)
    value = {name: value_of(found, name) for name in parts_of(found)}
    assert value["discounts"] == value["lines"] + value["order"]
    assert value["total"] == sum(value[name] for name in ("sub", "discounts", "surcharges", "taxes", "fees"))
    assert value["lines"] <= 0
    surcharged = value["sub"] + value["lines"] + value["surcharges"]
    assert value["order"] <= 0 or surcharged < 0


@given(sound_orders(), st.randoms())
def test_the_order_of_lines_does_not_matter(document: Json, random: Any) -> None:
    """Shuffled lines and shuffled attributes give the same totals."""
    lines = [
        {
            **item,
            "article": {"attributes": random.sample(item["article"]["attributes"], len(item["article"]["attributes"]))},
        }
        for item in document["orderLineItems"]
    ]
    random.shuffle(lines)
    assert totals({**document, "orderLineItems": lines}) == totals(document)


@given(WILD_LINES, PRICING, st.randoms())
def test_shuffled_lines_in_any_currency(lines: list[Json], pricing: Json, random: Any) -> None:
    """Also lines in several currencies or with unreadable prices give the same totals in any order."""
    shuffled = random.sample(lines, len(lines))
    assert totals({"orderLineItems": shuffled, "pricing": pricing}) == totals(
        {"orderLineItems": lines, "pricing": pricing}
    )


@given(sound_orders())
def test_no_discount_and_a_full_discount(document: Json) -> None:
    """0 percent takes nothing off the order and 100 percent takes off exactly what there is."""
    untouched = {**document, "pricing": {**document["pricing"], "discounts": []}}
    for rate, share in ((0, 0), (100, 1)):
        found = computed({**untouched, "pricing": {"discounts": [{"type": "PERCENTAGE", "percentage": rate}]}})
        full = sum(value_of(found, name) for name in ("sub", "lines", "surcharges"))
        assert value_of(found, "order") == -full * share


@given(st.lists(st.tuples(st.integers(0, 99_999), st.integers(1, 99)), min_size=1, max_size=5), st.integers(0, 10))
def test_more_decimal_places_of_the_same_prices(prices: list[tuple[int, int]], more: int) -> None:
    """Writing whole cents with more decimal places scales every total and changes nothing else."""

    def document(shift: int) -> Json:
        return {
            "orderLineItems": [
                {
                    "quantity": quantity,
                    "article": {
                        "attributes": [
                            {"category": "basePrice", "key": "value", "value": str(price * 10**shift)},
                            {"category": "basePrice", "key": "currency", "value": "EUR"},
                            {"category": "basePrice", "key": "decimalPlaces", "value": str(2 + shift)},
                        ]
                    },
                }
                for price, quantity in prices
            ]
        }

    plain, scaled = computed(document(0)), computed(document(more))
    assert scaled["total"] == {
        "value": plain["total"]["value"] * 10**more,
        "currency": "EUR",
        "decimalPlaces": 2 + more,
    }
    assert plain["total"]["value"] == sum(price * quantity for price, quantity in prices)


@given(st.lists(st.tuples(st.text(), st.text(), st.text(), st.text()), min_size=1, max_size=4))
def test_any_text_gives_totals_that_the_wire_allows(texts: list[tuple[str, str, str, str]]) -> None:
    """Attribute values of any text give no error, and every computed amount is a 64-bit integer in a known currency."""
    keys = ("value", "currency", "decimalPlaces", "percentage")
    lines = [
        {
            "quantity": 1,
            "article": {
                "attributes": [
                    {"category": category, "key": key, "value": value}
                    for category in ("basePrice", "discount", "surcharge", "tax")
                    for key, value in zip(keys, row, strict=True)
                ]
            },
        }
        for row in texts
    ]
    found = record_totals({"lineItems": lines, "pricing": {"fees": [{"value": {"value": 1, "currency": "EUR"}}]}})
    assert found is not None
    for part in parts_of(found).values():
        if part is not None:
            assert type(part["value"]) is int
            assert -(2**63) <= part["value"] < 2**63
            assert part["currency"] in DECIMAL_PLACES
