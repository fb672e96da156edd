"""What is not there now but can be ordered all the same, by what listings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opendoms.kernel.duration import DAY_MS
from opendoms.promises.columns import Columns, supply_of
from opendoms.promises.demand import Demand
from opendoms.promises.grounds import SOLD_OUT
from opendoms.promises.lineup import Candidate
from opendoms.promises.model import Behaviour, Listing, Situation
from opendoms.promises.needs import Needs


class Wait(NamedTuple):
    """Where pieces of an article will come from (also as the candidate's number), and when, where that is known."""

    behaviour: Behaviour
    facility: str
    available_from: int | None
    number: int = 0
    supply: Mapping[str, int] = {}


class Unserved(NamedTuple):
    """Pieces of one article that are not there; without `wait` nobody can serve them."""

    article: str
    quantity: int
    wait: Wait | None


def unserved_of(
    demand: Demand, needs: Needs, able: Sequence[Candidate], columns: Columns, situation: Situation
) -> list[Unserved]:
    """What is wanted and not served. A bundle waits only where one facility lets all of its articles wait."""
    unserved = []
    for article, quantity in demand.loose.items():
        missing = quantity - needs.loose[article]
        if missing > 0:
            unserved.append(Unserved(article, missing, _wait([article], able, columns, situation).get(article)))
    for bundle in needs.unserved_bundles:
        waits = _wait(list(bundle), able, columns, situation)
        unserved += [Unserved(article, quantity, waits.get(article)) for article, quantity in bundle.items()]
    return unserved


def _wait(
    articles: Sequence[str], able: Sequence[Candidate], columns: Columns, situation: Situation
) -> Mapping[str, Wait]:
    """The facility that will have all the articles first; who cannot say when comes after those who can."""
    found: list[tuple[bool, int, str, dict[str, Wait]]] = []
    for number, candidate in enumerate(able):
        facility = candidate.facility.id
        waits = {}
        for article in articles:
            if columns[article].codes[number] >= SOLD_OUT:
                wait = _of_listing(situation.listings[article][facility], situation.now)
                if wait is not None:
                    waits[article] = wait._replace(facility=facility, number=number, supply=supply_of(columns, number))
        if len(waits) == len(articles):
            dates = [wait.available_from for wait in waits.values()]
            known = [date for date in dates if date is not None]
            found.append((len(known) < len(dates), max(known, default=0), facility, waits))
    return min(found, key=lambda each: each[:3])[3] if found else {}


def _of_listing(listing: Listing, now: int) -> Wait | None:
    """A preorder ends when its time has begun: from then on there should be stock."""
    behaviour = listing.behaviour
    if behaviour == "NONE":
        return None
    start = listing.preorder_from if listing.preorder_from is not None and listing.preorder_from > now else None
    if behaviour == "PREORDER" and start is None:
        return None
    if behaviour in ("RESTOCK", "PREORDER_AND_RESTOCK") and start is None and listing.restock_days:
        start = now + listing.restock_days * DAY_MS
    return Wait(behaviour, "", start)
