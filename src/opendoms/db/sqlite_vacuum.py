"""Rewrites a SQLite file, so that nothing of what was removed is left in unused space of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from opendoms.db.outcome import unreachable
from opendoms.db.sqlite_file import connect
from opendoms.kernel.changeset import Table

# How long it waits for writers of other processes, in ms.
BUSY_MS: Final = 60_000
CACHE_KIB: Final = 65_536


def vacuum_sqlite(path: Path, tables: Iterable[Table]) -> None:
    """Merges the search indexes, writes the whole file anew and empties its log. Raises Unavailable.

    Bytes that are given free are overwritten at once (`secure_delete`), but SQLite leaves some behind when it moves
    rows between pages; and the index keeps the hashes of what was removed until its segments are merged.
    """
    try:
        with contextlib.closing(connect(path, writes=True, cache_kib=CACHE_KIB, busy_ms=BUSY_MS)) as file:
            for table in tables:
                if table.search_index is not None:
                    name = table.search_index.name
                    file.execute(f"insert into {name} ({name}) values ('optimize')")
            file.execute("vacuum")
            busy, *_ = file.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.Error as error:
        raise unreachable() from error
    if busy:
        raise unreachable()
