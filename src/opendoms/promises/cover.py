"""The fewest places that together have what is needed, and of several such sets the one that comes first.

Places are numbered in the order in which they are preferred. Of two sets of one size the better is the one whose last
place comes earlier; where that is the same, the last but one; and so on.

Every set of up to `places_max` places is weighed, without looking at most of them one by one. Only where none of these
serves is the answer put together from parts: then its size has a bound that more supply never raises (see `fewest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

Places = tuple[int, ...]
Left = Mapping[int, int]

_AS_NEEDED: Final[Left] = {}


class Unit(NamedTuple):
    """Something of which `need` pieces are wanted from all chosen places together; `supply` has one entry per place.

    What must come from one place is a unit of need 1, with supply 1 at the places that can serve it.
    """

    need: int
    supply: tuple[int, ...]


class Cover(NamedTuple):
    """The chosen places, ascending. `proved`: no smaller set serves. `size_max` is never below their number."""

    places: Places
    size_max: int
    proved: bool


def fewest(units: Sequence[Unit], places_max: int) -> Cover:
    """The best set of places that serves all units; the supplies of every unit must reach its need.

    Where no set of up to `places_max` places serves, the units are halved in their order until each part is served by
    such a set, and `size_max` is the sum of their sizes. More supply keeps every set that serves a part serving it, so
    neither the size of a proved answer nor `size_max` ever grows with it. The answer itself is then the smaller of what
    the parts make together and of a greedy choice, each without the places that its others make needless.
    """
    search = _Search(units)
    everything = range(len(units))
    whole = search.smallest(everything, places_max)
    if whole is not None:
        best = search.first(everything, whole)
        return Cover(best, len(best), True)
    parts = list(_parts(search, everything, places_max))
    merged = {place for part in parts for place in part}
    choices = [_needed(units, places) for places in (merged, search.greedy())]
    smaller = min(choices, key=lambda places: (len(places), places[::-1]))
    return Cover(smaller, sum(map(len, parts)), False)


def _parts(search: _Search, part: range, places_max: int) -> Iterator[Places]:
    """Smallest sets for both halves of a part, or for their halves. A unit alone takes from where there is most."""
    if len(part) == 1:
        yield _largest(search.units[part[0]])
        return
    middle = len(part) // 2
    for half in (part[:middle], part[middle:]):
        smallest = search.smallest(half, places_max)
        if smallest is None:
            yield from _parts(search, half, places_max)
        else:
            yield tuple(_bits(smallest))


def _largest(unit: Unit) -> Places:
    chosen, left = [], unit.need
    for place in sorted(range(len(unit.supply)), key=lambda place: (-unit.supply[place], place)):
        if left <= 0:
            break
        chosen.append(place)
        left -= unit.supply[place]
    return tuple(sorted(chosen))


def _needed(units: Sequence[Unit], chosen: set[int]) -> Places:
    """The chosen places without those that the others make needless; the last ones are given up first."""
    kept = set(chosen)
    for place in sorted(chosen, reverse=True):
        others = kept - {place}
        if all(sum(unit.supply[other] for other in others) >= unit.need for unit in units):
            kept = others
    return tuple(sorted(kept))


class _Search:
    """Sets of places and of units are the bits of integers: bit n stands for number n."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self._places = len(units[0].supply) if units else 0
        # What few places have ends a look soonest, so those units have the lowest bits. No answer depends on it.
        whole = [_places_with(*unit) for unit in units]
        rare_first = sorted(range(len(units)), key=lambda unit: whole[unit].bit_count())
        self._bit_of = {unit: bit for bit, unit in enumerate(rare_first)}
        self._by_bit = [units[unit] for unit in rare_first]
        self._whole = [whole[unit] for unit in rare_first]
        # Most units need one piece: whoever has some then has enough.
        self._some = [
            whole if unit.need == 1 else _places_with(1, unit.supply)
            for whole, unit in zip(self._whole, self._by_bit, strict=True)
        ]
        self._completes = _turned(self._whole, self._places)
        lessened_by = [some & ~whole for some, whole in zip(self._some, self._whole, strict=True)]
        self._lessens = _turned(lessened_by, self._places)
        self._touches_max = 0
        self._enough: dict[tuple[int, int], int] = {}

    def smallest(self, part: range, places_max: int) -> int | None:
        """Some smallest set that serves a part of the units; None where none of up to `places_max` places does."""
        wanted = self._wanted(part)
        if not wanted:
            return 0
        everywhere = (1 << self._places) - 1
        self._touches_max = max(
            (wanted & (completed | lessened)).bit_count()
            for completed, lessened in zip(self._completes, self._lessens, strict=True)
        )
        for size in range(1, min(places_max, self._places) + 1):
            serving = self._serving(wanted, _AS_NEEDED, size, everywhere)
            if serving:
                return serving
        return None

    def greedy(self) -> set[int]:
        """Again and again the place that completes most units, and of several the one that lessens most."""
        open_units, left = self._wanted(range(len(self.units))), _AS_NEEDED
        others = set(range(self._places))

        def gain(place: int) -> tuple[int, int, int]:
            completed, lessened = self._completes[place], self._lessens[place]
            return (open_units & completed).bit_count(), (open_units & lessened).bit_count(), -place

        while open_units:
            place = max(others, key=gain)
            others.remove(place)
            open_units, left = self._after(open_units, left, place)
        return set(range(self._places)) - others

    def _wanted(self, part: range) -> int:
        return sum(1 << self._bit_of[unit] for unit in part if self.units[unit].need > 0)

    def first(self, part: range, serving: int) -> Places:
        """The best of the smallest sets that serve a part; `serving` is one of them, as `smallest` just found it."""
        open_units, left, size = self._wanted(part), _AS_NEEDED, serving.bit_count()
        chosen: list[int] = []
        while open_units:
            # The shortest row of places, from the first on, in which there is a set of this size.
            low, high = 1, serving.bit_length()
            while low < high:
                middle = (low + high) // 2
                earlier = self._serving(open_units, left, size, (1 << middle) - 1)
                if earlier:
                    serving, high = earlier, earlier.bit_length()
                else:
                    low = middle + 1
            last = high - 1  # is in every such set
            chosen.append(last)
            serving ^= 1 << last
            open_units, left = self._after(open_units, left, last)
            size -= 1
        return tuple(reversed(chosen))

    def _serving(self, open_units: int, left: Left, size: int, allowed: int) -> int:
        """Some `size` of the allowed places that serve the open units, or 0; `left` says what these still need.

        Whoever serves has a place that supplies the rarest unit, so only those are tried; one that was tried in vain
        is in no set that serves, so it is not looked at again.
        """
        if size == 1:
            return self._serving_alone(open_units, left, allowed)
        if open_units.bit_count() > size * self._touches_max:
            return 0
        suppliers = min((self._some[unit] & allowed for unit in _bits(open_units)), key=_count)
        while suppliers:
            lowest = suppliers & -suppliers
            suppliers ^= lowest
            allowed ^= lowest
            rest, rest_left = self._after(open_units, left, lowest.bit_length() - 1)
            if not rest:
                return lowest
            others = self._serving(rest, rest_left, size - 1, allowed)
            if others:
                return lowest | others
        return 0

    def _serving_alone(self, open_units: int, left: Left, allowed: int) -> int:
        if open_units.bit_count() > self._touches_max:
            return 0
        while open_units and allowed:
            lowest = open_units & -open_units
            open_units ^= lowest
            unit = lowest.bit_length() - 1
            allowed &= self._whole[unit] if unit not in left else self._with_enough(unit, left[unit])
        return allowed & -allowed

    def _with_enough(self, unit: int, need: int) -> int:
        key = (unit, need)
        if key not in self._enough:
            self._enough[key] = _places_with(need, self._by_bit[unit].supply)
        return self._enough[key]

    def _after(self, open_units: int, left: Left, place: int) -> tuple[int, Left]:
        """What is open, and how much of it, once a place has given what it has."""
        open_units &= ~self._completes[place]
        lessened = open_units & self._lessens[place]
        if not lessened:
            return open_units, left
        rest = dict(left)
        for unit in _bits(lessened):
            need = rest.get(unit, self._by_bit[unit].need) - self._by_bit[unit].supply[place]
            if need > 0:
                rest[unit] = need
            else:
                open_units &= ~(1 << unit)
        return open_units, rest


_count: Final = int.bit_count


def _bits(numbers: int) -> Iterator[int]:
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


def _places_with(need: int, supply: Sequence[int]) -> int:
    digits = "".join(["1" if pieces >= need else "0" for pieces in reversed(supply)])
    return int(digits, 2) if digits else 0


def _turned(places_by_unit: Sequence[int], places: int) -> list[int]:
    """The units by place, from the places by unit."""
    if not places_by_unit or not places:
        return [0] * places
    rows = [f"{mask:0{places}b}" for mask in reversed(places_by_unit)]
    return [int("".join(column), 2) for column in zip(*rows, strict=True)][::-1]
