"""Reasons as data and as sentences, from what was noted while deciding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.promises.reasons import Reason

Data = Mapping[str, Any]


def fact_of(reason: Reason, about: Any) -> Document:
    """A reason as it is answered. `about` is what was noted, or the same as it comes out of JSON."""
    data = _DATA[reason](about)
    return {"reason": reason.value, "sentence": _SENTENCES[reason](data), "data": data}


def _nothing(_about: None) -> Document:
    return {}


def _named(*names: str) -> Callable[[Any], Document]:
    """Data with these names, one for each part of what was noted."""
    return lambda about: dict(zip(names, about if len(names) > 1 else (about,), strict=True))


def _refused(about: Any) -> Document:
    return {"carriers": [{"carrierKey": key, "reason": reason} for key, reason in about]}


_told: Final = _named("articles", "count")

# What was noted of each reason, as data.
_DATA: Final[Mapping[Reason, Callable[[Any], Document]]] = {
    Reason.HAS_ALL: _named("articles", "of"),
    Reason.HAS_SOME: _named("articles", "of"),
    Reason.READY: lambda instant: {"ready": text_of(instant)},
    Reason.HANDS_OVER: lambda instant: {"handOver": text_of(instant)},
    Reason.DISTANCE: lambda metres: {"kilometres": round(metres / 1000, 1)},
    Reason.ARRIVES: lambda about: {"earliest": text_of(about[0]), "latest": text_of(about[1])},
    Reason.CHOSEN: _named("shipments"),
    Reason.LETS_WAIT: _told,
    Reason.UNKNOWN: _nothing,
    Reason.NOT_PRESELECTED: _nothing,
    Reason.NOT_ONLINE: _named("status"),
    Reason.NO_SERVICE: _named("service"),
    Reason.NO_CARRIER: _refused,
    Reason.NO_HOURS: _nothing,
    Reason.NOT_LISTED: _told,
    Reason.LISTING_INACTIVE: _told,
    Reason.SERVICE_NOT_DONE: _told,
    Reason.NOT_AVAILABLE: _told,
    Reason.TOO_FEW: _told,
    Reason.COLLECT_IMPOSSIBLE: _nothing,
    Reason.LATER: lambda about: {"facilityRef": about[0], "handOver": text_of(about[1])},
    Reason.FARTHER: _named("facilityRef"),
    Reason.AFTER_IN_ORDER: _named("facilityRef"),
    Reason.NOT_NEEDED: _named("shipments"),
    Reason.ARRIVES_LATE: lambda about: {"wished": text_of(about[0]), "latest": text_of(about[1])},
}


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
