"""How much of an order can be served at all, and what chosen places must then have together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opendoms.promises.columns import Columns, has
from opendoms.promises.cover import Unit
from opendoms.promises.demand import Demand

Supply = Mapping[str, int]


class Needs(NamedTuple):
    """The most that all places together can serve: loose pieces by article, and bundles, each whole or not at all."""

    loose: Mapping[str, int]
    bundles: tuple[Mapping[str, int], ...]
    unserved_bundles: tuple[Mapping[str, int], ...]


def needs_of(demand: Demand, columns: Columns, numbers: Sequence[int]) -> Needs:
    """Serves as many pieces as there are; `numbers` are those of the candidates that can give.

    Bundles go first. Since they have no article in common, each is served if one place has it all; and that never costs
    a piece, since what its articles have in all is what limits the loose pieces beside it.
    """
    stock = {article: sum([column.pieces[number] for number in numbers]) for article, column in columns.items()}
    served, unserved = [], []
    for bundle in demand.bundles:
        if any(has(columns, number, bundle) for number in numbers):
            served.append(bundle)
            for article, quantity in bundle.items():
                stock[article] -= quantity
        else:
            unserved.append(bundle)
    loose = {article: min(quantity, stock[article]) for article, quantity in demand.loose.items()}
    return Needs(loose, tuple(served), tuple(unserved))


def units_of(needs: Needs, demand: Demand, columns: Columns, own: int | None, numbers: Sequence[int]) -> list[Unit]:
    """What the chosen of `numbers` must have together, beside what is there anyway (at the candidate `own`).

    A set of places serves the order just if it has enough of each article in all, and each bundle whole somewhere:
    whatever bundles leave is enough for the loose pieces. The list is as long for any stock, so that halves of it are
    the same halves.
    """
    totals = dict(needs.loose)
    for bundle in needs.bundles:
        for article, quantity in bundle.items():
            totals[article] += quantity
    units = []
    for article, total in totals.items():
        pieces = columns[article].pieces
        there = 0 if own is None else pieces[own]
        units.append(Unit(max(0, total - there), tuple([pieces[number] for number in numbers])))
    for bundle in demand.bundles:
        open_bundle = bundle in needs.bundles and (own is None or not has(columns, own, bundle))
        units.append(Unit(int(open_bundle), tuple([int(has(columns, number, bundle)) for number in numbers])))
    return units


def allot(needs: Needs, supplies: Sequence[Supply], own: int | None) -> list[dict[str, int]]:
    """How many pieces of each article each place gives; `own` is the place that gives first, where there is one.

    A bundle comes from the first place that has it. Loose pieces of an article come from the first place that has
    all of them, so that lines are not torn apart without need; where there is none, from one place after the other.
    """
    left = [dict(supply) for supply in supplies]
    given: list[dict[str, int]] = [{} for _ in supplies]

    def give(place: int, article: str, quantity: int) -> None:
        if quantity > 0:
            left[place][article] -= quantity
            given[place][article] = given[place].get(article, 0) + quantity

    for bundle in needs.bundles:
        host = next(place for place, supply in enumerate(left) if _has(supply, bundle))
        for article, quantity in bundle.items():
            give(host, article, quantity)
    for article, quantity in needs.loose.items():
        rest = quantity
        if own is not None:
            first = min(rest, left[own].get(article, 0))
            give(own, article, first)
            rest -= first
        whole = [place for place, supply in enumerate(left) if supply.get(article, 0) >= rest]
        for place in whole[:1] or range(len(left)):
            taken = min(rest, left[place].get(article, 0))
            give(place, article, taken)
            rest -= taken
    return given


def _has(supply: Supply, bundle: Mapping[str, int]) -> bool:
    return all(supply.get(article, 0) >= quantity for article, quantity in bundle.items())
