"""Why these places and not others: said of every place, once the choice is made."""

from __future__ import annotations

from collections.abc import Sequence

from opendoms.promises.cover import Unit
from opendoms.promises.model import Order
from opendoms.promises.places import Place
from opendoms.promises.plan import Fact, Reason


def weigh(places: Sequence[Place], chosen: Sequence[Place], units: Sequence[Unit], order: Order) -> None:
    """Notes on the candidates of all places why they were chosen or not."""
    taken = {place.candidate.facility.id for place in chosen}
    for number, place in enumerate(places):
        candidate = place.candidate
        if candidate.facility.id in taken:
            candidate.speaks_for.append((Reason.CHOSEN, len(chosen)))
            _note_arrival(place, order)
        elif len(chosen) == 1 and all(unit.supply[number] >= unit.need for unit in units):
            candidate.speaks_against.append(_behind(place, chosen[0]))
        else:
            candidate.speaks_against.append((Reason.NOT_NEEDED, len(chosen)))


def _behind(place: Place, first: Place) -> Fact:
    """Why a place that could serve the same comes after the one that was chosen."""
    behind = first.candidate.facility
    if place.hand_over != first.hand_over:
        return Reason.LATER, (behind.id, first.hand_over)
    if place.nearness.key() != first.nearness.key():
        return Reason.FARTHER, behind.id
    return Reason.AFTER_IN_ORDER, behind.id


def _note_arrival(place: Place, order: Order) -> None:
    """When the goods arrive, by the first carrier; and whether that is later than wished."""
    if place.target == "SHIP_TO_STORE":
        return
    wanted_at = order.shipping.wanted_at
    arrival = place.carriers[0].arrival() if place.carriers else None
    if arrival is not None:
        place.candidate.speaks_for.append((Reason.ARRIVES, (arrival.earliest, arrival.latest)))
    latest = arrival.latest if arrival is not None else place.hand_over
    if wanted_at is not None and latest > wanted_at:
        place.candidate.speaks_against.append((Reason.ARRIVES_LATE, (wanted_at, latest)))
