"""Why a plan is as it is, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.promises.facts import fact_of
from opendoms.promises.grounds import Grounds, considerations
from opendoms.promises.plan import Plan
from opendoms.promises.reasons import Consideration, Reason

# Facilities that are told of; the chosen ones come first.
EXPLAINED_MAX: Final = 1_000


def explanation_of(plan: Plan) -> Document:
    """The reasons of a plan; chosen facilities first, otherwise in the order in which they were considered."""
    return explanation_from(reasons_of(plan))


def reasons_of(plan: Plan) -> Document:
    """The same as it is kept: what it rests on, without words but for the summary."""
    search = plan.search
    return {
        "summary": list(_summary(plan)),
        "grounds": plan.grounds,
        "search": {
            "candidates": search.candidates,
            "placesMax": search.places_max,
            "level": search.level,
            "proved": search.proved,
            "shipmentsMax": search.shipments_max,
        },
    }


def explanation_from(reasons: Document) -> Document:
    """What is answered, from what `reasons_of` says or from the same as it comes out of JSON.

    Of no more than EXPLAINED_MAX facilities, the chosen ones among them.
    """
    considered = sorted(considerations(Grounds(*reasons["grounds"])), key=lambda each: not each.chosen)
    facilities = [_consideration(each) for each in considered[:EXPLAINED_MAX]]
    return {
        "summary": reasons["summary"],
        "facilities": facilities,
        "facilitiesOmitted": len(considered) - len(facilities),
        "search": reasons["search"],
    }


def _consideration(consideration: Consideration) -> Document:
    return {
        "facilityRef": consideration.facility,
        "facilityName": consideration.name,
        "role": consideration.role,
        "chosen": consideration.chosen,
        "speaksFor": [fact_of(Reason(reason), about) for reason, about in consideration.speaks_for],
        "speaksAgainst": [fact_of(Reason(reason), about) for reason, about in consideration.speaks_against],
    }


def _summary(plan: Plan) -> Iterator[str]:
    if plan.collection is not None:
        own = _pieces(sum(item.quantity for item in plan.collection.items))
        at = text_of(plan.collection.target_time)
        yield f"{plan.collection.facility.name} hands over {own} from its own stock; all can be collected from {at} on."
    for shipment in plan.shipments:
        pieces = _pieces(sum(item.quantity for item in shipment.items))
        to = "the store" if shipment.target == "SHIP_TO_STORE" else "the consumer"
        with_whom = f" with {shipment.carriers[0].connection.carrier_name}" if shipment.carriers else ""
        at = text_of(shipment.hand_over)
        yield f"{shipment.facility.name} sends {pieces} to {to}{with_whom}, handed over at {at}."
    if plan.waiting:
        waiting = _pieces(sum(waiting.item.quantity for waiting in plan.waiting))
        yield f"{waiting} can be ordered though not in stock; nothing is held for them."
    if plan.missing:
        yield f"{_pieces(sum(missing.quantity for missing in plan.missing))} can be served by nobody."
    yield from _search(plan)


def _search(plan: Plan) -> Iterator[str]:
    search, shipments = plan.search, len(plan.shipments)
    if not shipments:
        return
    if search.proved:
        looked = "One place has everything" if shipments == 1 else f"No {shipments - 1} places have everything together"
        yield f"{looked}; {search.candidates} facilities could send."
    else:
        yield (
            f"No {search.places_max} places have everything together. Every set of so many was weighed; larger ones "
            f"were not, so fewer than {shipments} shipments may be possible. A higher level of resource investment "
            "looks further."
        )


def _pieces(count: int) -> str:
    return "1 piece" if count == 1 else f"{count} pieces"
