"""Builds search indexes anew from the stored documents, in bounded batches, each a transaction.

How far a rebuilding has come is written down with each batch, so one that was broken off goes on where it stopped.
While an index is not whole, or is built by another definition than that of this release, no engine opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import SchemaMismatch
from opendoms.kernel.changeset import Index, Table

# Documents per transaction: on PostgreSQL nobody else writes to the table meanwhile, on SQLite it is one segment.
POSTGRES_BATCH: Final = 250
SQLITE_BATCH: Final = 500

# What was built, by which definition, and the key up to which a rebuilding has come; null where the index is whole.
BUILT: Final = "select name, definition, rebuilt_tenant, rebuilt_id from search_indexes"

# Is told the name of an index, how many of its documents are done, and how many there were to do.
Progress = Callable[[str, int, int], None]


def silent(_name: str, _done: int, _total: int) -> None:
    """Tells nobody."""


class Built(NamedTuple):
    """A row of `search_indexes`."""

    name: str
    definition: str
    rebuilt_tenant: str | None
    rebuilt_id: str | None

    def is_whole(self, index: Index) -> bool:
        """Whether the index holds every document, as this release understands it."""
        return self.definition == index.definition and self.rebuilt_tenant is None


class Searched(NamedTuple):
    """A table and its search index."""

    table: Table
    search_index: Index


def searched(tables: Iterable[Table]) -> list[Searched]:
    """Those of the tables that have a search index."""
    return [Searched(table, table.search_index) for table in tables if table.search_index is not None]


def to_build(tables: Iterable[Table], built: Iterable[Sequence[str | None]]) -> list[Searched]:
    """The indexes that are not whole; `built` are rows of BUILT."""
    known = {row[0]: Built(*row) for row in built}  # type: ignore[arg-type]  # name and definition are never null
    return [
        each
        for each in searched(tables)
        if (found := known.get(each.search_index.name)) is None or not found.is_whole(each.search_index)
    ]


def require_built(tables: Iterable[Table], built: Iterable[Sequence[str | None]]) -> None:
    """Raises SchemaMismatch where an index is not whole."""
    if lacking := to_build(tables, built):
        raise SchemaMismatch(
            f"The search index {lacking[0].search_index.name} is to be built anew."
            " Run `opendoms migrate` with the same database URL."
        )
