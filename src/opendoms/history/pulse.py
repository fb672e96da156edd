"""Wakes whoever waits for events: at once for what this process commits, a moment later for what others do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from opendoms.db.engine import Engine
from opendoms.history.store import NEWS
from opendoms.kernel.changeset import Event
from opendoms.kernel.refusal import Fault, TooMany

# Who may wait at once, in this process and of one tenant. Each takes a connection and some kilobytes.
LISTENERS_MAX: Final = 1_000
LISTENERS_PER_TENANT_MAX: Final = 250
RETRY_AFTER_S: Final = 5
# How often is asked for what other processes have committed, in seconds, while anybody waits. On SQLite only an
# operator's commands can have.
LOOK_S: Final = 0.2
LOOK_S_ALONE: Final = 1.0
# The pause after a look that the database did not answer, in seconds.
TROUBLE_S: Final = 2.0

log = structlog.get_logger()


class Bell:
    """Rings for one listener. Set it up, read, and only then wait: so nothing is missed in between."""

    def __init__(self, pulse: Pulse, tenant: str) -> None:
        self._pulse = pulse
        self._tenant = tenant
        self._rung = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether the server stops: nobody is to wait any more."""
        return self._pulse.over

    def ring(self) -> None:
        """There may be something new."""
        self._rung.set()

    def clear(self) -> None:
        """Forgets earlier rings; to be followed by a read."""
        if not self.over:
            self._rung.clear()

    async def rung(self, seconds: float) -> bool:
        """Waits for a ring, also one since `clear`; False where none came in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Gives the place of the listener back. A second call does nothing."""
        self._pulse.leave(self, self._tenant)


class Pulse:
    """The listeners of one process. `look_s` is how often other processes' commits are looked for, in seconds."""

    def __init__(self, db: Engine, *, look_s: float | None = None) -> None:
        self._db = db
        self._look_s = look_s or (LOOK_S_ALONE if db.name == "sqlite" else LOOK_S)
        self._bells: dict[str, set[Bell]] = {}
        self._listeners = 0
        self._anybody = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unwatch: Callable[[], None] | None = None
        self.over = False

    def start(self) -> None:
        """Begins to hear of commits. The database must be open."""
        self._unwatch = self._db.watch_events(self._told)
        self._task = asyncio.create_task(self._run())

    def end(self) -> None:
        """The server stops: everybody who waits is woken, and nobody waits any more."""
        if self.over:
            return
        self.over = True
        for tenant in self._bells:
            self.wake(tenant)

    async def stop(self) -> None:
        """Hears nothing more; the database may be closed afterwards."""
        self.end()
        if self._unwatch is not None:
            self._unwatch()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    def listen(self, tenant: str) -> Bell:
        """A bell for one more listener, who must close it. Raises TooMany."""
        if self._listeners >= LISTENERS_MAX or len(self._bells.get(tenant, ())) >= LISTENERS_PER_TENANT_MAX:
            raise TooMany(RETRY_AFTER_S, Fault("Too many wait for events already.", "Ask without `wait`, or later."))
        bell = Bell(self, tenant)
        self._bells.setdefault(tenant, set()).add(bell)
        self._listeners += 1
        self._anybody.set()
        return bell

    def leave(self, bell: Bell, tenant: str) -> None:
        """Forgets a listener."""
        bells = self._bells.get(tenant, set())
        if bell in bells:
            bells.remove(bell)
            self._listeners -= 1
            if not bells:
                del self._bells[tenant]

    def _told(self, events: Sequence[Event]) -> None:
        if self._bells:
            for tenant in {event.tenant for event in events}:
                self.wake(tenant)

    def wake(self, tenant: str) -> None:
        """There may be something new for a tenant."""
        for bell in self._bells.get(tenant, ()):
            bell.ring()

    async def _run(self) -> None:
        since: int | None = None
        warned = False
        while True:
            if not self._bells:
                self._anybody.clear()
                await self._anybody.wait()
            pause_s = self._look_s
            try:
                warned = warned or await self._warn()
                since = await self._look(since)
            except Exception as error:  # noqa: BLE001 - the task must live on: the database may come back
                log.warning("events of others cannot be looked for", error=type(error).__name__)
                pause_s = TROUBLE_S
            await asyncio.sleep(pause_s)

    async def _warn(self) -> bool:
        """Says so where the feed cannot tell of events that were restored from a dump of another server."""
        ((foreign,),) = await self._db.rows(NEWS.foreign, {})
        if foreign:
            log.error("events come from another server: the feed waits", see="docs/how-to/follow-events.md")
        return True

    async def _look(self, since: int | None) -> int:
        """Rings for the tenants with something new since a horizon; the first time for all. Returns the new horizon."""
        tenants = list(self._bells)
        ((horizon, found),) = await self._db.rows(
            NEWS.news, {"tenants": [] if since is None else tenants, "since": since or 0}
        )
        for tenant in tenants if since is None else json.loads(found):
            self.wake(tenant)
        return horizon or 0
