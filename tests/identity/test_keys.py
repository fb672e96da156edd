"""Signing keys: made once, kept in the database, rotated and retired, found by every node."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from opendoms.db.engine import Engine
from opendoms.identity.issuing import retire_keys, rotate_keys
from opendoms.identity.key_holder import AGE_MAX_MS, RELOAD_INTERVAL_MIN_MS, KeyHolder, add_key, read_ring
from opendoms.identity.keys import KEYS_MAX, KeyRing, document_of, new_signing_key, ring_of
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.refusal import Conflict, Unavailable
from tests.identity.stand_ins import NOW, CountingEngine, StillClock, signing_key


def test_a_key_survives_storage() -> None:
    """A key that is read back signs and verifies as before."""
    key = signing_key()
    (back,) = ring_of([document_of(key)]).keys
    assert (back.id, back.created) == (key.id, key.created)
    assert back.private.private_bytes_raw() == key.private.private_bytes_raw()
    back.public.key.verify(key.private.sign(b"x"), b"x")


def test_the_newest_key_signs() -> None:
    """The ring is ordered by creation, however it was engine, and its newest key signs."""
    old, new = signing_key("b", NOW), signing_key("a", NOW + 1)
    current = ring_of([document_of(old), document_of(new)]).current()
    assert current is not None
    assert current.id == "a"


def test_a_clock_that_is_behind_makes_a_newer_key_all_the_same() -> None:
    """A node whose clock is behind makes a key that signs from now on."""
    ring = KeyRing((signing_key("a", NOW),))
    assert new_signing_key("b", NOW - 60_000, ring).created == NOW + 1


@pytest.mark.parametrize(
    "document",
    [
        b"{}",
        b'{"id":"a","algorithm":"HS256","created":1,"private":"AAAA"}',
        b'{"id":"a","algorithm":"EdDSA","created":1,"private":"AAAA"}',
    ],
)
def test_a_stored_key_of_another_kind_is_an_error(document: bytes) -> None:
    """What is stored and is no key of ours is not passed over in silence."""
    with pytest.raises((msgspec.ValidationError, ValueError)):
        ring_of([document])


async def test_the_first_start_makes_one_key(db: CountingEngine, clock: StillClock) -> None:
    """The first start stores one key; the second one finds it and writes nothing."""
    first = KeyHolder(db, clock)
    await first.open()
    assert db.writes == 1
    second = KeyHolder(db, clock)
    await second.open()
    assert db.writes == 1
    assert (await second.current()).id == (await first.current()).id


async def test_requests_at_the_same_time_make_one_key(db: CountingEngine, clock: StillClock) -> None:
    """Many requests that need the first key at once make one."""
    holder = KeyHolder(db, clock)
    keys = await asyncio.gather(*(holder.current() for _ in range(20)))
    assert {key.id for key in keys} == {(await read_ring(db)).keys[0].id}
    assert db.writes == 1


class MeetingEngine(CountingEngine):
    """Holds every write until all nodes are about to write."""

    def __init__(self, engine: Engine, meeting: asyncio.Barrier) -> None:
        super().__init__(engine)
        self._meeting = meeting

    async def apply(self, changeset: Changeset) -> None:
        """Waits for the others, then writes."""
        await self._meeting.wait()
        await super().apply(changeset)


async def test_two_nodes_that_start_at_once_know_both_keys(engine: Engine, clock: StillClock) -> None:
    """Two nodes that each made a first key verify what the other one signed."""
    meeting = asyncio.Barrier(2)
    one, two = (KeyHolder(MeetingEngine(engine, meeting), clock) for _ in range(2))
    await asyncio.gather(one.open(), two.open())
    ids = {key.id for key in (await read_ring(engine)).keys}
    assert len(ids) == 2
    clock.at += RELOAD_INTERVAL_MIN_MS
    for node in (one, two):
        found = [await node.find(key_id) for key_id in ids]
        assert {key.key_id for key in found if key is not None} == ids


async def test_a_nodes_first_key_is_found_by_one_that_started_before(engine: Engine, clock: StillClock) -> None:
    """A key that appears while a node runs is looked up when the first token names it."""
    node = KeyHolder(engine, clock)
    await node.open()
    fresh = await add_key(engine, clock)
    clock.at += RELOAD_INTERVAL_MIN_MS
    found = await node.find(fresh)
    assert found is not None
    assert found.key_id == fresh


async def test_junk_key_ids_do_not_reach_the_database(db: CountingEngine, clock: StillClock) -> None:
    """However many unknown keys are named, the database is read once a second."""
    node = KeyHolder(db, clock)
    await node.open()
    clock.at += RELOAD_INTERVAL_MIN_MS
    before = db.reads
    found = await asyncio.gather(*(node.find(f"junk-{number}") for number in range(200)))
    assert found == [None] * 200
    assert db.reads == before + 1
    clock.at += RELOAD_INTERVAL_MIN_MS - 1
    assert await node.find("junk") is None
    assert db.reads == before + 1
    clock.at += 1
    assert await node.find("junk") is None
    assert db.reads == before + 2


async def test_known_keys_cost_no_read(db: CountingEngine, clock: StillClock) -> None:
    """A known key is found without the database until the ring is a minute old, then it is read once."""
    node = KeyHolder(db, clock)
    key = await node.current()
    before = db.reads
    clock.at += AGE_MAX_MS - 1
    assert await node.find(key.id) is not None
    assert db.reads == before
    clock.at += 1
    assert await node.find(key.id) is not None
    assert await node.find(key.id) is not None
    assert db.reads == before + 1


async def test_a_rotated_key_signs_and_the_old_one_verifies(engine: Engine, clock: StillClock) -> None:
    """After a rotation the new key signs, and what the old one signed still holds."""
    node = KeyHolder(engine, clock)
    old = await node.current()
    new = await rotate_keys(engine, clock)
    clock.at += AGE_MAX_MS
    assert (await node.current()).id == new != old.id
    assert await node.find(old.id) is not None


async def test_a_retired_key_is_gone_within_a_minute(engine: Engine, clock: StillClock) -> None:
    """Retiring takes away every key but the one that signs; a running node forgets them within a minute."""
    node = KeyHolder(engine, clock)
    old = await node.current()
    middle = await rotate_keys(engine, clock)
    new = await rotate_keys(engine, clock)
    assert await retire_keys(engine) == 2
    assert [key.id for key in (await read_ring(engine)).keys] == [new]
    clock.at += AGE_MAX_MS
    assert await node.find(old.id) is None
    assert await node.find(middle) is None
    assert (await node.current()).id == new
    assert await retire_keys(engine) == 0


async def test_keys_are_bounded(engine: Engine, clock: StillClock) -> None:
    """A rotation beyond the limit is refused and stores nothing, until old keys are retired."""
    for _ in range(KEYS_MAX):
        await rotate_keys(engine, clock)
    before = await read_ring(engine)
    with pytest.raises(Conflict, match="retire old ones first"):
        await rotate_keys(engine, clock)
    assert [key.id for key in (await read_ring(engine)).keys] == [key.id for key in before.keys]
    assert await retire_keys(engine) == KEYS_MAX - 1
    assert await rotate_keys(engine, clock) == (await read_ring(engine)).keys[0].id


async def test_known_keys_outlive_the_database(db: CountingEngine, clock: StillClock) -> None:
    """While the database is away known keys go on verifying, and an unknown one is nobody's fault: unavailable."""
    node = KeyHolder(db, clock)
    key = await node.current()
    db.away = True
    clock.at += AGE_MAX_MS
    assert await node.find(key.id) is not None
    with pytest.raises(Unavailable):
        await node.find("another")
    db.away = False
    clock.at += RELOAD_INTERVAL_MIN_MS
    assert await node.find("another") is None


async def test_without_keys_and_database_there_is_no_answer(db: CountingEngine, clock: StillClock) -> None:
    """A node that could not read its keys yet says that it is unavailable, and recovers by itself."""
    db.away = True
    node = KeyHolder(db, clock)
    with pytest.raises(Unavailable):
        await node.find("key-1")
    db.away = False
    clock.at += RELOAD_INTERVAL_MIN_MS
    assert await node.find("key-1") is None


async def test_a_clock_that_is_set_back_does_not_stop_reading(db: CountingEngine, clock: StillClock) -> None:
    """A key that appears after the clock was set back by an hour is found."""
    node = KeyHolder(db, clock)
    await node.open()
    clock.at -= 3_600_000
    fresh = await add_key(db, clock)
    assert await node.find(fresh) is not None
