"""A runner that tells when it goes to sleep and for how long, and handlers that note what they were given."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.due import Due
from opendoms.timers.runner import TimerRunner

TENANT: Final = "acme"
KIND: Final = "TEST"


class WatchedRunner(TimerRunner):
    """Every pause is put into `pauses` (ms) when the runner goes to sleep."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.pauses: asyncio.Queue[int] = asyncio.Queue()

    async def _sleep(self, pause_ms: int) -> None:
        self.pauses.put_nowait(pause_ms)
        await super()._sleep(pause_ms)


class Notes:
    """A handler that notes each timer and the instant at which it ran; it fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.handled: list[tuple[str, int, int]] = []

    async def handle(self, due: Due, now: int) -> None:
        """Notes entity, due time and present instant."""
        self.handled.append((due.entity_id, due.due, now))
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the secret of Erika Mustermann")

    def names(self) -> list[str]:
        """Whose timers ran, in order."""
        return [name for name, _, _ in self.handled]


def timer(name: str, due: int | None, *, kind: str = KIND, tenant: str = TENANT) -> Timer:
    """A timer on an entity, or its removal."""
    return Timer(tenant, kind, name, due)


def timers(*given: Timer) -> Changeset:
    """A changeset of timers alone."""
    return Changeset(timers=given)
