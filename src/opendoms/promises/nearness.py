"""How near a facility is to where goods go."""

from __future__ import annotations

import functools
import math
from typing import Final

from opendoms.promises.model import Address, Point

EARTH_RADIUS_M: Final = 6_371_009
# Points whose directions are kept.
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
    """The great-circle distance, by the straight line between two points of a unit sphere, as the haversine formula."""
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.dist(_direction(one), _direction(other)) / 2)))


@functools.lru_cache(POINTS_KEPT_MAX)
def _direction(point: Point) -> tuple[float, float, float]:
    """Where a point lies on a sphere of radius 1."""
    lat, lon = math.radians(point.lat), math.radians(point.lon)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
