"""How near a facility is to where goods go."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from opendoms.promises.model import Address, Point

EARTH_RADIUS_M: Final = 6_371_009


class Nearness(NamedTuple):
    """Sorts the nearer place first.

    Where either end has no coordinates, `metres` is None, and places follow those whose distance is known: first those
    in the same country, then those whose postal code has more leading characters in common.
    """

    unknown: bool
    metres: int | None
    abroad: bool
    postal: int

    def key(self) -> tuple[bool, int, bool, int]:
        """What to sort by, ascending."""
        return self.unknown, self.metres or 0, self.abroad, -self.postal


def nearness(here: Address, there: Address) -> Nearness:
    """How near two addresses are, by what is known of them."""
    if here.point is not None and there.point is not None:
        return Nearness(False, _metres(here.point, there.point), False, 0)
    abroad = here.country is None or here.country != there.country
    shared = 0 if abroad else _shared(here.postal_code or "", there.postal_code or "")
    return Nearness(True, None, abroad, shared)


def _shared(one: str, other: str) -> int:
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def _metres(one: Point, other: Point) -> int:
    """The great-circle distance, by the haversine formula."""
    lat_one, lat_other = math.radians(one.lat), math.radians(other.lat)
    half_lat = (lat_other - lat_one) / 2
    half_lon = math.radians(other.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_one) * math.cos(lat_other) * math.sin(half_lon) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord))))
