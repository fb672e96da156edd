"""What a decision rests on, as compact as it is kept; and from it, when somebody asks, what spoke for and against whom.

Every candidate of every promise is in it, so nothing is put into words before it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from opendoms.promises.nearness import Nearness, metres_of
from opendoms.promises.reasons import Consideration, Fact, Reason, Role

# What a candidate has of an article, as a digit.
UNLISTED: Final = ord("0")
INACTIVE: Final = ord("1")
UNDONE: Final = ord("2")  # does not do the services that are ordered with it
SOLD_OUT: Final = ord("3")
TOO_FEW: Final = ord("4")
ENOUGH: Final = ord("5")

ARTICLES_TOLD_MAX: Final = 5  # of the articles that a reason is about

_NOTED: Final = (
    (chr(UNLISTED), Reason.NOT_LISTED),
    (chr(INACTIVE), Reason.LISTING_INACTIVE),
    (chr(UNDONE), Reason.SERVICE_NOT_DONE),
    (chr(SOLD_OUT), Reason.NOT_AVAILABLE),
    (chr(TOO_FEW), Reason.TOO_FEW),
)
_SOME: Final = frozenset({chr(TOO_FEW), chr(ENOUGH)})


class Seen(NamedTuple):
    """A candidate: whether it may serve, and what rules it out where it may not."""

    facility: str
    name: str
    role: Role
    able: bool
    against: Sequence[Fact]


# A place that could send: what places are preferred by, the smallest first. Hand-over, nearness, number; numbers are in
# the order of the facilities' ids.
Rank = tuple[int, Nearness, int]


class More(NamedTuple):
    """What is known of single candidates besides, by number."""

    number: int
    speaks_for: Sequence[Fact]
    speaks_against: Sequence[Fact]


class Grounds(NamedTuple):
    """`codes` has a text per article with a digit per able candidate.

    `places` are those that could send, `timeless` the candidates that have pieces and find no time, `chosen` the places
    that send, `alone` those that could have sent everything; `serving` are all that give something.
    """

    articles: Sequence[str]
    codes: Sequence[str]
    candidates: Sequence[Seen]
    places: Sequence[Rank]
    timeless: Sequence[int]
    chosen: Sequence[int]
    alone: Sequence[int]
    serving: Sequence[int]
    more: Sequence[More]


def considerations(grounds: Grounds) -> Iterator[Consideration]:
    """Everybody who was looked at, in the order in which they were; `grounds` may come out of JSON."""
    seen = _Seen(*grounds)
    number = 0
    for facility, name, role, able, against in grounds.candidates:
        facts: tuple[list[Fact], list[Fact]] = ([], list(against))
        if able:
            seen.judge(number, facts)
        yield Consideration(facility, name, role, able and number in seen.serving, *facts)
        number += able


class _Seen:
    def __init__(self, *grounds: Any) -> None:
        told = Grounds(*grounds)
        self.serving = frozenset(told.serving)
        self._articles, self._codes = told.articles, told.codes
        self._places = {number: (hand_over, _near(*near)) for hand_over, near, number in told.places}
        self._timeless, self._alone = frozenset(told.timeless), frozenset(told.alone)
        self._chosen = tuple(told.chosen)
        self._more = {more[0]: More(*more) for more in told.more}
        facilities = [each[0] for each in told.candidates if each[3]]
        self._first = (facilities[self._chosen[0]], self._places[self._chosen[0]]) if self._chosen else None

    def judge(self, number: int, facts: tuple[list[Fact], list[Fact]]) -> None:
        """Adds what speaks for a candidate, and what against it."""
        speaks_for, against = facts
        has = [codes[number] for codes in self._codes]
        for code, reason in _NOTED:
            articles = [article for article, each in zip(self._articles, has, strict=True) if each == code]
            if articles:
                against.append((reason, (articles[:ARTICLES_TOLD_MAX], len(articles))))
        some = sum(each in _SOME for each in has)
        if some:
            whole = all(each == chr(ENOUGH) for each in has)
            speaks_for.append((Reason.HAS_ALL if whole else Reason.HAS_SOME, (some, len(has))))
        if number in self._timeless:
            against.append((Reason.NO_HOURS, None))
        place = self._places.get(number)
        if place is not None:
            hand_over, near = place
            speaks_for.append((Reason.HANDS_OVER, hand_over))
            metres = metres_of(near)
            if metres is not None:
                speaks_for.append((Reason.DISTANCE, metres))
            if number in self._chosen:
                speaks_for.append((Reason.CHOSEN, len(self._chosen)))
            else:
                against.append(self._behind(number, *place))
        more = self._more.get(number)
        if more is not None:
            speaks_for.extend(more.speaks_for)
            against.extend(more.speaks_against)

    def _behind(self, number: int, hand_over: int, near: Nearness) -> Fact:
        """Why a place that was not chosen was not: another one does as well, and comes first; or it is not needed."""
        if number not in self._alone or self._first is None:
            return Reason.NOT_NEEDED, len(self._chosen)
        facility, (first_hand_over, first_near) = self._first
        if hand_over != first_hand_over:
            return Reason.LATER, (facility, first_hand_over)
        if near != first_near:
            return Reason.FARTHER, facility
        return Reason.AFTER_IN_ORDER, facility


def _near(unknown: bool, metres: int, abroad: bool, postal: int) -> Nearness:  # noqa: FBT001 - a list of JSON's
    return unknown, metres, abroad, postal
