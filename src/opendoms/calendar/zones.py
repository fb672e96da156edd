"""Time zones by their names in the IANA database, and which one a country has."""

from __future__ import annotations

import functools
import zoneinfo
from typing import Final

ZONE_CHARACTERS_MAX: Final = 64
CACHED_MAX: Final = 1_024
FALLBACK: Final = "UTC"

# Countries whose shops all keep one time. Of those with several (Spain's and Portugal's islands apart, whose mainland
# stands here) none is listed, since a guess would move cut-offs by hours.
_ZONE_OF_COUNTRY: Final = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "LI": "Europe/Vaduz",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "TR": "Europe/Istanbul",
}
# One of each half of the earth, to see whether there is any zone data at all.
_PROBES: Final = ("Europe/Berlin", "America/New_York")


class ZoneDataMissing(Exception):  # noqa: N818 - told to the operator as a sentence
    """The machine has no time zone data, so that no opening time could be understood."""


@functools.lru_cache(CACHED_MAX)
def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of this name; None where the machine's database has none."""
    if len(name) > ZONE_CHARACTERS_MAX:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_of(name: str | None, country: str | None) -> zoneinfo.ZoneInfo:
    """The zone of a place: the one that is named, else the one that its country has, else UTC."""
    for candidate in (name, _ZONE_OF_COUNTRY.get(country or "")):
        found = zone(candidate) if candidate else None
        if found is not None:
            return found
    return zoneinfo.ZoneInfo(FALLBACK)


def check_zone_data() -> None:
    """Raises ZoneDataMissing where the machine has no time zone database."""
    if any(zone(name) is None for name in _PROBES) or zone(FALLBACK) is None:
        raise ZoneDataMissing("This machine has no time zone data. Install its package tzdata, then start again.")
