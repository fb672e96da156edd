"""The checkpointer: the log is emptied beside the writer and does not grow without end."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opendoms.db import checkpoint
from opendoms.db.checkpoint import Checkpointer
from opendoms.db.sqlite_file import connect, create, use_log

ROW = b"x" * 50_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty file in write-ahead mode with one table."""
    path = tmp_path / "log.db"
    create(path)
    with contextlib.closing(connect(path, writes=True, cache_kib=1024)) as connection:
        use_log(connection)
        connection.execute("create table t (a)")
    return path


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes."""
    with contextlib.closing(connect(path, writes=True, cache_kib=1024)) as connection:
        yield connection


@pytest.fixture
def checkpointer(path: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkpointer]:
    """A checkpointer whose thread finds nothing to do: the tests call it."""
    monkeypatch.setattr(checkpoint, "LOG_PAGES_MAX", 30)
    made = Checkpointer(connect(path, writes=True, cache_kib=1024), lambda: 0)
    yield made
    made.close()


def log_bytes(path: Path) -> int:
    """The size of the log."""
    return path.with_name(path.name + "-wal").stat().st_size


def test_a_moved_log_is_written_from_its_start_again(
    path: Path, writer: sqlite3.Connection, checkpointer: Checkpointer
) -> None:
    """Writing goes on at the start of the log once everything in it was moved."""
    writer.execute("insert into t values (?)", (ROW,))
    assert checkpointer.checkpoint()
    size = log_bytes(path)
    for _ in range(10):
        writer.execute("update t set a = ?", (ROW,))
        assert checkpointer.checkpoint()
    assert log_bytes(path) == size


def test_a_reader_keeps_what_it_sees_and_is_not_waited_for(
    path: Path, writer: sqlite3.Connection, checkpointer: Checkpointer
) -> None:
    """While somebody reads an old state the log is kept, in short time even when it is too large; then it is moved."""
    with contextlib.closing(connect(path, writes=False, cache_kib=1024)) as reader:
        reader.execute("begin")
        assert reader.execute("select count(*) from t").fetchone() == (0,)
        for _ in range(10):
            writer.execute("insert into t values (?)", (ROW,))
        begin = time.perf_counter()
        assert not checkpointer.checkpoint()
        assert time.perf_counter() - begin < 1
        assert reader.execute("select count(*) from t").fetchone() == (0,)
        reader.execute("rollback")
    assert checkpointer.checkpoint()
    size = log_bytes(path)
    writer.execute("insert into t values (?)", (ROW,))
    assert log_bytes(path) == size


def test_the_thread_moves_what_was_committed(path: Path, writer: sqlite3.Connection, wait_for: WaitFor) -> None:
    """Without anybody calling it, the thread moves commits into the file."""
    commits = [0]
    made = Checkpointer(connect(path, writes=True, cache_kib=1024), lambda: commits[0])
    before = path.stat().st_size
    writer.execute("insert into t values (?)", (ROW,))
    commits[0] = 1
    wait_for(lambda: path.stat().st_size > before)
    made.close()


WaitFor = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait_for() -> WaitFor:
    """Looks until something is so, for ten seconds at most."""

    def look(is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < end, "it did not come to be"

    return look


def test_closing_empties_the_log(path: Path, writer: sqlite3.Connection) -> None:
    """At the end nothing is left in the log."""
    made = Checkpointer(connect(path, writes=True, cache_kib=1024), lambda: 0)
    writer.execute("insert into t values (?)", (ROW,))
    assert log_bytes(path) > 0
    made.close()
    assert log_bytes(path) == 0
