"""ISO 8601 durations: what they come to, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.duration import DAY_MS, HOUR_MS, MINUTE_MS, MONTHS_MAX, MS_MAX, WEEK_MS, Duration, parse, parse_ms


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT8H", Duration(0, 8 * HOUR_MS)),
        ("PT60S", Duration(0, MINUTE_MS)),
        ("PT90M", Duration(0, 90 * MINUTE_MS)),
        ("P2W", Duration(0, 2 * WEEK_MS)),
        ("P1DT12H30M5S", Duration(0, DAY_MS + 12 * HOUR_MS + 30 * MINUTE_MS + 5_000)),
        ("P1Y6M", Duration(18, 0)),
        ("P1M", Duration(1, 0)),
        ("PT1M", Duration(0, MINUTE_MS)),
        ("P1Y2M3DT4H", Duration(14, 3 * DAY_MS + 4 * HOUR_MS)),
        ("P0D", Duration(0, 0)),
        ("PT007M", Duration(0, 7 * MINUTE_MS)),
        ("P1000Y", Duration(MONTHS_MAX, 0)),
        ("P366000D", Duration(0, MS_MAX)),
    ],
)
def test_a_duration_is_months_and_milliseconds(text: str, duration: Duration) -> None:
    """Years are 12 months, a day is 24 hours, and M means months before the T and minutes after it."""
    assert parse(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "8H",
        "PT8",
        "pt8h",
        "-PT8H",
        "+PT8H",
        "PT-8H",
        "P1W1D",
        "P1H",
        "PT1D",
        "PT1.5H",
        "PT1,5H",
        "PT1M1H",
        " PT8H",
        "PT8H\n",
        "PT٨H",
        "P1001Y",
        "P12001M",
        "P366001D",
        "P366000DT1S",
        "PT1234567890123S",
        "P" + "9" * 100_000 + "D",
    ],
)
def test_anything_else_is_no_duration(text: str) -> None:
    """Signs, fractions, wrong order, other digits, nothing at all, and more than a thousand years are refused."""
    with pytest.raises(ValueError, match="expected an ISO 8601 duration such as PT8H"):
        parse(text)


@given(st.integers(0, 9_999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_parts_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    """The milliseconds of a duration are the sum of its parts."""
    text = f"P{days}DT{hours}H{minutes}M{seconds}S"
    assert parse_ms(text) == days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1_000


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P1MT1H"])
def test_months_have_no_fixed_length(text: str) -> None:
    """Where milliseconds are asked for, a month is refused rather than guessed."""
    with pytest.raises(ValueError, match="without years and months"):
        parse_ms(text)
    assert parse_ms("P0M") == 0
