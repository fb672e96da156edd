"""The signing keys of one process: read from the database, held for a while, looked up again when one is missing."""

from __future__ import annotations

import asyncio
from typing import Final

import jwt

from opendoms.db.engine import Engine
from opendoms.identity.claims import SYSTEM_TENANT
from opendoms.identity.keys import KEYS_MAX, KeyRing, SigningKey, document_of, new_signing_key, ring_of
from opendoms.identity.store import QUERIES, SIGNING_KEYS
from opendoms.kernel.changeset import Changeset, Drop, Put, Stale
from opendoms.kernel.clock import Clock
from opendoms.kernel.ids import NewId, new_id
from opendoms.kernel.refusal import Conflict, Fault, Unavailable

# A key that another node retired is believed no longer than this.
AGE_MAX_MS: Final = 60_000
# Tokens that name junk keys make us read the database no more often than this.
RELOAD_INTERVAL_MIN_MS: Final = 1_000
# Tokens do not belong to a tenant before they are read, so their time is the machine's.
CLOCK_TENANT: Final = ""


class KeyHolder:
    """Holds the ring. Two nodes that start at once may both make a first key; each finds the other's here."""

    def __init__(self, db: Engine, clock: Clock, new_id: NewId = new_id) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._ring = KeyRing()
        self._tried_at: int | None = None
        self._read_at: int | None = None
        self._failing = False
        self._lock = asyncio.Lock()

    async def open(self) -> None:
        """Reads the keys and makes the first one where there is none."""
        await self.current()

    async def current(self) -> SigningKey:
        """The key to sign with; makes the first one."""
        ring = await self._fresh(None)
        if ring.current() is None:
            async with self._lock:
                await self._read()
                if self._ring.current() is None:
                    await add_key(self._db, self._clock, self._new_id)
                    await self._read()
            ring = self._ring
        key = ring.current()
        if key is None:
            raise Unavailable(Fault("The signing key that was just made cannot be read back."))
        return key

    async def find(self, key_id: str | None) -> jwt.PyJWK | None:
        """The public key of this id, None where it is nobody's. Raises Unavailable where that cannot be found out."""
        found = (await self._fresh(key_id)).find(key_id)
        if found is None and self._failing:
            raise Unavailable(Fault("The signing keys cannot be read."))
        return found

    async def _fresh(self, key_id: str | None) -> KeyRing:
        if self._is_due(key_id):
            async with self._lock:
                if self._is_due(key_id):  # not where another call has just read them
                    await self._try()
        return self._ring

    def _is_due(self, key_id: str | None) -> bool:
        now = self._clock.now(CLOCK_TENANT)
        missing = key_id is not None and self._ring.find(key_id) is None
        too_old = _passed(self._read_at, now, AGE_MAX_MS)
        return (missing or too_old) and _passed(self._tried_at, now, RELOAD_INTERVAL_MIN_MS)

    async def _try(self) -> None:
        try:
            await self._read()
        except Unavailable:
            # Known keys go on verifying while the database is away: then nothing else works, but 503 says why.
            if not self._ring.keys:
                raise

    async def _read(self) -> None:
        failed = True
        try:
            self._ring = await read_ring(self._db)
            failed = False
        finally:
            # Only now: a call that comes while this reads must find the reading due, and wait for it.
            self._failing = failed
            self._tried_at = self._clock.now(CLOCK_TENANT)
        self._read_at = self._tried_at


def _passed(since: int | None, now: int, span_ms: int) -> bool:
    # A clock that was set back counts as passed, or nothing would be read until it has caught up.
    return since is None or not 0 <= now - since < span_ms


async def read_ring(db: Engine) -> KeyRing:
    """All stored keys."""
    rows = await db.rows(QUERIES.signing_keys, {"tenant": SYSTEM_TENANT, "size": KEYS_MAX})
    return ring_of([row[0] for row in rows])


async def add_key(db: Engine, clock: Clock, new_id: NewId = new_id) -> str:
    """Makes a new key, which signs from now on; returns its id. Raises Conflict where KEYS_MAX are stored already."""
    ring = await read_ring(db)
    if len(ring.keys) >= KEYS_MAX:
        raise Conflict(Fault(f"signing keys: expected fewer than {KEYS_MAX}, retire old ones first"))
    key = new_signing_key(new_id(), clock.now(CLOCK_TENANT), ring)
    put = Put(SIGNING_KEYS, SYSTEM_TENANT, key.id, None, 1, document_of(key))
    await db.apply(Changeset(puts=(put,)))
    return key.id


async def drop_old_keys(db: Engine) -> int:
    """Takes away every key but the one that signs, and with them every token that they signed; returns how many."""
    ring = await read_ring(db)
    dropped = 0
    for key in ring.keys[1:]:
        try:
            await db.apply(Changeset(drops=(Drop(SIGNING_KEYS, SYSTEM_TENANT, key.id, 1),)))
            dropped += 1
        except Stale:  # another node was faster
            continue
    return dropped
