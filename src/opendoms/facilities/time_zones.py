"""Time zones by their names in the IANA database, which comes with the machine."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from typing import Final

from opendoms.calendar.zones import CACHED_MAX, ZONE_CHARACTERS_MAX, zone
from opendoms.facilities.rules.whole import TimeZone
from opendoms.kernel.decision import Document

# A day on which no zone of either half of the earth is at its last change; its standard time is what is asked for.
_DAY: Final = datetime.datetime(2024, 1, 15, 12, tzinfo=datetime.UTC)


@functools.lru_cache(CACHED_MAX)
def _zone(name: str) -> TimeZone | None:
    found = zone(name)
    if found is None:
        return None
    local = _DAY.astimezone(found)
    offset = local.utcoffset()
    if offset is None:
        return None
    standard = offset - (local.dst() or datetime.timedelta())
    return TimeZone(local.tzname() or name, int(standard.total_seconds()))


def zones_of(body: Document) -> Mapping[str, TimeZone]:
    """What is known of the time zones that a body names, in its address or in those of its actions, by their ids."""
    zones = {}
    for part in (body, *body.get("actions", ())):
        named = ((part.get("address") or {}).get("resolvedTimeZone") or {}).get("timeZoneId", "")
        found = _zone(named) if len(named) <= ZONE_CHARACTERS_MAX else None
        if found is not None:
            zones[named] = found
    return zones
