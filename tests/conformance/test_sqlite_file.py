"""What only SQLite has: a file with a log beside it, other processes on it, and a disk that may be full."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from opendoms.db import sqlite_writer
from opendoms.db.migrate import migrate
from opendoms.db.sqlite import SqliteEngine
from opendoms.db.sqlite_file import create
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.refusal import Unavailable
from tests.conformance.changesets import Counts, counts, creation, event, order, stored_order
from tests.databases import run_sql


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A migrated file in a folder that did not exist."""
    path = tmp_path / "deep" / "er" / "opendoms.db"
    await migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[SqliteEngine]:
    """An open engine on the file."""
    engine = SqliteEngine(path)
    await engine.open()
    yield engine
    await engine.close()


async def test_the_file_and_its_folder_are_the_owner_s_only(engine: SqliteEngine, path: Path) -> None:
    """Orders are personal data: file, log and shared memory are readable by nobody else."""
    await engine.apply(creation("o1"))
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["opendoms.db", "opendoms.db-shm", "opendoms.db-wal"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_closing_leaves_one_file(engine: SqliteEngine, path: Path) -> None:
    """After an orderly end everything is in the file itself, which passes an integrity check."""
    await asyncio.gather(*(engine.apply(creation(f"o{number}")) for number in range(200)))
    await engine.close()
    assert [file.name for file in path.parent.iterdir()] == ["opendoms.db"]
    assert await run_sql(f"sqlite:///{path}", "pragma integrity_check") == [("ok",)]


async def test_commits_are_synced_and_logged_ahead(engine: SqliteEngine, path: Path) -> None:
    """What is answered survives a power cut: write-ahead log, every commit synced, on the writing connection."""
    connection = opened(engine).writing
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma synchronous").fetchone() == (2,)


async def test_waiting_changesets_share_commits(engine: SqliteEngine, path: Path) -> None:
    """Whatever is handed in while a commit is under way goes into the next one, up to the limit."""
    writer, together = opened(engine).writer, sqlite_writer.CHANGESETS_PER_COMMIT_MAX + 10
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        calls = [asyncio.ensure_future(engine.apply(creation("first")))]
        await asyncio.sleep(0)
        while writer.waiting:  # noqa: ASYNC110 - another thread takes it
            await asyncio.sleep(0.001)
        calls += [asyncio.ensure_future(engine.apply(creation(f"o{number}"))) for number in range(together)]
        await asyncio.sleep(0)
        assert writer.waiting == together
        other.execute("rollback")
    await asyncio.gather(*calls)
    assert writer.commits == 3
    assert await counts(engine) == Counts(orders=together + 1, events=together + 1)


def opened(engine: SqliteEngine) -> Any:
    """The connections of an open engine."""
    return engine._store  # noqa: SLF001 - what they are set to is what these tests are about


def write_beside(path: Path, number: int) -> None:
    """What a command in another process does."""

    async def work() -> None:
        engine = SqliteEngine(path)
        await engine.open()
        for turn in range(25):
            await engine.apply(creation(f"process{number}-{turn}"))
        await engine.close()

    asyncio.run(work())


async def test_other_processes_may_write_at_the_same_time(engine: SqliteEngine, path: Path) -> None:
    """Two commands that write beside a server wait for each other's commits; nothing is lost on either side."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=write_beside, args=(path, number)) for number in range(2)]
    for process in processes:
        process.start()
    written = 0
    while any(process.is_alive() for process in processes):
        await engine.apply(creation(f"here{written}"))
        written += 1
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert await counts(engine) == Counts(orders=written + 50, events=written + 50)


async def test_a_lock_that_is_not_given_up_is_an_outage_and_ends(
    path: Path,
) -> None:
    """While another process holds the write lock for too long, writes are refused; afterwards they work again."""
    engine = SqliteEngine(path, busy_ms=50)
    await engine.open()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(Unavailable):
            await engine.apply(creation("o1"))
        assert await stored_order(engine, "o1") is None
        other.execute("rollback")
    await engine.apply(creation("o1"))
    assert await counts(engine) == Counts(orders=1, events=1)
    await engine.close()


async def test_a_full_disk_is_an_outage_and_ends(engine: SqliteEngine) -> None:
    """When the file cannot grow, the write is refused whole; what was there stays, and writing resumes with room."""
    await engine.apply(creation("o1"))
    writing = opened(engine).writing
    (pages,) = writing.execute("pragma page_count").fetchone()
    (room,) = writing.execute("pragma max_page_count").fetchone()
    writing.execute(f"pragma max_page_count = {pages}")
    large = b'"%s"' % (b"x" * 200_000)
    bad = Changeset((order("o2", document=large),), (), (event("o2", document=large),))
    with pytest.raises(Unavailable):
        await engine.apply(bad)
    assert await counts(engine) == Counts(orders=1, events=1)
    writing.execute(f"pragma max_page_count = {room}")
    await engine.apply(bad)
    assert await counts(engine) == Counts(orders=2, events=2)


@pytest.mark.parametrize("fate", ["removed", "replaced", "replaced unread"])
async def test_a_file_that_is_gone_is_noticed(engine: SqliteEngine, path: Path, fate: str) -> None:
    """After the file was removed or replaced under the server, no write is answered, and the health check fails."""
    await engine.apply(creation("o1"))
    if fate != "replaced unread":  # a thread that has read has the old file open
        await engine.ping()
    os.unlink(path)  # noqa: PTH108 - the loop may wait for this one
    if fate != "removed":
        create(path)
    with pytest.raises(Unavailable):
        await engine.apply(creation("o2"))
    with pytest.raises(Unavailable):
        await engine.ping()
