"""The one table of the events that go out: what history calls them, what subscribers call them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

NAME_CHARACTERS_MAX: Final = 100


class Told(NamedTuple):
    """An event that can be subscribed to. `kind` and `type` are those of history, `name` is the subscribers' word."""

    kind: str
    type: str
    name: str
    description: str


EVENTS: Final = (
    Told("ORDER", "ORDER_CREATED", "ORDER_CREATED", "An order was taken in, or a promise was confirmed."),
    Told("ORDER", "ORDER_MODIFIED", "ORDER_MODIFIED", "An order was changed; `changes` tells what was."),
    Told("ORDER", "ORDER_UNLOCKED", "ORDER_UNLOCKED", "A locked order was opened."),
    Told("ORDER", "ORDER_CANCELLED", "ORDER_CANCELLED", "An order was cancelled."),
    Told("ORDER", "ORDER_FORCE_CANCELLED", "ORDER_FORCE_CANCELLED", "An order was cancelled by force."),
    Told("ORDER", "ORDER_PROMISED", "ORDER_PROMISED", "A delivery was promised; it is not an order yet."),
    Told("ORDER", "ORDER_PROMISE_EXTENDED", "ORDER_PROMISE_EXTENDED", "A promise holds for longer."),
    Told("ORDER", "ORDER_PROMISE_EXPIRED", "ORDER_PROMISE_EXPIRED", "A promise ran out without being confirmed."),
    Told("FACILITY", "FACILITY_CREATED", "FACILITY_CREATED", "A facility was added."),
    Told("FACILITY", "FACILITY_UPDATED", "FACILITY_UPDATED", "A facility was changed."),
    Told("FACILITY", "FACILITY_DELETED", "FACILITY_DELETED", "A facility was removed; the payload shows it as it was."),
)
NAMES: Final = tuple(dict.fromkeys(told.name for told in EVENTS))

_NAMES_BY_HISTORY: Final = {(told.kind, told.type): told.name for told in EVENTS}
# Names of events that other modules of the original send have this form too.
_FORM: Final = re.compile(r"[A-Z][A-Z0-9_]*")


def name_of(kind: str, type_: str) -> str | None:
    """What subscribers call an event of history; None where it is not told."""
    return _NAMES_BY_HISTORY.get((kind, type_))


def is_event_name(name: str) -> bool:
    """Whether it could be the name of an event, of this hub or of a module that it does not have."""
    return len(name) <= NAME_CHARACTERS_MAX and _FORM.fullmatch(name) is not None
