"""What a rule decided: pure data, turned into a changeset by the slice's store."""

from __future__ import annotations

from typing import Any, NamedTuple

from opendoms.kernel.changeset import Changeset, Timer

Document = dict[str, Any]


class Happening(NamedTuple):
    """The event that a change is told as; the store completes it with ids, actor and the document."""

    type: str
    detail: Document | None = None


class Decision(NamedTuple):
    """The entity after the move, what is to be told about it, and what is due later.

    `happening` is None where the request asks for what is already so: then nothing is written. `beside` is what other
    entities become in the same transaction, such as the reservations of an order. `at` is the instant that was decided
    by, where that is a later one than was given.
    """

    document: Document
    happening: Happening | None = None
    timers: tuple[Timer, ...] = ()
    beside: Changeset = Changeset()
    at: int | None = None
