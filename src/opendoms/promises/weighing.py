"""What spoke for the places that were chosen, and whether others could have done the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opendoms.promises.cover import Unit
from opendoms.promises.grounds import More
from opendoms.promises.model import Order
from opendoms.promises.places import Place
from opendoms.promises.reasons import Fact, Reason


def alone(numbers: Sequence[int], units: Sequence[Unit], chosen: int) -> tuple[int, ...]:
    """Those of the places that could have sent everything, where one was `chosen`; none otherwise."""
    if chosen != 1:
        return ()
    able: Sequence[int] = range(len(numbers))
    for need, supply in units:
        able = [place for place in able if supply[place] >= need]
    return tuple([numbers[place] for place in able])


def arrivals(chosen: Sequence[Place], order: Order) -> Iterator[More]:
    """When the goods of chosen places arrive, by the first carrier; and whether that is later than wished."""
    for place in chosen:
        if place.candidate.standing.targets[0] == "SHIP_TO_STORE":
            continue
        wanted_at = order.shipping.wanted_at
        arrival = place.carriers[0].arrival() if place.carriers else None
        latest = arrival.latest if arrival is not None else place.hand_over
        speaks_for: list[Fact] = []
        if arrival is not None:
            speaks_for.append((Reason.ARRIVES, (arrival.earliest, arrival.latest)))
        late = wanted_at is not None and latest > wanted_at
        yield More(place.number, speaks_for, [(Reason.ARRIVES_LATE, (wanted_at, latest))] if late else [])
