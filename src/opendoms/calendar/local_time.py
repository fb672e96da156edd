"""Local days and times of day as instants, across changes of the clock.

Where clocks go forward, a time of day that is left out is the instant of the change. Where they go back, a time that
comes twice is its first coming, so that an hour which comes twice lasts two hours. Both keep the order of times of day:
what is later on the wall is never earlier in fact.
"""

from __future__ import annotations

import datetime
import functools
import zoneinfo
from typing import Final

MINUTE_MS: Final = 60_000
DAY_MINUTES: Final = 1_440
DAY_MS: Final = DAY_MINUTES * MINUTE_MS
CACHED_MAX: Final = 16_384

# Days that are far enough from the ends of what datetime can show, in every zone.
FIRST_DAY: Final = datetime.date(1, 1, 4)
LAST_DAY: Final = datetime.date(9999, 12, 28)

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_SECOND: Final = datetime.timedelta(seconds=1)
_MILLISECOND: Final = datetime.timedelta(milliseconds=1)
_EPOCH_DAY: Final = _EPOCH.date().toordinal()


def day_of(instant: int, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """The local day on which an instant lies. Raises OverflowError outside FIRST_DAY to LAST_DAY."""
    utc_day = _EPOCH_DAY + instant // DAY_MS
    if not FIRST_DAY.toordinal() < utc_day < LAST_DAY.toordinal():
        raise OverflowError("no local day can be told for this instant")
    return (_EPOCH + instant * _MILLISECOND).astimezone(zone).date()


def instant_at(day: datetime.date, minute: int, zone: zoneinfo.ZoneInfo) -> int:
    """The instant of a local time of day; `minute` is 0 to 1440, which is the end of the day."""
    ordinal = day.toordinal()
    wall = (ordinal - _EPOCH_DAY) * DAY_MS + minute * MINUTE_MS
    offset = _constant_offset(ordinal, zone)
    return wall - offset if offset is not None else _around_a_change(wall, zone)


def exists(day: datetime.date, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether the zone had this day: some have left one out, to change the side of the date line."""
    if _constant_offset(day.toordinal(), zone) is not None:
        return True  # the shorter way to the same answer, on all days but a few
    return instant_at(day, 0, zone) < instant_at(day, DAY_MINUTES, zone)


@functools.lru_cache(CACHED_MAX)
def _constant_offset(ordinal: int, zone: zoneinfo.ZoneInfo) -> int | None:
    """How far local time is ahead of UTC, in ms, where it is the same all day and around it; else None."""
    noon = _EPOCH + datetime.timedelta(days=ordinal - _EPOCH_DAY, hours=12)
    offsets = {(noon + datetime.timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-36, 37, 12)}
    (offset, *others) = offsets
    return None if others or offset is None else offset // _MILLISECOND


def _around_a_change(wall: int, zone: zoneinfo.ZoneInfo) -> int:
    """The first instant at which the wall clock shows `wall` or, for the first time, more."""
    naive = (_EPOCH + wall * _MILLISECOND).replace(tzinfo=None)
    first, second = (_ms(naive.replace(tzinfo=zone, fold=fold).utcoffset()) for fold in (0, 1))
    # In a gap the offset before the change gives the later instant, and the change lies between the two.
    if _wall(wall - first, zone) == wall:
        return wall - first
    early, late = wall - second, wall - first
    while late - early > 1:
        middle = (early + late) // 2
        if _wall(middle, zone) >= wall:
            late = middle
        else:
            early = middle
    return late


def _wall(instant: int, zone: zoneinfo.ZoneInfo) -> int:
    """What the wall clock shows at an instant, in ms since 1970 as if it were UTC."""
    return instant + _ms((_EPOCH + instant * _MILLISECOND).astimezone(zone).utcoffset())


def _ms(offset: datetime.timedelta | None) -> int:
    return (offset or datetime.timedelta()) // _MILLISECOND
