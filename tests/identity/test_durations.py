"""Spans of time as a person types them."""

from __future__ import annotations

import pytest

from opendoms.identity.durations import DURATION_MAX_S, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("10m", 600), ("12h", 43_200), ("30d", 2_592_000), ("4w", 2_419_200), (" 1D ", 86_400)],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    """A number with s, m, h, d or w is that many seconds."""
    assert parse_duration(text) == seconds


def test_ten_years_are_the_most() -> None:
    """Ten years of 366 days are taken, a second more is not."""
    assert parse_duration("3660d") == DURATION_MAX_S
    with pytest.raises(ValueError, match="up to ten years"):
        parse_duration(f"{DURATION_MAX_S + 1}s")


@pytest.mark.parametrize("text", ["", "30", "d", "0d", "-1d", "1.5h", "1y", "1d12h", "१d", "9999999999s"])
def test_anything_else_is_refused(text: str) -> None:
    """A text that is no duration is refused, and so is one of no length."""
    with pytest.raises(ValueError, match="such as 30d"):
        parse_duration(text)
