"""The one table of the events that go out: what history calls them, what subscribers call them, what they are sent.

One event of history may go by several names, such as a facility's change that also takes it online.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from opendoms.events.rules.place import Happened
from opendoms.kernel.document import decode
from opendoms.kernel.ids import derived_id

NAME_CHARACTERS_MAX: Final = 100

# What a payload is: the entity, a list of the one entity (the original gathers what is written in bulk), or what is
# known of the process of an order whose person or whose all is gone.
Shape = Literal["entity", "items", "process"]
When = Callable[[Happened], bool]


class Told(NamedTuple):
    """An event that can be subscribed to. `kind` and `type` are those of history, `name` is the subscribers' word.

    `when` says which events of history go by this name; None: all of this kind and type.
    """

    kind: str
    type: str
    name: str
    description: str
    shape: Shape = "entity"
    when: When | None = None


def _changed(event: Happened) -> frozenset[str]:
    """The members that an update has changed; none where history was written before it told them."""
    return frozenset(decode(event.detail).get("changed", ())) if event.detail is not None else frozenset()


def _with(*members: str) -> When:
    """Updates that changed one of some members."""
    return lambda event: not _changed(event).isdisjoint(members)


def _beside(*members: str) -> When:
    """Updates that changed some other member."""
    return lambda event: bool(_changed(event).difference(members))


def _became(status: str) -> When:
    """Updates that brought a status."""
    return lambda event: "status" in _changed(event) and decode(event.document).get("status") == status


# What a listing says of stock, and of what is done without any.
_OF_STOCK: Final = (
    "outOfStockBehaviour",
    "outOfStockBehaviourByContexts",
    "outOfStockConfig",
    "availabilityTimeframe",
    "stockAvailableUntil",
    "stockProperties",
)

EVENTS: Final = (
    Told("ORDER", "ORDER_CREATED", "ORDER_CREATED", "An order was taken in, or a promise was confirmed."),
    Told("ORDER", "ORDER_MODIFIED", "ORDER_MODIFIED", "An order was changed; `changes` tells what was."),
    Told("ORDER", "ORDER_UNLOCKED", "ORDER_UNLOCKED", "A locked order was opened."),
    Told("ORDER", "ORDER_CANCELLED", "ORDER_CANCELLED", "An order was cancelled."),
    Told("ORDER", "ORDER_FORCE_CANCELLED", "ORDER_FORCE_CANCELLED", "An order was cancelled by force."),
    Told("ORDER", "ORDER_PROMISED", "ORDER_PROMISED", "A delivery was promised; it is not an order yet."),
    Told("ORDER", "ORDER_PROMISE_EXTENDED", "ORDER_PROMISE_EXTENDED", "A promise holds for longer."),
    Told("ORDER", "ORDER_PROMISE_EXPIRED", "ORDER_PROMISE_EXPIRED", "A promise ran out without being confirmed."),
    Told("ORDER", "ORDER_RESERVED", "ORDER_RESERVED", "Goods are held for an order that wanted them held later."),
    Told("ORDER", "ORDER_ANONYMIZED", "PROCESS_ANONYMIZED", "The person is out of an order.", "process"),
    Told("ORDER", "ORDER_DELETED", "PROCESS_DELETED", "An order was removed at the end of its time.", "process"),
    Told("FACILITY", "FACILITY_CREATED", "FACILITY_CREATED", "A facility was added."),
    Told("FACILITY", "FACILITY_UPDATED", "FACILITY_UPDATED", "A facility was changed."),
    Told("FACILITY", "FACILITY_UPDATED", "FACILITY_WENT_ONLINE", "A facility works again.", when=_became("ONLINE")),
    Told("FACILITY", "FACILITY_UPDATED", "FACILITY_WENT_OFFLINE", "A facility is closed.", when=_became("OFFLINE")),
    Told("FACILITY", "FACILITY_UPDATED", "FACILITY_SUSPENDED", "A facility is paused.", when=_became("SUSPENDED")),
    Told("FACILITY", "FACILITY_DELETED", "FACILITY_DELETED", "A facility was removed; the payload shows it as it was."),
    Told("LISTING", "LISTING_CREATED", "LISTINGS_CREATED", "A facility lists an article.", "items"),
    Told(
        "LISTING",
        "LISTING_UPDATED",
        "LISTINGS_INFORMATION_CHANGED",
        "A listing was changed in more than its status and what it says of stock.",
        "items",
        _beside("status", *_OF_STOCK),
    ),
    Told(
        "LISTING",
        "LISTING_UPDATED",
        "LISTINGS_STATUS_CHANGED",
        "A listing was switched on or off.",
        "items",
        _with("status"),
    ),
    Told(
        "LISTING",
        "LISTING_UPDATED",
        "LISTINGS_STOCK_CONFIGURATIONS_CHANGED",
        "What a listing says of stock, and of what is done without any, was changed.",
        "items",
        _with(*_OF_STOCK),
    ),
    Told("LISTING", "LISTING_DELETED", "LISTINGS_DELETED", "A facility lists an article no more.", "items"),
    Told("STOCK", "STOCK_CREATED", "INVENTORY_STOCKS_CREATED", "Pieces came in as a new stock.", "items"),
    Told(
        "STOCK",
        "STOCK_UPDATED",
        "INVENTORY_STOCKS_VALUE_CHANGED",
        "A stock has more or fewer pieces.",
        "items",
        _with("value"),
    ),
    Told(
        "STOCK",
        "STOCK_UPDATED",
        "INVENTORY_STOCKS_LOCATION_CHANGED",
        "A stock lies elsewhere.",
        "items",
        _with("locationRef"),
    ),
    Told("STOCK", "STOCK_DELETED", "INVENTORY_STOCKS_DELETED", "A stock was removed.", "items"),
    Told("RESERVATION", "RESERVATION_CREATED", "INVENTORY_RESERVATIONS_CREATED", "Pieces are held.", "items"),
    Told("RESERVATION", "RESERVATION_DELETED", "INVENTORY_RESERVATIONS_DELETED", "Pieces are held no more.", "items"),
    Told("TAG", "TAG_CREATED", "TAG_CREATED", "A tag was added."),
    Told("TAG", "TAG_MODIFIED", "TAG_MODIFIED", "A tag allows more values."),
)
NAMES: Final = tuple(told.name for told in EVENTS)

_BY_NAME: Final = {told.name: told for told in EVENTS}
# The names that keep the id of the event. Others of the same event have ids of their own: receivers drop what has an id
# that they have seen.
_FIRST: Final = {(told.kind, told.type): told.name for told in reversed(EVENTS)}
# Names of events that other modules of the original send have this form too.
_FORM: Final = re.compile(r"[A-Z][A-Z0-9_]*")


def told_by(name: str) -> Told | None:
    """What subscribers mean by a name; None for an event that this hub never sends."""
    return _BY_NAME.get(name)


def is_told(told: Told, event: Happened) -> bool:
    """Whether an event of history goes by a name."""
    return told.type == event.type and told.kind == event.kind and (told.when is None or told.when(event))


def event_id_of(name: str, event: Happened) -> str:
    """The id of an event as it is sent under a name: always the same."""
    if _FIRST.get((event.kind, event.type), name) == name:
        return event.event_id
    return derived_id(event.event_id, name)


def is_event_name(name: str) -> bool:
    """Whether it could be the name of an event, of this hub or of a module that it does not have."""
    return len(name) <= NAME_CHARACTERS_MAX and _FORM.fullmatch(name) is not None
