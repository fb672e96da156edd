"""The one table of moves: which move an order in which state allows, what becomes of it, and who may ask for it.

Nothing else assigns a status. The endpoints, the page with the state diagram and the answer to "what may be done now"
are all read from here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from opendoms.identity.permissions import Permission
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid, Unknown


class Status(StrEnum):
    """The state of an order. CANCELLED and OBSOLETE are final."""

    OPEN = "OPEN"
    PROMISED = "PROMISED"
    LOCKED = "LOCKED"
    CANCELLED = "CANCELLED"
    OBSOLETE = "OBSOLETE"


LIVE: Final = (Status.OPEN, Status.LOCKED, Status.PROMISED)


class Move(StrEnum):
    """What can happen to an order. The names of those that callers ask for are the contract's."""

    CREATE = "CREATE"
    CREATE_LOCKED = "CREATE_LOCKED"
    PROMISE = "PROMISE"
    PATCH = "PATCH"
    UNLOCK = "UNLOCK"
    CANCEL = "CANCEL"
    FORCE_CANCEL = "FORCE_CANCEL"
    CONFIRM_PROMISE = "CONFIRM_PROMISE"
    EXTEND_PROMISE = "EXTEND_PROMISE"
    CHANGE_CONSUMER_ADDRESS = "CHANGE_CONSUMER_ADDRESS"
    REPLACE_CONSUMER_ADDRESSES = "REPLACE_CONSUMER_ADDRESSES"
    UPDATE_CUSTOM_ATTRIBUTES = "UPDATE_CUSTOM_ATTRIBUTES"
    EXPIRE = "EXPIRE"
    RESERVE = "RESERVE"


class Precondition(StrEnum):
    """What else must hold, in words for the caller."""

    FORCE_CANCEL_ALLOWED = "the configuration allows forced cancelation"


class Refused(NamedTuple):
    """Why a state forbids a move, in words for the caller. `gone`: the order counts as not found."""

    text: str
    gone: bool = False


class Rule(NamedTuple):
    """One move: who may ask for it, what history calls it, and what it makes of each state.

    `permission` is None for what the hub does by itself. The state None stands for an order that does not exist yet.
    """

    permission: Permission | None
    event: str
    states: dict[Status | None, Status | Refused]
    precondition: Precondition | None = None


_CANCELLED: Final = Refused("the order is CANCELLED, and a cancelled order cannot be changed any more")
_OBSOLETE: Final = Refused("the order is OBSOLETE: its promise ran out, and it cannot be changed any more")
_OVER: Final[dict[Status | None, Status | Refused]] = {Status.CANCELLED: _CANCELLED, Status.OBSOLETE: _OBSOLETE}
_RAN_OUT: Final = Refused("the promise ran out", gone=True)
_NO_PROMISE: Final[dict[Status | None, Status | Refused]] = {
    Status.OPEN: Refused("the order is OPEN: there is no promise left to confirm or extend"),
    Status.LOCKED: Refused("the order is LOCKED: it is no promise"),
    Status.CANCELLED: _CANCELLED,
    Status.OBSOLETE: _RAN_OUT,
}
_ANONYMIZED: Final = Refused("personal data was taken out of the order, and it cannot be changed any more")
_STAYS: Final[dict[Status | None, Status | Refused]] = {**{status: status for status in LIVE}, **_OVER}
_ENDS: Final[dict[Status | None, Status | Refused]] = {**dict.fromkeys(LIVE, Status.CANCELLED), **_OVER}

TABLE: Final[dict[Move, Rule]] = {
    Move.CREATE: Rule(Permission.ORDER_WRITE, "ORDER_CREATED", {None: Status.OPEN}),
    Move.CREATE_LOCKED: Rule(Permission.ORDER_WRITE, "ORDER_CREATED", {None: Status.LOCKED}),
    Move.PROMISE: Rule(Permission.ORDER_WRITE, "ORDER_PROMISED", {None: Status.PROMISED}),
    Move.PATCH: Rule(Permission.ORDER_WRITE, "ORDER_MODIFIED", _STAYS),
    Move.UNLOCK: Rule(
        Permission.ORDER_UNLOCK,
        "ORDER_UNLOCKED",
        {
            Status.LOCKED: Status.OPEN,
            Status.OPEN: Refused("the order is OPEN: it is not locked"),
            Status.PROMISED: Refused("the order is PROMISED: it is not locked, but waits to be confirmed"),
            **_OVER,
        },
    ),
    Move.CANCEL: Rule(Permission.ORDER_CANCEL, "ORDER_CANCELLED", _ENDS),
    Move.FORCE_CANCEL: Rule(
        Permission.ORDER_FORCE_CANCEL, "ORDER_FORCE_CANCELLED", _ENDS, Precondition.FORCE_CANCEL_ALLOWED
    ),
    Move.CONFIRM_PROMISE: Rule(Permission.ORDER_WRITE, "ORDER_CREATED", {Status.PROMISED: Status.OPEN, **_NO_PROMISE}),
    Move.EXTEND_PROMISE: Rule(
        Permission.ORDER_WRITE, "ORDER_PROMISE_EXTENDED", {Status.PROMISED: Status.PROMISED, **_NO_PROMISE}
    ),
    Move.CHANGE_CONSUMER_ADDRESS: Rule(Permission.ORDER_CONSUMER_WRITE, "ORDER_MODIFIED", _STAYS),
    Move.REPLACE_CONSUMER_ADDRESSES: Rule(Permission.ORDER_CONSUMER_WRITE, "ORDER_MODIFIED", _STAYS),
    Move.UPDATE_CUSTOM_ATTRIBUTES: Rule(Permission.ORDER_WRITE, "ORDER_MODIFIED", _STAYS),
    Move.EXPIRE: Rule(
        None,
        "ORDER_PROMISE_EXPIRED",
        {
            Status.PROMISED: Status.OBSOLETE,
            Status.OPEN: Refused("the order is OPEN: it is no promise any more"),
            Status.LOCKED: Refused("the order is LOCKED: it is no promise"),
            **_OVER,
        },
    ),
    Move.RESERVE: Rule(
        None,
        "ORDER_RESERVED",
        {
            Status.OPEN: Status.OPEN,
            Status.LOCKED: Status.LOCKED,
            Status.PROMISED: Refused("the order is PROMISED: its goods are held already"),
            **_OVER,
        },
    ),
}


# An order that lost its person before it was over can only be ended: its goods are gone too (decisions D70, D77).
ENDING: Final = (Move.CANCEL, Move.FORCE_CANCEL, Move.EXPIRE)


def status_at(document: Document, now: int) -> Status | None:
    """The state that counts at `now` (ms): a promise is over once its time has passed, whoever noticed it or not."""
    if "status" not in document:
        return None
    status = Status(document["status"])
    if status is Status.PROMISED and instant_from(document["promisesOptions"]["validUntil"]) <= now:
        return Status.OBSOLETE
    return status


def refusal_of(move: Move, document: Document, now: int) -> Refused | None:
    """Why the move is not possible in the order's state, or None where it is."""
    after = TABLE[move].states[status_at(document, now)]
    if isinstance(after, Refused):
        return after
    return _ANONYMIZED if _is_past(move, document) else None


def moved(move: Move, document: Document, now: int) -> Document:
    """The order after the move: the same document with its new status.

    Raises Invalid where the state forbids it, Unknown where the order counts as gone. A promise expires by `EXPIRE`
    from the state that is stored, not from the one that counts.
    """
    before = Status(document["status"]) if move is Move.EXPIRE else status_at(document, now)
    after = TABLE[move].states[before]
    if not isinstance(after, Refused) and _is_past(move, document):
        raise Invalid(Fault(f"anonymized: {_ANONYMIZED.text}."))
    if isinstance(after, Refused):
        fault = Fault(f"status: {after.text}.", f"{move} is possible while the order is {_possible(move)}.")
        raise Unknown(fault) if after.gone else Invalid(fault)
    return {**document, "status": after.value}


def _is_past(move: Move, document: Document) -> bool:
    return document.get("anonymized") is True and move not in ENDING


def _possible(move: Move) -> str:
    states = TABLE[move].states.items()
    return " or ".join(state for state, after in states if state and not isinstance(after, Refused))
