"""How near a facility is to where goods go."""

from __future__ import annotations

import functools
import math
from typing import Final

from opendoms.promises.model import Address, Point

EARTH_RADIUS_M: Final = 6_371_009
# Facilities whose angles are kept.
POINTS_KEPT_MAX: Final = 16_384


# Sorts the nearer place first: whether the distance is not known, the metres, whether it is abroad, and how many
# leading characters of the postal codes are the same, less than zero. Places whose distance is not known follow the
# others: those in the same country first, then those whose postal codes have more in common.
Nearness = tuple[bool, int, bool, int]


def nearness(here: Address, there: Address) -> Nearness:
    """How near two addresses are, by what is known of them."""
    if here.point is not None and there.point is not None:
        return False, _metres(here.point, there.point), False, 0
    abroad = here.country is None or here.country != there.country
    return True, 0, abroad, 0 if abroad else -_shared(here.postal_code or "", there.postal_code or "")


def metres_of(near: Nearness) -> int | None:
    """The distance, where it is known."""
    unknown, metres, _, _ = near
    return None if unknown else metres


def _shared(one: str, other: str) -> int:
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def _metres(one: Point, other: Point) -> int:
    """The great-circle distance, by the haversine formula."""
    lat_one, lon_one, cos_one = _angles(one)
    lat_other, lon_other, cos_other = _angles(other)
    chord = math.sin((lat_other - lat_one) / 2) ** 2 + cos_one * cos_other * math.sin((lon_other - lon_one) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord))))


@functools.lru_cache(POINTS_KEPT_MAX)
def _angles(point: Point) -> tuple[float, float, float]:
    """Latitude and longitude in radians, and the cosine of the former."""
    lat = math.radians(point.lat)
    return lat, math.radians(point.lon), math.cos(lat)
