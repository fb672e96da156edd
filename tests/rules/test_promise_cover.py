"""The fewest places: held against trying every set, and against more supply where not every set is weighed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.promises.cover import Places, Unit, fewest
from opendoms.promises.effort import SETS_MAX, places_max


def by_trying(units: list[Unit], places: int) -> Places:
    """The best set of all sets."""
    for size in range(places + 1):
        sets = [chosen for chosen in itertools.combinations(range(places), size) if serves(units, chosen)]
        if sets:
            return min(sets, key=lambda chosen: chosen[::-1])
    raise AssertionError("the units cannot be served")


def serves(units: list[Unit], chosen: Places) -> bool:
    """Whether the places have enough of everything together."""
    return all(sum(unit.supply[place] for place in chosen) >= unit.need for unit in units)


@st.composite
def shortages(draw: st.DrawFn) -> tuple[list[Unit], int]:
    """Up to 7 units that up to 7 places can serve together, mostly by more than one, and how many places there are."""
    places = draw(st.integers(1, 7))
    units = []
    for _ in range(draw(st.integers(0, 7))):
        supply = tuple(draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 4]), min_size=places, max_size=places)))
        units.append(Unit(min(draw(st.integers(0, 6)), sum(supply)), supply))
    return units, places


@given(shortages())
def test_with_every_set_weighed_the_answer_is_the_best_of_all(shortage: tuple[list[Unit], int]) -> None:
    """The size is the smallest, and of that size the set whose last places come first."""
    units, places = shortage
    best = by_trying(units, places)
    assert fewest(units, places) == (best, len(best), True)


@given(shortages(), st.integers(1, 3))
def test_with_small_sets_weighed_the_answer_still_serves_within_its_bound(
    shortage: tuple[list[Unit], int], size: int
) -> None:
    """It is proved just where a small set is the best; otherwise it serves, and can spare none of its places."""
    units, places = shortage
    best = by_trying(units, places)
    cover = fewest(units, size)
    assert cover.proved == (len(best) <= size)
    if cover.proved:
        assert (cover.places, cover.size_max) == (best, len(best))
    else:
        assert serves(units, cover.places)
        assert not any(serves(units, tuple(set(cover.places) - {place})) for place in cover.places)
        assert len(best) <= len(cover.places) <= cover.size_max


@given(shortages(), st.integers(1, 3), st.data())
def test_more_supply_never_raises_the_bound(shortage: tuple[list[Unit], int], size: int, data: st.DataObject) -> None:
    """However few sets are weighed; and what was proved stays proved, with a set as good or better."""
    units, _ = shortage
    more = [
        Unit(unit.need, tuple(pieces + data.draw(st.sampled_from([0, 0, 1, 3])) for pieces in unit.supply))
        for unit in units
    ]
    before, after = fewest(units, size), fewest(more, size)
    assert after.size_max <= before.size_max
    if before.proved:
        assert after.proved
        assert (len(after.places), after.places[::-1]) <= (len(before.places), before.places[::-1])


def test_what_needs_nothing_takes_nobody() -> None:
    """No units, or none that are needed, are served by no place."""
    assert fewest([], 3) == ((), 0, True)
    assert fewest([Unit(0, (5, 5))], 3) == ((), 0, True)
    assert fewest([Unit(0, ())], 3) == ((), 0, True)


@pytest.mark.parametrize(
    ("candidates", "level", "expected"),
    [
        (0, 0.2, 1),
        (1, 0.2, 1),
        (16, 0.2, 16),  # at most 12,870 sets of one size
        (17, 0.2, 8),
        (40, 0.2, 4),
        (200, 0.2, 3),  # 19,900 pairs, and the third follows
        (200, 1.0, 3),
        (80, 1.0, 4),
        (200, 0.000_001, 1),
        (100_000, 1.0, 2),
    ],
)
def test_the_sets_that_are_weighed_follow_from_facilities_and_level(
    candidates: int, level: float, expected: int
) -> None:
    """The size is the largest for which the sets of one place fewer stay within the effort."""
    assert SETS_MAX == 100_000
    assert places_max(candidates, level) == expected
