"""Money in minor units: reading numbers, rounding, decimal places."""

from __future__ import annotations

import json
import os
import pathlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.money import (
    DECIMAL_PLACES,
    INT64_MAX,
    INT64_MIN,
    MAX_FRACTION_DIGITS,
    MAX_INTEGER_DIGITS,
    Exact,
    exact,
    fits,
    half_up,
    minor_units,
)

CONTRACT = pathlib.Path(
    os.environ.get("OPENDOMS_CONTRACT", pathlib.Path(__file__).parents[3] / "shared" / "spec"), "openapi.json"
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 2, 3), (-5, 2, -3), (1, 2, 1), (-1, 2, -1), (49, 100, 0), (-49, 100, 0), (0, 7, 0), (7, 1, 7), (8, 3, 3)],
)
def test_a_half_is_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    """A half goes away from zero on both sides, anything else to the nearest integer."""
    assert half_up(numerator, denominator) == rounded


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**20))
def test_rounding_is_symmetric_and_never_off_by_more_than_a_half(numerator: int, denominator: int) -> None:
    """Rounding treats a number and its negative alike and moves by at most a half."""
    rounded = half_up(numerator, denominator)
    assert half_up(-numerator, denominator) == -rounded
    assert abs(Fraction(numerator, denominator) - rounded) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1999", Exact(1999, 1)),
        ("+7", Exact(7, 1)),
        ("-12.50", Exact(-1250, 100)),
        ("007", Exact(7, 1)),
        (0, Exact(0, 1)),
        (-3, Exact(-3, 1)),
        (Decimal("2.5"), Exact(5, 2)),
        (Decimal("1E+3"), Exact(1000, 1)),
        (Decimal("-0.0"), Exact(0, 1)),
        (0.1, Exact(1, 10)),
        ("9" * MAX_INTEGER_DIGITS, Exact(10**19 - 1, 1)),
        ("0." + "0" * 17 + "1", Exact(1, 10**MAX_FRACTION_DIGITS)),
        (Decimal("1E-18"), Exact(1, 10**MAX_FRACTION_DIGITS)),
    ],
)
def test_plain_numbers_are_read_exactly(raw: object, number: Exact) -> None:
    """Integers, decimals and plain texts are read without loss, up to the bounds."""
    assert exact(raw) == number


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " 5",
        "5 ",
        "5\n",
        "5.",
        ".5",
        "3,49",
        "1_000",
        "1e3",
        "1e999999",
        "0x1F",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "--5",
        "١٢",  # digits of another script
        "1" * (MAX_INTEGER_DIGITS + 1),
        "9" * 10_000,
        "0." + "1" * (MAX_FRACTION_DIGITS + 1),
        10**MAX_INTEGER_DIGITS,
        -(10**MAX_INTEGER_DIGITS),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Decimal("1E999999"),
        Decimal("1E-999999"),
        Decimal("1E-19"),
        Decimal("1." + "0" * 10_000 + "1"),
        float("nan"),
        float("inf"),
        True,
        None,
        [],
        {},
    ],
)
def test_anything_else_is_no_number(raw: object) -> None:
    """Exponents in texts, blanks, other digits, NaN, infinities and numbers out of bounds are not read."""
    assert exact(raw) is None


@given(st.text())
def test_reading_a_text_never_fails(raw: str) -> None:
    """Whatever text comes in is either a number with a positive denominator or none."""
    number = exact(raw)
    assert number is None or number.denominator >= 1


@given(st.decimals())
def test_a_decimal_that_is_read_keeps_its_value(raw: Decimal) -> None:
    """A decimal within the bounds has the same value afterwards, one that is not finite has none."""
    number = exact(raw)
    if number is None:
        exponent = raw.as_tuple().exponent
        assert isinstance(exponent, str) or raw.adjusted() >= MAX_INTEGER_DIGITS or exponent < -MAX_FRACTION_DIGITS
    else:
        assert Fraction(number.numerator, number.denominator) == Fraction(raw)


@pytest.mark.parametrize(
    ("amount", "places", "target", "units"),
    [
        (Exact(1999, 1), 2, 2, 1999),
        (Exact(1999, 1), 2, 4, 199900),
        (Exact(19995, 1), 3, 2, 2000),
        (Exact(-19995, 1), 3, 2, -2000),
        (Exact(1, 3), 0, 2, 33),
        (Exact(5, 10), 0, 0, 1),
    ],
)
def test_minor_units_in_other_decimal_places(amount: Exact, places: int, target: int, units: int) -> None:
    """An amount is scaled to the wanted decimal places and rounded half-up only at the end."""
    assert minor_units(amount, places, target) == units


def test_64_bits_are_the_bounds_of_an_amount() -> None:
    """The smallest and the largest 64-bit integer fit, their neighbours outside do not."""
    assert [fits(value) for value in (INT64_MIN, INT64_MAX, INT64_MIN - 1, INT64_MAX + 1)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("currency", "places"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("CLP", 0), ("XAU", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)],
)
def test_default_decimal_places(currency: str, places: int) -> None:
    """Every currency has the decimal places of ISO 4217, and those without a minor unit have none."""
    assert DECIMAL_PLACES[currency] == places


def test_the_currencies_are_those_of_the_contract() -> None:
    """The table holds exactly the currency codes that an amount may have by the contract."""
    if not CONTRACT.exists():
        pytest.skip(f"the contract is not at {CONTRACT}")
    schemas = json.loads(CONTRACT.read_text())["components"]["schemas"]
    assert sorted(DECIMAL_PLACES) == sorted(schemas["MonetaryValue"]["properties"]["currency"]["enum"])
