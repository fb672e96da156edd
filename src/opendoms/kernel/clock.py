"""The one clock. An instant is an integer: milliseconds since 1970-01-01T00:00:00Z."""

from __future__ import annotations

import datetime
import time
from functools import lru_cache
from typing import Protocol

# The first and last millisecond of the years 0001 to 9999, which is what datetime can show.
INSTANT_MIN = -62_135_596_800_000
INSTANT_MAX = 253_402_300_799_999

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
# Formatting a naive datetime spares cutting "+00:00" off again.
_NAIVE_EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 - only ever formatted, as UTC
_MILLISECOND = datetime.timedelta(milliseconds=1)


class Clock(Protocol):
    """Tells the time. Per tenant, because a sandbox may freeze one tenant's time and leave the others'."""

    def now(self, tenant: str) -> int:
        """The present instant in milliseconds."""
        ...


class SystemClock:
    """The machine's clock, the same for every tenant."""

    def now(self, tenant: str) -> int:  # noqa: ARG002 - the machine's time does not depend on the tenant
        """The present instant in milliseconds."""
        return time.time_ns() // 1_000_000


def instant_of(moment: datetime.datetime) -> int:
    """The instant of an aware datetime; parts of a millisecond are cut off, never rounded up."""
    return (moment - _EPOCH) // _MILLISECOND


# Under load many requests share a millisecond, and every one is logged with it.
@lru_cache(maxsize=64)
def text_of(instant: int) -> str:
    """An instant as the wire shows it: UTC, milliseconds, Z. Raises OverflowError outside the years 1 to 9999."""
    second, millisecond = divmod(instant, 1000)
    return f"{_second_text(second)}.{millisecond:03d}Z"


# Most instants that are shown are of the present second.
@lru_cache(maxsize=256)
def _second_text(second: int) -> str:
    return (_NAIVE_EPOCH + datetime.timedelta(seconds=second)).isoformat(timespec="seconds")


def instant_from(text: str) -> int:
    """The instant of an RFC 3339 text with any offset. Raises ValueError for anything else."""
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset or Z")
    return instant_of(moment)
