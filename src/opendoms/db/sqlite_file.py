"""How a SQLite file is opened, and how its errors are read."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Final

# How long a connection waits for a lock that another process holds, in ms.
BUSY_MS: Final = 5_000
# Prepared statements that a connection keeps. A release has a few hundred named queries.
STATEMENTS_KEPT: Final = 512
# A page of 8 KiB holds three ordinary orders, where one of 4 KiB would hold one and waste a third of itself.
PAGE_BYTES: Final = 8192

_SWITCH_ATTEMPTS_MAX: Final = 100
_SWITCH_PAUSE_S: Final = 0.05

_PRIMARY_CODE: Final = 0xFF
# Faults of a statement, not of the disk: a bug of ours, to be seen as what it is.
_BUG_CODES: Final = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE})


def create(path: Path) -> None:
    """Makes the file and its folder where they are missing, readable by their owner only: orders are personal data."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def connect(path: Path, *, writes: bool, cache_kib: int, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """A connection to a file that exists. Transactions are begun and ended by hand. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_ms / 1000,
        isolation_level=None,
        check_same_thread=False,  # opened by one thread, used by another, never by two at once
        cached_statements=STATEMENTS_KEPT,
    )
    try:
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma trusted_schema = off")
        connection.execute(f"pragma cache_size = -{cache_kib}")
        # A thread of its own does this: see checkpoint.py.
        connection.execute("pragma wal_autocheckpoint = 0")
        if writes:
            # What is removed or replaced is personal data: its bytes are overwritten, not only given free.
            connection.execute("pragma secure_delete = on").fetchone()
        else:
            connection.execute("pragma query_only = on")
    except BaseException:
        connection.close()
        raise
    return connection


def use_log(connection: sqlite3.Connection) -> None:
    """Switches a file to write-ahead logging, which then stays so; the page size is chosen while it is empty."""
    if connection.execute("pragma journal_mode").fetchone()[0] == "wal":
        return
    connection.execute(f"pragma page_size = {PAGE_BYTES}")
    # SQLite does not wait for the lock that this takes: a process that starts at the same time may hold it.
    for attempt in range(_SWITCH_ATTEMPTS_MAX):
        try:
            connection.execute("pragma journal_mode = wal").fetchone()
        except sqlite3.OperationalError:
            if attempt + 1 == _SWITCH_ATTEMPTS_MAX:
                raise
            time.sleep(_SWITCH_PAUSE_S)
        else:
            return


def is_bug(error: sqlite3.Error) -> bool:
    """A wrong statement or value, as against a disk or a lock that fails."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code & _PRIMARY_CODE in _BUG_CODES


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which file lies at a path, or None. A file that was removed or replaced takes writes that nobody can read."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
