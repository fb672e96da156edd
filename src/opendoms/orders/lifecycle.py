"""The one table of moves: which move an order in which state allows, and what becomes of it.

Nothing else assigns a status. The moves of the action endpoints join this table with those endpoints.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid


class Status(StrEnum):
    """The state of an order. CANCELLED and OBSOLETE are final."""

    OPEN = "OPEN"
    PROMISED = "PROMISED"
    LOCKED = "LOCKED"
    CANCELLED = "CANCELLED"
    OBSOLETE = "OBSOLETE"


LIVE: Final = (Status.OPEN, Status.LOCKED, Status.PROMISED)


class Move(StrEnum):
    """What can be asked of an order."""

    CREATE = "CREATE"
    CREATE_LOCKED = "CREATE_LOCKED"
    PATCH = "PATCH"


class Refused(NamedTuple):
    """Why a state forbids a move, in words for the caller."""

    text: str


_CANCELLED: Final = Refused("the order is CANCELLED, and a cancelled order cannot be changed any more")
_OBSOLETE: Final = Refused("the order is OBSOLETE: its promise ran out, and it cannot be changed any more")

# move → state before (None: there is no order yet) → state after, or why not.
TABLE: Final[dict[Move, dict[Status | None, Status | Refused]]] = {
    Move.CREATE: {None: Status.OPEN},
    Move.CREATE_LOCKED: {None: Status.LOCKED},
    Move.PATCH: {
        Status.OPEN: Status.OPEN,
        Status.PROMISED: Status.PROMISED,
        Status.LOCKED: Status.LOCKED,
        Status.CANCELLED: _CANCELLED,
        Status.OBSOLETE: _OBSOLETE,
    },
}


def moved(move: Move, document: Document) -> Document:
    """The order after the move: the same document with its new status. Raises Invalid where the state forbids it."""
    before = Status(document["status"]) if "status" in document else None
    after = TABLE[move][before]
    if isinstance(after, Refused):
        raise Invalid(Fault(f"status: {after.text}.", f"{move} is possible while the order is {_allowed(move)}."))
    return {**document, "status": after.value}


def _allowed(move: Move) -> str:
    return " or ".join(state for state, after in TABLE[move].items() if state and not isinstance(after, Refused))
