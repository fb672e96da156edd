"""What is not there now but can be ordered all the same, by what listings say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from opendoms.kernel.duration import DAY_MS
from opendoms.promises.candidates import Candidate
from opendoms.promises.demand import Demand
from opendoms.promises.model import Behaviour, Listing, Situation
from opendoms.promises.needs import Needs


class Wait(NamedTuple):
    """Where pieces of an article will come from, and when, where that is known."""

    behaviour: Behaviour
    facility: str
    available_from: int | None


class Unserved(NamedTuple):
    """Pieces of one article that are not there; without `wait` nobody can serve them."""

    article: str
    quantity: int
    wait: Wait | None


def unserved_of(demand: Demand, needs: Needs, candidates: Sequence[Candidate], situation: Situation) -> list[Unserved]:
    """What is wanted and not served. A bundle waits only where one facility lets all of its articles wait."""
    able = [candidate for candidate in candidates if candidate.able]
    unserved = []
    for article, quantity in demand.loose.items():
        missing = quantity - needs.loose[article]
        if missing > 0:
            unserved.append(Unserved(article, missing, _wait([article], able, situation).get(article)))
    for bundle in needs.unserved_bundles:
        waits = _wait(bundle, able, situation)
        unserved += [Unserved(article, quantity, waits.get(article)) for article, quantity in bundle.items()]
    return unserved


def _wait(articles: Iterable[str], able: Sequence[Candidate], situation: Situation) -> Mapping[str, Wait]:
    """The facility that will have all the articles first; who cannot say when comes after those who can."""
    found: list[tuple[bool, int, str, dict[str, Wait]]] = []
    for candidate in able:
        listings = situation.listings.get(candidate.facility.id, {})
        waits = {}
        for article in articles:
            wait = _of_listing(listings[article], situation.now) if article in candidate.listed else None
            if wait is not None:
                waits[article] = wait._replace(facility=candidate.facility.id)
        if len(waits) == len(list(articles)):
            dates = [wait.available_from for wait in waits.values()]
            known = [date for date in dates if date is not None]
            found.append((len(known) < len(dates), max(known, default=0), candidate.facility.id, waits))
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
