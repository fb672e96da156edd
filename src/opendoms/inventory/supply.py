"""What all facilities have of some articles, at one instant, for new orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opendoms.inventory.model import Level, LevelKey


class Offer(NamedTuple):
    """That a facility lists an article in another way than to sell what it has.

    `preorder_from` is an instant in ms, `restock_days` 0 for an unknown number of days.
    """

    facility_ref: str
    status: str
    behaviour: str
    preorder_from: int | None
    restock_days: int | None


class Supply(NamedTuple):
    """By article: who lists it, and what they have.

    `plain` are facilities that sell what they have and let nobody wait, `special` the other listings. `free` are the
    facilities that have any, the pieces of each beyond what is kept back and reserved, and its count of stock writes.
    `lapsed` are the pieces among these that may not be promised any more, `expired` those of reservations that hold
    nothing any more although they are still counted.
    """

    plain: Mapping[str, Sequence[str]]
    special: Mapping[str, Sequence[Offer]]
    free: Mapping[str, tuple[Sequence[str], Sequence[int], Sequence[int]]]
    lapsed: Mapping[LevelKey, int] = {}
    expired: Mapping[LevelKey, int] = {}

    def available(self) -> dict[str, dict[str, int]]:
        """The pieces that can be promised, by article and facility; 0 or less where there are none."""
        found = {
            article: dict(zip(facilities, pieces, strict=True))
            for article, (facilities, pieces, _) in self.free.items()
        }
        for article, facility in self.lapsed.keys() | self.expired.keys():
            level = self.level(article, facility)
            if level is not None:
                found[article][facility] = level.available
        return found

    def level(self, article: str, facility: str) -> Level | None:
        """The level as it is for a new order: nothing is reserved but what has expired, and nothing kept back."""
        facilities, pieces, restocked = self.free[article]
        if facility not in facilities:
            return None
        place = facilities.index(facility)
        key = (article, facility)
        expired = self.expired.get(key, 0)
        return Level(
            article,
            facility,
            on_hand=pieces[place] + expired,
            reserved=expired,
            restocked=restocked[place],
            lapsed=self.lapsed.get(key, 0),
            expired=expired,
        )
