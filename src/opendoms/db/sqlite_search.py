"""Writes the search indexes of a SQLite file.

The writes of a whole transaction are gathered and made at its end, in order of rowid: FTS5 writes out what it holds in
memory at every savepoint, and whenever a rowid is smaller than the one before. So a commit of many documents adds one
segment, and a changeset that is refused has nothing in the index to take back.

FTS5 without content takes an entry away by its exact terms. They are computed from the stored document, in the same
transaction. Only terms that differ are written: FTS5 keeps them one by one.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec

from opendoms.db.search_key import SLOT_MAX, keys_of_moment
from opendoms.kernel.refusal import Fault, Unavailable

_TERM_BYTES: Final = 8

Terms = tuple[int, ...]


class _Change(NamedTuple):
    """What one changeset does to one document of an index; None where the document is not in it."""

    name: str
    key: int
    before: Terms | None
    after: Terms | None


class IndexWrites:
    """What a transaction is to write into the search indexes."""

    def __init__(self) -> None:
        self._changes: list[_Change] = []

    def __len__(self) -> int:
        return len(self._changes)

    def add(self, name: str, key: int, terms: Terms) -> None:
        """A document comes into the index of this name."""
        self._changes.append(_Change(name, key, None, terms))

    def change(self, name: str, key: int, before: Terms, after: Terms) -> None:
        """A document keeps its key."""
        if before != after:
            self._changes.append(_Change(name, key, before, after))

    def remove(self, name: str, key: int, terms: Terms) -> None:
        """A document leaves an index."""
        self._changes.append(_Change(name, key, terms, None))

    def cut(self, length: int) -> None:
        """Forgets all but the first so many: what a refused changeset asked for."""
        del self._changes[length:]

    def write(self, connection: sqlite3.Connection) -> None:
        """Writes all of it, each document once, whatever the changesets did to it one after the other."""
        net: dict[tuple[str, int], _Change] = {}
        for change in self._changes:
            place = change.name, change.key
            earlier = net.get(place)
            net[place] = change if earlier is None else change._replace(before=earlier.before)
        in_order = [net[place] for place in sorted(net) if net[place].before != net[place].after]
        for name, changes in groupby(in_order, attrgetter("name")):
            _write_index(connection, name, list(changes))
        self._changes.clear()


def _write_index(connection: sqlite3.Connection, name: str, changes: Sequence[_Change]) -> None:
    """Writes the changes of one index, which are in order of their keys.

    Where all of them add, one statement does: the interpreter's lock is free while it runs, and would have to be waited
    for after each of many. FTS5 writes out what it holds when such a statement begins, so none stands among others.
    """
    if len(changes) > 1 and all(change.before is None for change in changes):
        rows = {change.key: tokens(change.after or ()) for change in changes}
        connection.execute(_insertions(name), (msgspec.json.encode(rows).decode(),))
        return
    for change in changes:
        _write(connection, change)


def _write(connection: sqlite3.Connection, change: _Change) -> None:
    name, key, before, after = change
    kept = set(before or ()) & set(after or ())
    # FTS5 counts documents by these two commands, so each comes even where it names no term.
    if before is not None:
        gone = tokens(term for term in before if term not in kept)
        connection.execute(f"insert into {name} ({name}, rowid, terms) values ('delete', ?, ?)", (key, gone))
    if after is not None:
        come = tokens(term for term in after if term not in kept)
        connection.execute(insertion(name), (key, come))


def insertion(name: str) -> str:
    """The statement that adds tokens to a rowid."""
    return f"insert into {name} (rowid, terms) values (?, ?)"


def _insertions(name: str) -> str:
    """The same for many, out of one JSON object whose names are the rowids."""
    return f"insert into {name} (rowid, terms) select cast(key as integer), value from json_each(?)"


def tokens(terms: Iterable[int]) -> str:
    """Terms as FTS5 reads them: 16 hexadecimal digits each."""
    given = tuple(terms)
    return struct.pack(f">{len(given)}q", *given).hex(" ", _TERM_BYTES)


def free_key(connection: sqlite3.Connection, table: str, moment: int) -> int:
    """A key of a moment (ms) that no document of the table has. Raises Unavailable where there is none."""
    first, last = keys_of_moment(moment)
    key = _behind_highest(connection, table, first, last)
    return key if key <= last else _gap(connection, table, first, last)


def free_keys(connection: sqlite3.Connection, table: str, moments: Sequence[int]) -> list[int] | None:
    """Keys for several documents that are new, or None where the last number of a moment is given away."""
    taken: dict[int, int] = {}
    keys = []
    for moment in moments:
        first, last = keys_of_moment(moment)
        key = taken[first] + 1 if first in taken else _behind_highest(connection, table, first, last)
        if key > last:
            return None
        taken[first] = key
        keys.append(key)
    return keys


def _behind_highest(connection: sqlite3.Connection, table: str, first: int, last: int) -> int:
    highest = _one(connection, f"select max(search_key) from {table} where search_key between ? and ?", first, last)
    return first if highest is None else highest + 1


def _gap(connection: sqlite3.Connection, table: str, first: int, last: int) -> int:
    """Where the last number of a moment is given away: one that a removed document has left."""
    if not _one(connection, f"select exists (select 1 from {table} where search_key = ?)", first):
        return first
    before = _one(
        connection,
        f"select min(this.search_key) from {table} as this where this.search_key between ? and ? and not exists"
        f" (select 1 from {table} as next where next.search_key = this.search_key + 1)",
        first,
        last - 1,
    )
    if before is None:
        raise Unavailable(
            Fault(f"There are {SLOT_MAX + 1} documents of one millisecond.", "SQLite can find no more of them apart.")
        )
    return before + 1


def _one(connection: sqlite3.Connection, sql: str, *parameters: int) -> int | None:
    cell: int | None = connection.execute(sql, parameters).fetchone()[0]
    return cell
