"""Why a plan is as it is, in words and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.promises.plan import Fact, Plan, Reason

# Facilities that are told of; the chosen ones come first.
EXPLAINED_MAX: Final = 1_000

Data = Mapping[str, Any]


def explanation_of(plan: Plan) -> Document:
    """The reasons of a plan; chosen facilities first, otherwise in the order in which they were considered."""
    return explanation_from(reasons_of(plan))


def reasons_of(plan: Plan) -> Document:
    """The same as it is kept: facts without their sentences, and of no more than EXPLAINED_MAX facilities."""
    search = plan.search
    chosen_first = sorted(plan.considered, key=lambda consideration: not consideration.chosen)
    return {
        "summary": list(_summary(plan)),
        "facilities": chosen_first[:EXPLAINED_MAX],
        "search": {
            "candidates": search.candidates,
            "placesMax": search.places_max,
            "level": search.level,
            "proved": search.proved,
            "shipmentsMax": search.shipments_max,
        },
    }


def explanation_from(reasons: Document) -> Document:
    """What is answered, from what `reasons_of` says or from the same as it comes out of JSON."""
    return {**reasons, "facilities": [_consideration(*each) for each in reasons["facilities"]]}


def sentence_of(fact: Fact) -> str:
    """A reason in words."""
    return _SENTENCES[fact.reason](fact.data)


def _consideration(  # noqa: PLR0913, PLR0917 - the members of a Consideration, which JSON makes a list of
    facility: str,
    name: str,
    role: str,
    chosen: bool,  # noqa: FBT001 - as above
    speaks_for: Iterable[tuple[str, Data]],
    speaks_against: Iterable[tuple[str, Data]],
) -> Document:
    return {
        "facilityRef": facility,
        "facilityName": name,
        "role": role,
        "chosen": chosen,
        "speaksFor": [_fact(Fact(Reason(reason), data)) for reason, data in speaks_for],
        "speaksAgainst": [_fact(Fact(Reason(reason), data)) for reason, data in speaks_against],
    }


def _fact(fact: Fact) -> Document:
    return {"reason": fact.reason.value, "sentence": sentence_of(fact), "data": dict(fact.data)}


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


def _articles(data: Data) -> str:
    told, count = data["articles"], data["count"]
    more = f" and {count - len(told)} more" if count > len(told) else ""
    return ", ".join(told) + more


def _carriers(data: Data) -> str:
    refused = "; ".join(f"{each['carrierKey']} {each['reason']}" for each in data["carriers"])
    return f"No carrier takes the goods: {refused or 'none is connected'}."


_SENTENCES: Final[Mapping[Reason, Callable[[Data], str]]] = {
    Reason.HAS_ALL: lambda _: "Has all pieces of all articles.",
    Reason.HAS_SOME: lambda data: f"Has pieces of {data['articles']} of {data['of']} articles.",
    Reason.READY: lambda data: f"Has its own pieces ready at {data['ready']}.",
    Reason.HANDS_OVER: lambda data: f"Hands over at {data['handOver']}.",
    Reason.DISTANCE: lambda data: f"Is {data['kilometres']} km from where the goods go.",
    Reason.ARRIVES: lambda data: f"The goods arrive between {data['earliest']} and {data['latest']}.",
    Reason.CHOSEN: lambda data: (
        "Chosen: sends everything that is to be sent."
        if data["shipments"] == 1
        else f"Chosen: one of the {data['shipments']} places that have everything together."
    ),
    Reason.LETS_WAIT: lambda data: f"Lets be ordered though it has none: {_articles(data)}.",
    Reason.UNKNOWN: lambda _: "There is no such facility.",
    Reason.NOT_PRESELECTED: lambda _: "Is not among the preselected facilities.",
    Reason.NOT_ONLINE: lambda data: f"Takes no new work: it is {data['status']}.",
    Reason.NO_SERVICE: lambda data: f"Does not offer {data['service']}.",
    Reason.NO_CARRIER: _carriers,
    Reason.NO_HOURS: lambda _: "Finds no time to get the goods out, as far as its calendar looks ahead.",
    Reason.NOT_LISTED: lambda data: f"Does not sell {_articles(data)}.",
    Reason.LISTING_INACTIVE: lambda data: f"Does not sell at present: {_articles(data)}.",
    Reason.SERVICE_NOT_DONE: lambda data: f"Does not do what is ordered with {_articles(data)}.",
    Reason.NOT_AVAILABLE: lambda data: f"Has nothing left of {_articles(data)}.",
    Reason.TOO_FEW: lambda data: f"Has too few of {_articles(data)}.",
    Reason.COLLECT_IMPOSSIBLE: lambda _: "Has nothing to supply: the order cannot be collected where it is wished.",
    Reason.LATER: lambda data: f"Hands over later than the chosen place, which does at {data['handOver']}.",
    Reason.FARTHER: lambda _: "Hands over at the same time as the chosen place, but is farther away.",
    Reason.AFTER_IN_ORDER: lambda _: "Is as good as the chosen place, and has the greater id.",
    Reason.NOT_NEEDED: lambda data: (
        "Not needed: nothing has to be sent."
        if data["shipments"] == 0
        else f"Not needed: fewest shipments, {data['shipments']} in all, go without it."
    ),
    Reason.ARRIVES_LATE: lambda data: f"The goods may arrive at {data['latest']}, after the wished {data['wished']}.",
}
