"""The events of a tenant behind a place, read once for all who stand there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.events.rules.place import Happened, Place
from opendoms.events.store import RELAY


class _Known(NamedTuple):
    """What a read has found behind a place; `beat` is the pulse that it belongs to."""

    beat: int
    after: Place
    size: int
    events: list[Happened]


class Feed:
    """Reads the events of one tenant. Endpoints that follow the newest events stand at one place, and share reads.

    Documents come with events of the kinds that somebody follows; of others only that they happened.
    """

    def __init__(self, db: Engine, tenant: str) -> None:
        self._db = db
        self._tenant = tenant
        self._reading = asyncio.Lock()
        self._known: _Known | None = None
        self._kinds: frozenset[str] = frozenset()
        self.beat = 0

    def follow(self, kinds: Collection[str]) -> None:
        """From now on events of these kinds are read whole."""
        if not self._kinds.issuperset(kinds):
            self._kinds = self._kinds.union(kinds)
            self._known = None

    def stir(self) -> None:
        """Something may have happened: what was read before is not all any more."""
        self.beat += 1

    async def behind(self, place: Place, size: int) -> list[Happened]:
        """At most `size` events behind a place, in their final order; empty where there are none yet."""
        async with self._reading:
            known = self._known
            # What was found stays true; that there was nothing more holds until something happens.
            outdated = known is None or (known.beat != self.beat and not known.events)
            if known is None or outdated or known.after != place or known.size < size:
                beat, kinds = self.beat, self._kinds
                known = _Known(beat, place, size, await self._read(place, size, kinds))
                if kinds == self._kinds:
                    self._known = known
            return known.events[:size]

    async def _read(self, place: Place, size: int, kinds: frozenset[str]) -> list[Happened]:
        given: Parameters = {
            "tenant": self._tenant,
            "xid": place.xid,
            "position": place.position,
            "kinds": list(kinds),
            "size": size,
        }
        return [happened(row) for row in await self._db.rows(RELAY.events_behind, given)]


async def here(db: Engine, tenant: str) -> Place:
    """The place behind which everything lies that happens from now on."""
    ((xid, position),) = await db.rows(RELAY.here, {"tenant": tenant})
    return Place(xid, position)


def happened(row: Sequence[Any]) -> Happened:
    """The event of a row."""
    return Happened(Place(row[0], row[1]), *row[2:])
