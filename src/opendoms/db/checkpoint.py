"""Moves committed pages from the write-ahead log into the SQLite file, beside the writer instead of inside a commit."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from typing import Final

# Seconds between two looks. Longer pauses of the writer appear when this grows, less throughput when it shrinks.
PAUSE_S: Final = 0.2
# A log larger than this is started afresh, for which the writer has to wait a moment. In pages.
LOG_PAGES_MAX: Final = 16_384
# How long starting afresh may wait for readers, while the writer waits for it. In ms.
RESTART_BUSY_MS: Final = 20


class Checkpointer:
    """A thread with a connection of its own. `commits` tells how often the writer has committed so far."""

    def __init__(self, connection: sqlite3.Connection, commits: Callable[[], int]) -> None:
        self._connection = connection
        self._commits = commits
        self._stopping = threading.Event()
        connection.execute(f"pragma busy_timeout = {RESTART_BUSY_MS}")
        self._thread = threading.Thread(target=self._run, name="opendoms-sqlite-checkpoint", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread, empties the log and closes the connection. Blocks; to be called after the writer ended."""
        self._stopping.set()
        self._thread.join()
        with contextlib.suppress(sqlite3.Error):  # another process still reads: it, or the next start, does it
            self._connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        self._connection.close()

    def _run(self) -> None:
        done = 0
        while not self._stopping.wait(PAUSE_S):
            commits = self._commits()
            # A failing disk shows at the next commit, which is where somebody waits for the answer.
            if commits != done and self.checkpoint():
                done = commits

    def checkpoint(self) -> bool:
        """Moves what can be moved now; waits for nobody longer than RESTART_BUSY_MS. Returns whether that was all."""
        try:
            _, pages, moved = self._connection.execute("pragma wal_checkpoint(passive)").fetchone()
            if pages > LOG_PAGES_MAX:
                busy, pages, moved = self._connection.execute("pragma wal_checkpoint(restart)").fetchone()
                return not busy and bool(pages == moved)
        except sqlite3.Error:
            return False
        # Pages that a reader still needs are left for the next time.
        return bool(pages == moved)
