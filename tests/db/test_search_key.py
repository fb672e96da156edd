"""Keys of the search index in SQLite: in order of moments, each given once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.db import sqlite_search
from opendoms.db.search_key import KEY_MOMENT_MAX, KEY_MOMENT_MIN, key_moment, keys_of_moment, moment_of_key
from opendoms.db.sqlite_search import free_key, free_keys, tokens
from opendoms.kernel.refusal import Unavailable

WORDS = st.integers(-(2**63), 2**63 - 1)


@given(WORDS, WORDS)
def test_keys_are_in_the_order_of_moments(one: int, other: int) -> None:
    """Every key of an earlier moment is smaller than every key of a later one, and all of them are rowids."""
    (first, last), (first_other, last_other) = keys_of_moment(one), keys_of_moment(other)
    assert -(2**63) <= first < last < 2**63
    assert moment_of_key(first) == moment_of_key(last) == key_moment(one)
    if key_moment(one) < key_moment(other):
        assert last < first_other
    elif key_moment(one) == key_moment(other):
        assert (first, last) == (first_other, last_other)


def test_moments_beyond_the_keys_stand_at_their_ends() -> None:
    """What lies before 1691 or after 2248 shares the first or the last moment; what lies between has its own."""
    assert keys_of_moment(KEY_MOMENT_MIN - 1) == keys_of_moment(-(2**63)) == keys_of_moment(KEY_MOMENT_MIN)
    assert keys_of_moment(KEY_MOMENT_MAX + 1) == keys_of_moment(2**63 - 1) == keys_of_moment(KEY_MOMENT_MAX)
    assert keys_of_moment(KEY_MOMENT_MIN)[0] == -(2**63)
    assert keys_of_moment(KEY_MOMENT_MAX)[1] == 2**63 - 1


@pytest.mark.parametrize("terms", [(), (0,), (-1, 0, 1), (-(2**63), 2**63 - 1)])
def test_a_term_is_one_token(terms: tuple[int, ...]) -> None:
    """A term comes as sixteen hexadecimal digits, and as itself again."""
    found = tokens(terms).split()
    assert [len(token) for token in found] == [16] * len(terms)
    assert tuple(int.from_bytes(bytes.fromhex(token), signed=True) for token in found) == terms


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A table of documents whose moments have five keys each."""
    monkeypatch.setattr(sqlite_search, "keys_of_moment", lambda moment: (moment * 5, moment * 5 + 4))
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table documents (search_key integer unique)")
    yield connection
    connection.close()


def take(table: sqlite3.Connection, moment: int) -> int:
    """A new document of this moment."""
    key = free_key(table, "documents", moment)
    table.execute("insert into documents values (?)", (key,))
    return key


def test_a_moment_gives_away_every_key_once(table: sqlite3.Connection) -> None:
    """One after the other; then those that removed documents have left, the lowest first; then none any more."""
    assert [take(table, -2) for _ in range(3)] == [-10, -9, -8]
    assert [take(table, 7) for _ in range(5)] == [35, 36, 37, 38, 39]
    for gap in (37, 35, 38):
        table.execute("delete from documents where search_key = ?", (gap,))
    assert [take(table, 7) for _ in range(3)] == [35, 37, 38]
    with pytest.raises(Unavailable, match="documents of one millisecond"):
        take(table, 7)
    table.execute("delete from documents where search_key = 39")
    assert take(table, 7) == 39
    assert take(table, 8) == 40
    assert table.execute("select count(*) from documents").fetchone() == (9,)


def test_several_documents_get_their_keys_at_once(table: sqlite3.Connection) -> None:
    """As one after the other would; where a moment is full, none of them, so that they are taken one by one."""
    assert [take(table, 3) for _ in range(2)] == [15, 16]
    assert free_keys(table, "documents", [3, 1, 3, 1, 2]) == [17, 5, 18, 6, 10]
    assert free_keys(table, "documents", []) == []
    assert free_keys(table, "documents", [1, 3, 3, 3]) == [5, 17, 18, 19]
    assert free_keys(table, "documents", [1, 3, 3, 3, 3]) is None


def test_documents_without_a_key_are_not_in_the_way(table: sqlite3.Connection) -> None:
    """Documents from before the index was there have none."""
    table.executemany("insert into documents values (?)", [(None,), (None,)])
    assert [take(table, 0) for _ in range(2)] == [0, 1]
