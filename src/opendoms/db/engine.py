"""The seam between the hub and its database. Two engines implement it; one conformance suite holds both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from opendoms.db.sqlfile import Query
from opendoms.db.timers import Claim
from opendoms.kernel.changeset import Changeset, Event, Timer
from opendoms.kernel.due import Due

Row = Sequence[Any]
Parameters = Mapping[str, str | int | bool | bytes | Sequence[str] | Sequence[int] | None]
# Is told of the timers of a changeset that was applied.
TimerWatcher = Callable[[Sequence[Timer]], None]
# Is told of the events of a changeset that was applied.
EventWatcher = Callable[[Sequence[Event]], None]


class SchemaMismatch(Exception):  # noqa: N818 - told to the operator as a sentence
    """The stored schema is not the one that this release works with."""


class RefusedBySchema(Exception):  # noqa: N818 - a bug of ours, told in the schema's own words
    """A constraint or trigger refused a write that the rules let through. Nothing was written.

    Carries the constraint's words only, never a value of the row: those may be personal data.
    """


class TooSlow(Exception):  # noqa: N818 - an outcome of a read that was given little time
    """A read took longer than its caller gave it, and was ended."""


class Engine(Protocol):
    """Reads by named SQL and one write. Documents go in and come out as bytes.

    Result columns that are named `document` or `detail` are bytes, other text columns str, integers int; a boolean
    column comes as something that equals True or False. Every method may raise `kernel.refusal.Unavailable` when the
    database cannot be reached, and `kernel.refusal.Invalid` for text that holds the character NUL.
    """

    name: str

    async def open(self) -> None:
        """Connects. Raises SchemaMismatch where the schema or a search index is not that of this release."""
        ...

    async def close(self) -> None:
        """Finishes what was handed in, then disconnects."""
        ...

    async def row(self, query: Query, parameters: Parameters) -> Row | None:
        """The one row of a point read by key, or None. May run on the event loop: for reads by index only."""
        ...

    async def rows(self, query: Query, parameters: Parameters, within_ms: int | None = None) -> list[Row]:
        """All rows of a read that may take long; never blocks the event loop. The query carries its own limit.

        Raises TooSlow where the database works on it for longer than `within_ms`; the wait for a connection is not
        counted.
        """
        ...

    async def apply(self, changeset: Changeset) -> None:
        """Writes all of it in one transaction, durable on return; or nothing, and raises Stale, Taken or Short.

        Concurrent changesets may share a commit; one that is refused does not touch its neighbours. Whoever cancels
        a call does not learn whether it was written. Raises RefusedBySchema where the schema finds a bug of ours.
        """
        ...

    async def claim_timers(self, claim: Claim) -> list[Due]:
        """Hands due timers to one worker, in order of due time. No two claims hold one timer at a time.

        Fewer than asked for, or none, does not mean that there are no more: another worker may be claiming just now.
        """
        ...

    async def postpone_timer(self, due: Due, until: int) -> None:
        """Gives a claimed timer back, counts the attempt, and lets nobody claim it before `until` (ms, machine's time).

        Does nothing where the claim does not hold the timer any more.
        """
        ...

    def watch_timers(self, watcher: TimerWatcher | None) -> None:
        """Calls the watcher on the event loop after every changeset of this process with timers; None ends it."""
        ...

    def watch_events(self, watcher: EventWatcher) -> Callable[[], None]:
        """Calls the watcher on the event loop after every changeset of this process with events; the answer ends it."""
        ...

    async def ping(self) -> None:
        """Asks the database for an answer, for the health check. Returns when it has answered."""
        ...
