"""ISO 8601 durations: PT8H, P2W, P1Y6M, P1DT12H30M."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
WEEK_MS: Final = 7 * DAY_MS

# A thousand years: longer than anything that is kept or awaited, and far from the ends of the calendar.
YEARS_MAX: Final = 1_000
MONTHS_MAX: Final = 12 * YEARS_MAX
MS_MAX: Final = YEARS_MAX * 366 * DAY_MS

_EXPECTED: Final = "expected an ISO 8601 duration such as PT8H, P14D or P1Y, at most 1000 years long"

# Weeks stand alone. Whole numbers only, and few enough digits that a number is cheap however long the text is.
_N: Final = "([0-9]{1,12})"
_FORM: Final = re.compile(rf"P(?:{_N}W|(?:{_N}Y)?(?:{_N}M)?(?:{_N}D)?(?:T(?=[0-9])(?:{_N}H)?(?:{_N}M)?(?:{_N}S)?)?)")


class Duration(NamedTuple):
    """A span of time, never negative. Months have no fixed length, so they are not milliseconds; a day has 24 hours."""

    months: int
    ms: int


def parse(text: str) -> Duration:
    """The duration of an ISO 8601 text. Raises ValueError for any other text, and for more than YEARS_MAX."""
    found = _FORM.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(_EXPECTED)
    weeks, years, months, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    duration = Duration(
        12 * years + months,
        weeks * WEEK_MS + days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS,
    )
    if duration.months > MONTHS_MAX or duration.ms > MS_MAX:
        raise ValueError(_EXPECTED)
    return duration


def parse_ms(text: str) -> int:
    """The milliseconds of an ISO 8601 text without years and months, which have no fixed length. Raises ValueError."""
    duration = parse(text)
    if duration.months:
        raise ValueError("expected a duration without years and months, such as PT8H or P14D")
    return duration.ms
