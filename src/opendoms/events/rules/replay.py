"""A replay: which events of the past a subscription is sent once more, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.events.rules.catalogue import NAMES
from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Conflict, Fault, Invalid, Unknown

RATE_DEFAULT: Final = 20  # events per second
RATE_MAX: Final = 500

RUNNING: Final = "RUNNING"
DONE: Final = "DONE"
CANCELLED: Final = "CANCELLED"


class Range(NamedTuple):
    """What is left to be replayed: events by name, with instants (ms) and positions within, of one entity or all."""

    position: int
    until: int
    earliest: int
    latest: int
    entity_id: str
    events: Sequence[str]


def start(stored: Document | None, subscription: Document, wanted: Document, *, newest: int, now: int) -> Document:
    """The replay of a subscription. `newest` is the last position that it reaches. Raises Conflict, or Invalid."""
    if stored is not None and stored["state"] == RUNNING:
        raise Conflict(Fault("A replay of this subscription is under way.", "Wait for its end, or cancel it."))
    faults = [
        Fault(f"events[{i}]: expected one of {', '.join(NAMES)}")
        for i, name in enumerate(wanted.get("events", ()))
        if name not in NAMES
    ]
    if "from" in wanted and "to" in wanted and instant_from(wanted["from"]) > instant_from(wanted["to"]):
        faults.append(Fault("to: expected an instant that is not before from"))
    if faults:
        raise Invalid(*faults)
    return {
        "id": subscription["id"],
        "version": 1 if stored is None else stored["version"] + 1,
        "state": RUNNING,
        **{name: wanted[name] for name in ("from", "to", "entityId") if name in wanted},
        "events": wanted.get("events", [subscription["event"]]),
        "rate": wanted.get("rate", RATE_DEFAULT),
        "started": text_of(now),
        "replayed": 0,
        "position": 0,
        "until": newest,
    }


def advanced(replay: Document, position: int, count: int, *, now: int) -> Document:
    """The replay after some more events; it is done when the last position was seen."""
    after = {
        **replay,
        "version": replay["version"] + 1,
        "position": position,
        "replayed": replay["replayed"] + count,
    }
    return {**after, "state": DONE, "ended": text_of(now)} if position >= replay["until"] else after


def cancel(stored: Document | None, *, now: int) -> Document:
    """The replay, ended where it is. Raises Unknown where none is under way."""
    if stored is None or stored["state"] != RUNNING:
        raise Unknown(Fault("No replay of this subscription is under way."))
    return {**stored, "version": stored["version"] + 1, "state": CANCELLED, "ended": text_of(now)}


def range_of(replay: Document) -> Range:
    """What is left of a replay."""
    return Range(
        replay["position"],
        replay["until"],
        instant_from(replay["from"]) if "from" in replay else INSTANT_MIN,
        instant_from(replay["to"]) if "to" in replay else INSTANT_MAX,
        replay.get("entityId", ""),
        replay["events"],
    )
