"""Makes one statement of many changesets: a data-modifying CTE with a part per table and kind of write.

Each part is fed by arrays, a row per document, so the text depends only on which parts there are, never on how many
documents: the server plans it once. Order of the parts: what goes, what changes, what is new, so that a business key
that one document gives up can be taken by another in the same changeset. SQLite writes in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, Final

from opendoms.db import postgres_levels as levels
from opendoms.db.levels import TABLE as LEVELS
from opendoms.kernel.changeset import Changeset, ColumnType, Index, Table

DELETE, UPDATE, INSERT, APPEND, SET_TIMER, REMOVE_TIMER, PUT_ENTRY, DROP_ENTRY, CHANGE_LEVEL, OPEN_LEVEL = range(10)
REDACT: Final = 10

# A part: its kind and the name of its table. A shape: the parts of a changeset, in order.
Part = tuple[int, str]
Shape = tuple[Part, ...]
_Rows = dict[Part, list[tuple[Any, ...]]]

_EVENTS: Final = (APPEND, "events")
_REDACTED: Final = (REDACT, "events")
_SET: Final = (SET_TIMER, "timers")
_REMOVE: Final = (REMOVE_TIMER, "timers")
_CHANGE: Final = (CHANGE_LEVEL, LEVELS)
_OPEN: Final = (OPEN_LEVEL, LEVELS)

_ARRAYS: Final[dict[ColumnType, str]] = {
    "text": "text[]",
    "bigint": "bigint[]",
    "boolean": "boolean[]",
    "bytes": "bytea[]",
}
# Documents travel as bytes and become text on the server, which checks their encoding.
_EVENT_COLUMNS: Final = (
    ("tenant", "text[]"),
    ("entity_kind", "text[]"),
    ("entity_id", "text[]"),
    ("seq", "bigint[]"),
    ("event_id", "text[]"),
    ("type", "text[]"),
    ("at", "bigint[]"),
    ("actor", "text[]"),
    ("cause", "text[]"),
    ("document", "bytea[]"),
    ("detail", "bytea[]"),
)
_REDACTION_KEY: Final = _EVENT_COLUMNS[:4]
_REDACTED_COLUMNS: Final = (("actor", "text[]"), ("cause", "text[]"), ("document", "bytea[]"), ("detail", "bytea[]"))
_TIMER_KEY: Final = (("tenant", "text[]"), ("kind", "text[]"), ("entity_id", "text[]"))
_TIMER_COLUMNS: Final = (*_TIMER_KEY, ("due", "bigint[]"), ("detail", "bytea[]"))
# With a claim a timer is taken away only while that claim holds it.
_TIMER_END: Final = (*_TIMER_KEY, ("claim", "text[]"))
# An inserted row begins with tenant, id, version and document; the promoted values follow.
_LEADING: Final = 4
# The terms of all documents travel as one array, and each row says which of them are its own.
_ENTRY_COLUMNS: Final = (
    ("tenant", "text[]"),
    ("id", "text[]"),
    ("moment", "bigint[]"),
    ("first", "integer[]"),
    ("last", "integer[]"),
)
_ENTRY_KEY: Final = (("tenant", "text[]"), ("id", "text[]"))
# Kinds of which every row must be found, and what ends the statement where one is not.
_EXPECTED: Final = {DELETE: "opendoms_expect", UPDATE: "opendoms_expect", CHANGE_LEVEL: "opendoms_enough"}
_AS_TEXT: Final = frozenset({"document", "detail"})


def shape_of(changeset: Changeset) -> Shape:
    """Which parts a changeset needs. Changesets of one shape can share a statement."""
    parts = {(INSERT if put.expected is None else UPDATE, put.table.name) for put in changeset.puts}
    parts.update((DELETE, drop.table.name) for drop in changeset.drops)
    parts.update((PUT_ENTRY, put.table.search_index.name) for put in changeset.puts if put.table.search_index)
    parts.update((DROP_ENTRY, drop.table.search_index.name) for drop in changeset.drops if drop.table.search_index)
    if changeset.events:
        parts.add(_EVENTS)
    if changeset.redactions:
        parts.add(_REDACTED)
    for timer in changeset.timers:
        parts.add(_REMOVE if timer.due is None else _SET)
    for restock in changeset.restocks:
        parts.add(_OPEN if restock.opens else _CHANGE)
    if changeset.holds:
        parts.add(_CHANGE)
    return tuple(sorted(parts))


def keys_of(changeset: Changeset) -> frozenset[tuple[str, str]]:
    """The entities that a changeset touches, as (tenant, id). One statement cannot change a row twice.

    Levels are not among them: all that a group changes of one level is one change of it.
    """
    keys = {(put.tenant, put.id) for put in changeset.puts}
    keys.update((drop.tenant, drop.id) for drop in changeset.drops)
    keys.update((event.tenant, event.entity_id) for event in changeset.events)
    keys.update((row.tenant, row.entity_id) for row in changeset.redactions)
    keys.update((timer.tenant, timer.entity_id) for timer in changeset.timers)
    return frozenset(keys)


def tables_of(changeset: Changeset) -> dict[str, Table]:
    """The document tables of a changeset by name."""
    tables = {put.table.name: put.table for put in changeset.puts}
    tables.update((drop.table.name, drop.table) for drop in changeset.drops)
    return tables


def parameters_of(shape: Shape, changesets: Sequence[Changeset]) -> list[Any]:
    """The arrays for the statement of a shape, and behind some of them what is to be expected.

    Behind each delete and update that is the number of rows it must find, behind entries the index's definition.
    """
    rows: _Rows = {part: [] for part in shape}
    for changeset in changesets:
        _collect(changeset, rows)
    tables = {put.table.name: put.table for changeset in changesets for put in changeset.puts if put.table.unique}
    if _CHANGE in rows:
        rows[_CHANGE] = levels.change_rows(changesets)
    if _OPEN in rows:
        rows[_OPEN] = levels.open_rows(changesets)
    parameters: list[Any] = []
    for part, given in rows.items():
        if part[0] not in (APPEND, CHANGE_LEVEL, OPEN_LEVEL):
            # Rows are locked in one order everywhere: two nodes that write the same ones wait, they do not deadlock.
            given.sort(key=itemgetter(0, 1, 2, 3) if part[0] == REDACT else itemgetter(0, 1))
        if part[0] == INSERT and part[1] in tables:
            # New rows meet those of others at their business keys, since their ids are nobody else's.
            given.sort(key=_business_key(tables[part[1]]))
        if part[0] == PUT_ENTRY:
            parameters.extend(_entry_parameters(given))
            continue
        parameters.extend(zip(*given, strict=True))
        if part[0] in _EXPECTED:
            parameters.append(len(given))
    return parameters


def _business_key(table: Table) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """What an inserted row of a table is ordered by: its first unique key; rows without one come first."""
    places = {column.name: place for place, column in enumerate(table.columns, _LEADING)} | {"tenant": 0}
    key = [places[column] for column in table.unique[0][1]]
    return lambda row: tuple((row[place] is not None, row[place]) for place in key)


def _entry_parameters(rows: list[tuple[Any, ...]]) -> list[Any]:
    """Of rows of (tenant, id, moment, terms, definition).

    A changeset that creates an id twice is refused for that, by the document's key, and not for its second entry.
    """
    once = {row[:2]: row for row in rows}.values()
    tenants, ids, moments, terms, definitions = zip(*once, strict=True)
    lasts = list(accumulate(map(len, terms)))
    firsts = [1, *(last + 1 for last in lasts[:-1])]
    return [tenants, ids, moments, firsts, lasts, [*chain.from_iterable(terms)], definitions[0]]


def _collect(changeset: Changeset, rows: _Rows) -> None:
    for put in changeset.puts:
        if put.expected is None:
            row = (put.tenant, put.id, put.version, put.document, *put.values)
            rows[INSERT, put.table.name].append(row)
        else:
            row = (put.tenant, put.id, put.expected, put.version, put.document, *put.values)
            rows[UPDATE, put.table.name].append(row)
        index = put.table.search_index
        if index is not None and put.entry is not None:
            rows[PUT_ENTRY, index.name].append((put.tenant, put.id, *put.entry, index.definition))
    for drop in changeset.drops:
        rows[DELETE, drop.table.name].append((drop.tenant, drop.id, drop.expected))
        if drop.table.search_index is not None:
            rows[DROP_ENTRY, drop.table.search_index.name].append((drop.tenant, drop.id))
    if changeset.events:
        rows[_EVENTS].extend(changeset.events)
    if changeset.redactions:
        rows[_REDACTED].extend(changeset.redactions)
    for timer in changeset.timers:
        if timer.due is None:
            rows[_REMOVE].append((*timer[:3], timer.claim))
        else:
            rows[_SET].append(timer[:5])


def statement_of(shape: Shape, tables: dict[str, Table]) -> str:
    """The statement of a shape. It fails as a whole where a delete or update finds fewer rows than it must."""
    parts, checks, place = [], [], 1
    for number, (kind, name) in enumerate(shape):
        text, columns = _level_part(kind, place) if name == LEVELS else _part(kind, name, tables, place)
        parts.append(f"part{number} as ({text})")
        place += columns
        if kind in _EXPECTED:
            checks.append(f"{_EXPECTED[kind]}((select count(*) from part{number}), ${place}::bigint)")
            place += 1
        elif kind == PUT_ENTRY:
            checks.append(f"opendoms_expect_index('{name}', ${place}::text)")
            place += 1
    return f"with {', '.join(parts)} select {', '.join(checks) or '1'}"


def entries_statement(index: Index, entries: Sequence[tuple[str, str, int, tuple[int, ...]]]) -> tuple[str, list[Any]]:
    """The statement that puts entries of (tenant, id, moment, terms) of existing documents, and its parameters."""
    rows = [(*entry, index.definition) for entry in entries]
    return statement_of(((PUT_ENTRY, index.name),), {}), _entry_parameters(rows)


def _part(kind: int, name: str, tables: dict[str, Table], place: int) -> tuple[str, int]:
    """The text of a part whose first parameter is at `place`, and how many arrays it takes."""
    if name == "events":
        return _event_part(kind, place)
    if kind == SET_TIMER:
        text = _insert("timers", _TIMER_COLUMNS, place) + (
            " on conflict (tenant, kind, entity_id) do update"
            " set due = excluded.due, detail = excluded.detail, attempts = 0, claimed_until = null, claimed_by = null"
        )
        return text, len(_TIMER_COLUMNS)
    if kind == REMOVE_TIMER:
        matching = (
            "this.tenant = given.tenant and this.kind = given.kind and this.entity_id = given.entity_id"
            " and (given.claim is null or this.claimed_by = given.claim)"
        )
        return f"delete from timers as this using {_given(_TIMER_END, place)} where {matching}", len(_TIMER_END)
    if kind == PUT_ENTRY:
        return _put_entries(name, place), len(_ENTRY_COLUMNS) + 1
    if kind == DROP_ENTRY:
        matching = "this.tenant = given.tenant and this.id = given.id"
        return f"delete from {name} as this using {_given(_ENTRY_KEY, place)} where {matching}", len(_ENTRY_KEY)
    return _document_part(kind, name, tables, place)


def _document_part(kind: int, name: str, tables: dict[str, Table], place: int) -> tuple[str, int]:
    promoted = tuple((column.name, _ARRAYS[column.type]) for column in tables[name].columns)
    key = (("tenant", "text[]"), ("id", "text[]"))
    content = (("version", "bigint[]"), ("document", "bytea[]"), *promoted)
    if kind == INSERT:
        return _insert(name, (*key, *content), place), len(key) + len(content)
    matching = "this.tenant = given.tenant and this.id = given.id and this.version = given.expected returning 1"
    expected = (*key, ("expected", "bigint[]"))
    if kind == DELETE:
        return f"delete from {name} as this using {_given(expected, place)} where {matching}", len(expected)
    changes = ", ".join(f"{column} = {_value(column)}" for column, _ in content)
    given = (*expected, *content)
    return f"update {name} as this set {changes} from {_given(given, place)} where {matching}", len(given)


def _event_part(kind: int, place: int) -> tuple[str, int]:
    if kind == APPEND:
        return _insert("events", _EVENT_COLUMNS, place), len(_EVENT_COLUMNS)
    changes = ", ".join(f"{column} = {_value(column)}" for column, _ in _REDACTED_COLUMNS)
    matching = " and ".join(f"this.{column} = given.{column}" for column, _ in _REDACTION_KEY)
    given = _given((*_REDACTION_KEY, *_REDACTED_COLUMNS), place)
    columns = len(_REDACTION_KEY) + len(_REDACTED_COLUMNS)
    return f"update events as this set {changes} from {given} where {matching}", columns


def _put_entries(name: str, place: int) -> str:
    """An entry that is there already is changed only where it differs: a new row version would cost two indexes."""
    terms = f"(${place + len(_ENTRY_COLUMNS)}::bigint[])[given.first:given.last]"
    return (
        f"insert into {name} as this (tenant, id, moment, terms)"
        f" select given.tenant, given.id, given.moment, {terms} from {_given(_ENTRY_COLUMNS, place)}"
        " on conflict (tenant, id) do update set moment = excluded.moment, terms = excluded.terms"
        " where (this.moment, this.terms) is distinct from (excluded.moment, excluded.terms)"
    )


def _level_part(kind: int, place: int) -> tuple[str, int]:
    if kind == CHANGE_LEVEL:
        return levels.change_text(_given(levels.CHANGE_COLUMNS, place)), len(levels.CHANGE_COLUMNS)
    return levels.open_text(_given(levels.OPEN_COLUMNS, place)), len(levels.OPEN_COLUMNS)


def _insert(table: str, columns: Sequence[tuple[str, str]], place: int) -> str:
    names = ", ".join(name for name, _ in columns)
    values = ", ".join(_value(name) for name, _ in columns)
    return f"insert into {table} ({names}) select {values} from {_given(columns, place)}"


def _given(columns: Sequence[tuple[str, str]], place: int) -> str:
    arrays = ", ".join(f"${place + number}::{array}" for number, (_, array) in enumerate(columns))
    return f"unnest({arrays}) as given ({', '.join(name for name, _ in columns)})"


def _value(column: str) -> str:
    return f"convert_from(given.{column}, 'UTF8')" if column in _AS_TEXT else f"given.{column}"
