"""Claims of timers, as both engines take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from opendoms.db.sqlfile import Queries
from opendoms.kernel.due import Due

QUERIES: Final = Queries("opendoms.db", "timers.sql")

Values = dict[str, str | int | Sequence[str] | None]


class Claim(NamedTuple):
    """Which timers a worker takes: at most `size` of these kinds that are due by `due_by`, the first ones first.

    `id` must be unlike that of every other claim. All instants are in ms. `now` and `until` (when the claim ends by
    itself) are by the machine's clock, `due_by` by the clock of the tenants that are asked for: one `tenant`, or all
    but those in `without`.
    """

    id: str
    kinds: Sequence[str]
    due_by: int
    now: int
    until: int
    size: int
    tenant: str | None = None
    without: Sequence[str] = ()

    def values(self) -> Values:
        """The parameters of `claim_timers`."""
        return {
            "claim": self.id,
            "kinds": list(self.kinds),
            "due_by": self.due_by,
            "now": self.now,
            "until": self.until,
            "size": self.size,
            "tenant": self.tenant,
            "without": list(self.without),
        }


def postponement(due: Due, until: int) -> Values:
    """The parameters of `postpone_timer`."""
    return {"tenant": due.tenant, "kind": due.kind, "entity_id": due.entity_id, "claim": due.claim, "until": until}


def dues_of(rows: Iterable[Sequence[Any]], claim: str) -> list[Due]:
    """What was claimed, in order of due time; the database answers in no order."""
    return sorted((Due._make((*row, claim)) for row in rows), key=lambda due: due.due)
