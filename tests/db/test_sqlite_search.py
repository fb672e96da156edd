"""How the writes of a transaction reach an index of SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from opendoms.db.sqlite_search import IndexWrites, tokens

TERMS = {key: (-(2**63), key, 2**63 - 1) for key in (-5, 0, 7, 2**62)}


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    """An empty index."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(
        "create virtual table found using fts5 (terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii')"
    )
    yield connection
    connection.close()


def written(index: sqlite3.Connection, writes: IndexWrites) -> int:
    """How many statements these writes take."""
    statements: list[str] = []
    index.set_trace_callback(lambda sql: statements.append(sql) if sql.startswith("insert into found ") else None)
    writes.write(index)
    index.set_trace_callback(None)
    return len(statements)


def found(index: sqlite3.Connection, term: int) -> list[int]:
    """The rowids with a term."""
    return [row[0] for row in index.execute("select rowid from found (?) order by rowid", (f'"{tokens([term])}"',))]


def test_what_only_adds_is_one_statement(index: sqlite3.Connection) -> None:
    """New documents, handed in in any order, are found by each of their terms, one that left again by none."""
    writes = IndexWrites()
    for key in (7, -5, 2**62, 0):
        writes.add("found", key, TERMS[key])
    writes.add("found", 8, ())
    writes.add("found", 9, (1,))
    writes.remove("found", 9, (1,))
    assert written(index, writes) == 1
    assert found(index, -(2**63)) == found(index, 2**63 - 1) == sorted(TERMS)
    assert [found(index, key) for key in TERMS] == [[key] for key in TERMS]
    assert found(index, 1) == []
    assert len(writes) == 0


def test_what_changes_is_written_one_by_one(index: sqlite3.Connection) -> None:
    """Where one document leaves or changes, each has its own statements, in order of their keys."""
    first, second = IndexWrites(), IndexWrites()
    for key in (0, 7):
        first.add("found", key, TERMS[key])
    assert written(index, first) == 1
    second.add("found", 3, (3,))
    second.change("found", 7, TERMS[7], (1,))
    second.remove("found", 0, TERMS[0])
    assert written(index, second) == 4
    assert (found(index, 3), found(index, 1), found(index, 7), found(index, 0)) == ([3], [7], [], [])
