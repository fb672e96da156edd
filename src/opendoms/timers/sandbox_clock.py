"""The clock of a sandbox: the machine's, but for tenants who have set their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from opendoms.kernel.clock import Clock, instant_from, text_of
from opendoms.kernel.decision import Document

CLOCK_ID: Final = "clock"
# Whose time is always the machine's: tokens are checked by it.
_MACHINE: Final = ""


class OwnTime(NamedTuple):
    """What a tenant's clock shows. Instants in ms.

    It stands at `frozen_at`, or runs `offset_ms` before the machine's. `moving_until` is an instant of the machine's
    clock: until then the call `moved_by` moves the clock and runs what falls due, and nobody else may.
    """

    version: int
    frozen_at: int | None = None
    offset_ms: int = 0
    moved_by: str | None = None
    moving_until: int = 0

    def at(self, machine: int) -> int:
        """What the clock shows when the machine's shows this."""
        return self.frozen_at if self.frozen_at is not None else machine + self.offset_ms

    def is_moving(self, machine: int) -> bool:
        """Whether a call has the clock in hand."""
        return machine < self.moving_until


def document_of(time: OwnTime) -> Document:
    """How a clock is stored."""
    document: Document = {"id": CLOCK_ID, "version": time.version, "offsetMs": time.offset_ms}
    if time.frozen_at is not None:
        document["frozenAt"] = text_of(time.frozen_at)
    if time.moved_by is not None:
        document |= {"movedBy": time.moved_by, "movingUntil": text_of(time.moving_until)}
    return document


def time_of(document: Document) -> OwnTime:
    """The clock that is stored so."""
    return OwnTime(
        document["version"],
        instant_from(document["frozenAt"]) if "frozenAt" in document else None,
        document["offsetMs"],
        document.get("movedBy"),
        instant_from(document["movingUntil"]) if "movingUntil" in document else 0,
    )


class SandboxClock:
    """Implements `kernel.clock.Clock`. Reading is a look into a dictionary; whoever reads the store tells it more."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._own: dict[str, OwnTime] = {}
        self._watcher: Callable[[], None] | None = None

    def now(self, tenant: str) -> int:
        """The present instant of a tenant in milliseconds."""
        machine = self._machine.now(_MACHINE)
        own = self._own.get(tenant)
        return machine if own is None else own.at(machine)

    def machine(self) -> int:
        """The instant that the machine's clock shows, in milliseconds."""
        return self._machine.now(_MACHINE)

    def own(self) -> Mapping[str, OwnTime]:
        """The tenants who have set their clock."""
        return self._own

    def take(self, times: Iterable[tuple[str, OwnTime]]) -> None:
        """Takes over what is stored, where it is newer than what is known, and tells the watcher of news."""
        news = False
        for tenant, time in times:
            known = self._own.get(tenant)
            if known is None or time.version > known.version:
                self._own[tenant] = time
                news = True
        if news and self._watcher is not None:
            self._watcher()

    def watch(self, watcher: Callable[[], None] | None) -> None:
        """Calls the watcher whenever a clock has changed; None ends it."""
        self._watcher = watcher
