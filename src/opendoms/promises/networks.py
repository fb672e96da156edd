"""Keeps the networks of tenants in memory, each for as long as nothing in it has changed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.carriers.connected import ConnectedCarriers
from opendoms.db.engine import Engine, Parameters
from opendoms.db.shared_look import SharedLook
from opendoms.facilities.store import QUERIES as FACILITIES
from opendoms.kernel.document import decode
from opendoms.promises.network import Connected, Network, network_of
from opendoms.promises.store import QUERIES

# Tenants whose networks are kept; of 200 facilities with two carriers each it takes about a megabyte.
NETWORKS_MAX: Final = 64
# Facilities that a promise looks at, the oldest ones; read so many at a time.
FACILITIES_MAX: Final = 5_000
BATCH: Final = 500

State = Sequence[str | None]


class _Kept(NamedTuple):
    state: State
    network: Network


class Networks:
    """Reads networks. Whoever asks gets every change that was answered before, whichever node made it.

    That is so because the versions of everything in a network are looked at each time, by indexes alone, in one read
    for all who ask at once. The documents are read only where a version has changed.
    """

    def __init__(self, db: Engine, connected: ConnectedCarriers) -> None:
        self._db = db
        self._connected = connected
        self._looks = SharedLook(self._state)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._reading: dict[str, asyncio.Lock] = {}

    async def of(self, tenant: str) -> Network:
        """The network of a tenant as it is now."""
        kept = self._known(tenant, await self._looks.look(tenant))
        if kept is not None:
            return kept
        async with self._reading.setdefault(tenant, asyncio.Lock()):
            # What changes while it is read has another state than this one, so the next one who asks reads it anew.
            state = await self._looks.look(tenant)
            kept = self._known(tenant, state)
            if kept is None:
                kept = await self._read(tenant)
                self._kept[tenant] = _Kept(state, kept)
                if len(self._kept) > NETWORKS_MAX:
                    forgotten, _ = self._kept.popitem(last=False)
                    self._reading.pop(forgotten, None)
        return kept

    def _known(self, tenant: str, state: State) -> Network | None:
        kept = self._kept.get(tenant)
        if kept is None or kept.state != state:
            return None
        self._kept.move_to_end(tenant)
        return kept.network

    async def _state(self, tenant: str) -> State:
        row = await self._db.row(QUERIES.network_state, {"tenant": tenant})
        return row if row is not None else ()

    async def _read(self, tenant: str) -> Network:
        bodies: list[bytes] = []
        ids: list[str] = []
        after = ""
        while len(ids) < FACILITIES_MAX:
            asked: Parameters = {"tenant": tenant, "after": after, "size": BATCH}
            rows = await self._db.rows(FACILITIES.facilities_by_id, asked)
            ids += [row[0] for row in rows]
            bodies += [row[1] for row in rows]
            if len(rows) < BATCH:
                break
            after = ids[-1]
        connected = await self._connected.of_facilities(tenant, ids)
        return await asyncio.to_thread(_made, bodies, connected)


def _made(bodies: Sequence[bytes], connected: Connected) -> Network:
    return network_of(map(decode, bodies), connected)
