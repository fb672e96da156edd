"""What the search index takes on disk beside the documents."""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

import asyncpg  # type: ignore[import-untyped] # it has no types of its own

_MIB: Final = 1024 * 1024

# FTS5 keeps its postings in a table of blobs; the key column is counted as SQLite stores an integer of 8 bytes twice,
# in the row and in its index, beside 9 bytes of row number.
_SQLITE_INDEX: Final = "select sum(length(block)) from order_search_data"
_SQLITE_KEYS: Final = "select count(*) * 25 from orders"
_SQLITE_DOCUMENTS: Final = "select sum(length(cast(document as blob))) from orders"
_POSTGRES: Final = "select pg_total_relation_size('order_search'), pg_total_relation_size('orders')"


class Size(NamedTuple):
    """In MiB; `beside` says what the index is compared with."""

    taken: float
    beside: float
    what: str

    def line(self) -> str:
        """One line."""
        share = 100 * self.taken / self.beside
        return f"search index: {self.taken:,.0f} MiB beside {self.beside:,.0f} MiB of {self.what}: {share:.0f} %"


def sqlite_size(path: str) -> Size:
    """Of an SQLite file."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        index = connection.execute(_SQLITE_INDEX).fetchone()[0] + connection.execute(_SQLITE_KEYS).fetchone()[0]
        documents = connection.execute(_SQLITE_DOCUMENTS).fetchone()[0]
    finally:
        connection.close()
    return Size(index / _MIB, documents / _MIB, "documents (without their events)")


async def postgres_size(url: str) -> Size:
    """Of a PostgreSQL database."""
    connection = await asyncpg.connect(url)
    try:
        index, documents = await connection.fetchrow(_POSTGRES)
    finally:
        await connection.close()
    return Size(index / _MIB, documents / _MIB, "the table of documents with its indexes")
