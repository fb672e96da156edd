"""Sends events of the past once more: reads a stretch of history bit by bit, at the rate that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from opendoms.db.engine import Engine
from opendoms.events.feed import happened
from opendoms.events.progress import Progress
from opendoms.events.rules.catalogue import EVENTS, is_told
from opendoms.events.rules.place import Happened
from opendoms.events.rules.replay import DONE, RUNNING, Range, advanced, range_of
from opendoms.events.store import RELAY
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode

# How often events are added to what waits, in seconds, and how many of them at once.
STEP_S: Final = 0.2
EVENTS_MAX: Final = 200
# Positions that are looked at in one step.
POSITIONS_MAX: Final = 10_000

Replayed = tuple[str, str, Happened]


class Replays:
    """The replays of the subscriptions of one endpoint."""

    def __init__(self, db: Engine, tenant: str) -> None:
        self._db = db
        self._tenant = tenant
        self._running: dict[str, Document | None] = {}
        self._stepped_at = 0.0
        self.next_at = 0.0

    @property
    def under_way(self) -> bool:
        """Whether there is something to replay."""
        return bool(self._running)

    def begin(self, subscription_ids: Sequence[str]) -> bool:
        """Takes replays up that were asked for, or are on their way since before. Returns whether one is new."""
        new = [each for each in subscription_ids if each not in self._running]
        if new and not self._running:
            self._stepped_at = asyncio.get_running_loop().time()
        self._running.update(dict.fromkeys(new))
        return bool(new)

    async def step(self, progress: Progress, now_s: float, now: int) -> list[Replayed]:
        """The next events as (subscription, event name, event). How far each replay is goes into `progress`."""
        if now_s < self.next_at:
            return []
        elapsed_s, self._stepped_at = min(now_s - self._stepped_at, 1.0), now_s
        self.next_at = now_s + STEP_S
        found: list[Replayed] = []
        for subscription_id in list(self._running):
            # Read each time: it may have been cancelled.
            row = await self._db.row(RELAY.replay, {"tenant": self._tenant, "id": subscription_id})
            replay = decode(row[1]) if row is not None else None
            if replay is None or replay["state"] != RUNNING:
                del self._running[subscription_id]
                continue
            size = min(EVENTS_MAX, max(1, round(replay["rate"] * elapsed_s)))
            wanted = range_of(replay)
            asked = [told for told in EVENTS if told.name in wanted.events]
            events, position = await self._read(wanted, size)
            sent = [(subscription_id, told.name, event) for event in events for told in asked if is_told(told, event)]
            found += sent
            after = advanced(replay, position, len(sent), now=now)
            progress.replayed(after)
            if after["state"] == DONE:
                del self._running[subscription_id]
        return found

    async def _read(self, wanted: Range, size: int) -> tuple[list[Happened], int]:
        """At most `size` events, and the position up to which all were seen."""
        until = min(wanted.until, wanted.position + POSITIONS_MAX)
        given: dict[str, str | int] = {
            "tenant": self._tenant,
            "position": wanted.position,
            "until": until,
            "earliest": wanted.earliest,
            "latest": wanted.latest,
            "entity_id": wanted.entity_id,
            "size": size,
        }
        events = [happened(row) for row in await self._db.rows(RELAY.events_between, given)]
        return events, events[-1].place.position if len(events) == size else until
