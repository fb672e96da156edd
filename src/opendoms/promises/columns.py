"""What the candidates have of each article, side by side: one column per article, one row per candidate by number.

An order looks at thousands of listings and levels. Kept like this, each of them is touched once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from opendoms.promises.demand import Demand
from opendoms.promises.grounds import ENOUGH, INACTIVE, SOLD_OUT, TOO_FEW, UNDONE
from opendoms.promises.lineup import Lineup
from opendoms.promises.model import Listing, Situation

_NOTHING: Final[Mapping[str, Listing]] = {}
_NONE: Final[Mapping[str, int]] = {}


class Column(NamedTuple):
    """Of one article: what each candidate has of it, as a digit, and how many pieces it can give."""

    codes: bytearray
    pieces: list[int]


Columns = Mapping[str, Column]


def columns_of(demand: Demand, lineup: Lineup, situation: Situation) -> Columns:
    """A column per wanted article, in their order."""
    return {article: _column(article, wanted, demand, lineup, situation) for article, wanted in demand.wanted.items()}


def _column(article: str, wanted: int, demand: Demand, lineup: Lineup, situation: Situation) -> Column:
    count = len(lineup.able)
    codes, pieces = bytearray(b"0" * count), [0] * count
    number_of = lineup.number_of.get
    for facility, listing in situation.listings.get(article, _NOTHING).items():
        number = number_of(facility)
        if number is not None:
            codes[number] = SOLD_OUT if listing.active else INACTIVE
    needed = demand.services.get(article)
    if needed is not None:
        for number, candidate in enumerate(lineup.able):
            done = candidate.facility.custom_services
            if codes[number] == SOLD_OUT and done is not None and not needed <= done:
                codes[number] = UNDONE
    for facility, there in situation.available.get(article, _NONE).items():
        number = number_of(facility)
        if number is not None and there > 0 and codes[number] == SOLD_OUT:
            pieces[number] = there
            codes[number] = ENOUGH if there >= wanted else TOO_FEW
    return Column(codes, pieces)


def supply_of(columns: Columns, number: int) -> dict[str, int]:
    """What one candidate can give, by article."""
    return {article: column.pieces[number] for article, column in columns.items() if column.pieces[number]}


def having(columns: Columns) -> list[int]:
    """The numbers of the candidates that can give anything."""
    rows = zip(*(column.pieces for column in columns.values()), strict=True)
    return [number for number, row in enumerate(rows) if any(row)]


def has(columns: Columns, number: int, bundle: Mapping[str, int]) -> bool:
    """Whether one candidate can give a whole bundle."""
    return all(columns[article].pieces[number] >= quantity for article, quantity in bundle.items())


def emptied(columns: Columns) -> Columns:
    """The same with nothing to give; what there is stays told."""
    return {article: column._replace(pieces=[0] * len(column.pieces)) for article, column in columns.items()}


def codes_of(columns: Columns) -> tuple[str, ...]:
    """The digits of all columns, as texts."""
    return tuple([column.codes.decode("ascii") for column in columns.values()])
