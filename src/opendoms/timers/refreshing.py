"""Keeps the clocks of a sandbox in step with what other processes have set."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

import structlog

from opendoms.db.engine import Engine
from opendoms.timers.sandbox_clock import SandboxClock
from opendoms.timers.store import sandbox_clocks

# How much later than the process that was asked another one may notice that a clock was moved, in ms. A sandbox looks
# this often; without --sandbox nobody looks.
REFRESH_MS: Final = 250

log = structlog.get_logger()


class ClockRefresher:
    """Reads the clocks when it starts; on PostgreSQL, which other processes may serve as well, again and again."""

    def __init__(self, db: Engine, clock: SandboxClock) -> None:
        self._db = db
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the clocks are known. The database must be open."""
        self._clock.take(await sandbox_clocks(self._db))
        if self._db.name != "sqlite":
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Reads no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_MS / 1000)
            try:
                self._clock.take(await sandbox_clocks(self._db))
            except Exception as error:  # noqa: BLE001 - the database may come back
                log.warning("sandbox clocks cannot be read", error=type(error).__name__)
