"""What is written about an endpoint: how far it was served, its deliveries, and that it is still in these hands.

All of it goes into one changeset, with the version of the endpoint's progress that this process has seen last. So
whoever has lost the endpoint to another process writes nothing any more, and places and deliveries never disagree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from opendoms.db.engine import Engine
from opendoms.events.rules.lanes import Row
from opendoms.events.rules.membership import EMPTY, Membership, moved
from opendoms.events.rules.place import Place, place_of
from opendoms.events.store import DELIVERIES, ENDPOINTS, RELAY, REPLAYS, delivery_put, put_of
from opendoms.kernel.changeset import Changeset, Put, Stale
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode

# How often deliveries may have been changed by requests just when their outcomes are written.
ATTEMPTS_MAX: Final = 10
# The pause before the next time grows by this, in seconds: many may be asking just now.
CONFLICT_S: Final = 0.02


class LeaseLost(Exception):  # noqa: N818 - a signal within the relay
    """Another process has taken the endpoint over. Nothing was written."""


class Progress:
    """The progress of one endpoint, and the rows that wait to be written."""

    def __init__(
        self, db: Engine, tenant: str, stored: Document, membership: Membership, paused: frozenset[str]
    ) -> None:
        self._db = db
        self._tenant = tenant
        self._id: str = stored["id"]
        self._version: int = stored["version"]
        self._number: int = stored["number"]
        self._paused = paused
        self._active = tuple(member_id for member_id in membership.own if member_id not in paused)
        self._rows: dict[str, Row] = {}
        self._replays: list[Document] = []
        self._noted = membership
        self.membership = membership
        self._done: dict[str, frozenset[int]] = dict.fromkeys(stored["active"], frozenset(stored["ahead"]))

    def is_done(self, member_id: str, position: int) -> bool:
        """Whether an event behind the place was stored for a subscription before, though one in front of it was not."""
        return position in self._done.get(member_id, ())

    def __len__(self) -> int:
        return len(self._rows) + len(self._replays)

    @property
    def behind(self) -> bool:
        """Whether there is a place that is not written yet."""
        return self.membership.place != self._noted.place

    def number(self) -> int:
        """The next number of a row."""
        self._number += 1
        return self._number

    def add(self, row: Row) -> Row:
        """Takes a delivery in its new form, to be written with the next flush; as it will be stored."""
        delivery = row.delivery
        pending = self._rows.get(delivery["id"])
        before: Document = pending.delivery if pending is not None else delivery
        version = before["version"] + (pending is None and row.stored)
        kept = Row({**delivery, "version": version}, row.position, row.number, stored=True)
        self._rows[delivery["id"]] = kept
        return kept

    def replayed(self, replay: Document) -> None:
        """Takes a replay in its next version."""
        self._replays.append(replay)

    def move(self, place: Place) -> None:
        """Everything up to a place is stored, once the rows that wait are."""
        if place > self.membership.place:
            self.membership = moved(self.membership, place, self._paused)

    async def flush(self, owner: str, leased_until: int, ahead: Sequence[int]) -> None:
        """Writes it all. `ahead` are the positions behind the place that are stored with it. Raises LeaseLost."""
        rows, self._rows = self._rows, {}
        replays, self._replays = self._replays, []
        document = {
            "id": self._id,
            "version": self._version + 1,
            "owner": owner,
            "leasedUntil": leased_until,
            "place": self.membership.place,
            "own": self.membership.own,
            "active": self._active,
            "ahead": ahead,
            "number": self._number,
        }
        for attempt in range(ATTEMPTS_MAX):
            try:
                await self._db.apply(Changeset(puts=self._puts(document, rows, replays)))
            except Stale as stale:
                if stale.table == DELIVERIES.name:
                    await asyncio.sleep(attempt * CONFLICT_S)
                    rows = await self._over(rows)
                elif stale.table == REPLAYS.name:
                    replays = [replay for replay in replays if replay["id"] != stale.id]  # it was cancelled
                else:
                    raise LeaseLost from stale
            else:
                self._version += 1
                self._noted = self.membership
                return
        raise LeaseLost

    def _puts(self, document: Document, rows: dict[str, Row], replays: Sequence[Document]) -> tuple[Put, ...]:
        return (
            put_of(ENDPOINTS, self._tenant, document),
            *(delivery_put(self._tenant, row) for row in rows.values()),
            *(put_of(REPLAYS, self._tenant, replay, replay["state"] == "RUNNING") for replay in replays),
        )

    async def _over(self, rows: dict[str, Row]) -> dict[str, Row]:
        """The rows as versions after the stored ones: a request has asked to hurry, and the attempt is the answer."""
        ids = [row_id for row_id, row in rows.items() if row.delivery["version"] > 1]
        found = await self._db.rows(RELAY.delivery_versions, {"tenant": self._tenant, "ids": ids})
        versions = {row[0]: row[1] + 1 for row in found}
        if len(versions) < len(ids):
            raise LeaseLost
        return {
            row_id: row._replace(delivery={**row.delivery, "version": versions[row_id]}) if row_id in versions else row
            for row_id, row in rows.items()
        }


def membership_of(document: Document) -> Membership:
    """The membership of a stored progress."""
    own = {member_id: place_of(at) if at is not None else None for member_id, at in document["own"].items()}
    return Membership(place_of(document["place"]), own)


async def progress_of(db: Engine, tenant: str, endpoint_id: str) -> Document:
    """The stored progress; of an endpoint that was never served, that in version 0."""
    row = await db.row(RELAY.endpoint, {"tenant": tenant, "id": endpoint_id})
    if row is None:
        unserved = {"place": EMPTY.place, "own": {}, "active": (), "ahead": (), "number": 0}
        return {"id": endpoint_id, "version": 0, "owner": "", "leasedUntil": 0, **unserved}
    return decode(row[1])
