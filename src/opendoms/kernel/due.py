"""A timer that is due, in the hands of one worker."""

from __future__ import annotations

from typing import NamedTuple

from opendoms.kernel.changeset import Timer


class Due(NamedTuple):
    """What a handler gets. `due` is an instant in ms, `attempts` how often it has failed so far.

    `claim` names this one claim. It ends when the timer is set or moved, or when the worker takes too long.
    """

    tenant: str
    kind: str
    entity_id: str
    due: int
    detail: bytes | None
    attempts: int
    claim: str

    def done(self) -> Timer:
        """Takes the timer away, unless it has been moved, or claimed by another worker, in the meantime."""
        return Timer(self.tenant, self.kind, self.entity_id, None, claim=self.claim)
