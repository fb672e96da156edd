"""Values of documents as filters and orders compare them: by kind, never across kinds."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, Final

from opendoms.kernel import duration
from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, instant_from, instant_of
from opendoms.search.fields import ABSENT, Kind

# Signs that a relative date may start with: the contract's own text shows a dash where a minus is meant.
_MINUS: Final = ("-", "\N{EN DASH}", "\N{MINUS SIGN}")
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MONTHS_PER_YEAR: Final = 12

Comparable = str | int | Decimal | bool


def value_of(kind: Kind, found: Any) -> Comparable | None:
    """The value to compare, or ABSENT where the document holds another kind there. A moment becomes an instant."""
    match kind, found:
        case "boolean", bool():
            return found
        case "number", int() | Decimal() | float() if not isinstance(found, bool):
            return found if isinstance(found, int | Decimal) else Decimal(str(found))
        case "text", str():
            return found
        case "moment", str():
            try:
                return instant_from(found)
            except (ValueError, OverflowError):
                return ABSENT
        case _:
            return ABSENT


def kind_of(found: Any) -> Kind | None:
    """The kind of a value that has no description: a member of custom attributes, or what it is compared with."""
    match found:
        case bool():
            return "boolean"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "text"
        case _:
            return None


def relative(text: str, now: int) -> int:
    """The instant that lies an ISO 8601 duration after `now`, or before it with a minus in front. Raises ValueError.

    Months and years are those of the calendar in UTC; a day that the month does not have becomes its last. What lies
    outside of the years 1 to 9999 becomes their first or last instant.
    """
    sign = -1 if text.startswith(_MINUS) else 1
    span = duration.parse(text[1:] if sign < 0 else text)
    return min(max(_months_later(now, sign * span.months) + sign * span.ms, INSTANT_MIN), INSTANT_MAX)


def _months_later(now: int, months: int) -> int:
    moment = _EPOCH + datetime.timedelta(milliseconds=now)
    year, month = divmod(moment.year * _MONTHS_PER_YEAR + moment.month - 1 + months, _MONTHS_PER_YEAR)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return INSTANT_MIN if months < 0 else INSTANT_MAX
    first = moment.replace(year=year, month=month + 1, day=1)
    for day in range(moment.day, 0, -1):
        try:
            return instant_of(first.replace(day=day))
        except ValueError:
            continue
    return instant_of(first)
