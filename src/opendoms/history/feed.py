"""Reads the feed of one tenant's events: in their final order, from a position on, never past what may still move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.history import position
from opendoms.history.position import Position
from opendoms.history.store import QUERIES
from opendoms.kernel.clock import text_of
from opendoms.kernel.document import encode

# Events that are looked at together, and how many times a page looks before it comes back with what it has: a filter
# that matches next to nothing answers an empty page that says where to go on.
SPAN: Final = 512
SPANS_MAX: Final = 16
# Documents are read until a page holds so many bytes: first a few of them, then as many as those let expect.
PAGE_BYTES_MAX: Final = 4 * 1024 * 1024
FIRST_BATCH: Final = 16


class Wanted(NamedTuple):
    """Which events: of these kinds of entities, and of these types where any are named."""

    kinds: frozenset[str]
    types: frozenset[str] = frozenset()


class Told(NamedTuple):
    """One event as it is told: its cursor, its type, and its JSON."""

    cursor: str
    type: str
    body: bytes


class Page(NamedTuple):
    """Some events, where to go on, and whether there was more when this was read."""

    events: list[Told]
    next: Position
    more: bool


class _Found(NamedTuple):
    positions: list[Position]
    next: Position
    more: bool


class Feed:
    """Reads events by position. Whatever was committed is read once, whoever else was writing at that time."""

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def newest(self, tenant: str) -> Position:
        """Behind the last event that there is now."""
        row = await self._db.row(QUERIES.newest, {"tenant": tenant})
        return position.START if row is None else Position(row[0], row[1])

    async def page(self, tenant: str, wanted: Wanted, after: Position, size: int) -> Page:
        """At most `size` events behind a position, fewer where they are large or where the filter finds little."""
        found = await self._find(tenant, wanted, after, size)
        events: list[Told] = []
        gone, read_bytes, batch = 0, 0, FIRST_BATCH
        while (read := len(events) + gone) < len(found.positions):
            if read_bytes >= PAGE_BYTES_MAX:
                return Page(events, found.positions[read - 1], more=True)
            asked = found.positions[read : read + batch]
            told = await self._told(tenant, asked)
            gone += len(asked) - len(told)  # removed in between
            events += told
            read_bytes += sum(len(event.body) for event in told)
            average = max(read_bytes // max(len(events), 1), 1)
            batch = max((PAGE_BYTES_MAX - read_bytes) // average, 1)
        return Page(events, found.next, found.more)

    async def _find(self, tenant: str, wanted: Wanted, after: Position, size: int) -> _Found:
        positions: list[Position] = []
        for _ in range(SPANS_MAX):
            rows = await self._db.rows(
                QUERIES.behind,
                {"tenant": tenant, "transaction": str(after.transaction), "number": after.number, "size": SPAN},
            )
            for place, row in enumerate(rows, 1):
                after = Position(row[0], row[1])
                if row[2] in wanted.kinds and (not wanted.types or row[3] in wanted.types):
                    positions.append(after)
                if len(positions) == size:
                    return _Found(positions, after, more=place < len(rows) or len(rows) == SPAN)
            if len(rows) < SPAN:
                return _Found(positions, after, more=False)
        return _Found(positions, after, more=True)

    async def _told(self, tenant: str, asked: Sequence[Position]) -> list[Told]:
        numbers = [str(place.number) for place in asked]
        rows = await self._db.rows(QUERIES.events_at, {"tenant": tenant, "positions": numbers})
        by_number = {row[0]: row for row in rows}
        return [_event(tenant, place, by_number[place.number]) for place in asked if place.number in by_number]


def _event(tenant: str, place: Position, row: Row) -> Told:
    """The event's JSON, with the document spliced in as it is stored."""
    _, type_, event_id, kind, entity_id, seq, at, actor, cause, document, detail = row
    cursor = position.written(tenant, place)
    head = {
        "event": type_,
        "eventId": event_id,
        "entityKind": kind,
        "entityId": entity_id,
        "seq": seq,
        "at": text_of(at),
        "actor": actor,
        "cause": cause,
        "cursor": cursor,
    }
    tail = b"" if detail is None else b',"detail":' + detail
    return Told(cursor, type_, encode(head)[:-1] + b',"payload":' + document + tail + b"}")
