"""Removes deliveries that were kept long enough, and what is left of subscriptions that are gone."""

from __future__ import annotations

from typing import Final

from opendoms.db.engine import Engine
from opendoms.events.limits import DEAD_LETTERS_MS
from opendoms.events.rules.delivery import cancelled
from opendoms.events.rules.lanes import Row
from opendoms.events.store import DELIVERIES, ENDPOINTS, RELAY, delivery_put
from opendoms.kernel.changeset import Changeset, Drop, Stale
from opendoms.kernel.document import decode

# Of one tenant so many batches in a row, before the next one's turn.
BATCHES_MAX: Final = 20


async def sweep(db: Engine, *, now: int, kept_ms: int, batch_max: int) -> int:
    """Looks through the deliveries of every tenant; returns how many were removed or ended. `now` is in ms."""
    unused = await db.rows(RELAY.unused_endpoints, {"size": batch_max})
    count = await _written(db, Changeset(drops=tuple(Drop(ENDPOINTS, *row) for row in unused)))
    tenant = ""
    while True:
        found = await db.row(RELAY.next_tenant, {"tenant": tenant})
        if found is None:
            return count
        tenant = found[0]
        for query, age_ms in ((RELAY.old_deliveries, kept_ms), (RELAY.old_dead_letters, DEAD_LETTERS_MS)):
            given = {"tenant": tenant, "before": first_id_at(now - age_ms), "size": batch_max}
            for _ in range(BATCHES_MAX):
                old = await db.rows(query, given)
                count += await _written(db, Changeset(drops=tuple(Drop(DELIVERIES, tenant, *row) for row in old)))
                if len(old) < batch_max:
                    break
        orphans = await db.rows(RELAY.orphaned_deliveries, {"tenant": tenant, "size": batch_max})
        rows = [Row(_next(row[0]), row[1], row[2], stored=True) for row in orphans]
        count += await _written(db, Changeset(puts=tuple(delivery_put(tenant, row) for row in rows)))


def first_id_at(instant: int) -> str:
    """What sorts before every id that is made at an instant (ms) or later, and behind all that were made before."""
    digits = f"{max(instant, 0):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def _next(document: bytes) -> dict[str, object]:
    delivery = cancelled(decode(document))
    return {**delivery, "version": delivery["version"] + 1}


async def _written(db: Engine, changes: Changeset) -> int:
    """Writes them; nothing where one was changed just now, which the next sweep sees."""
    if not any(changes):
        return 0
    try:
        await db.apply(changes)
    except Stale:
        return 0
    return len(changes.drops) + len(changes.puts)
