"""What one request writes, as one value. The engine applies all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, Final, Literal, NamedTuple

ColumnValue = str | int | bool | bytes | None
ColumnType = Literal["text", "bigint", "boolean", "bytes"]


class Column(NamedTuple):
    """A promoted member: copied out of the document because something filters, sorts or is unique by it."""

    name: str
    type: ColumnType


class Entry(NamedTuple):
    """How a document stands in the search index of its table.

    `moment` (ms) leads the order of the index. `terms` are 64-bit hashes, signed, sorted, each once.
    """

    moment: int
    terms: tuple[int, ...]


class Index(NamedTuple):
    """The search index of a table, written in the transaction that writes the document.

    `name` is its table. `entry` (given tenant and document) is pure, and answers the same for the same document for
    as long as `definition` is the same: what is stored was made with it. Every term is of one tenant and one index, so
    that no search meets what is not its own.
    """

    name: str
    entry: Callable[[str, dict[str, Any]], Entry]
    definition: str


class Table(NamedTuple):
    """Where the documents of one kind live.

    Every table leads with `tenant text, id text, version bigint, document text` and primary key `(tenant, id)`;
    `columns` follow in this order. `unique` names the unique indexes and the columns of each, so that an engine can
    say which business key is taken. The schema files must agree; a test holds them against each other.
    """

    name: str
    columns: tuple[Column, ...] = ()
    unique: tuple[tuple[str, tuple[str, ...]], ...] = ()
    search_index: Index | None = None


class Put(NamedTuple):
    """One document as it is to be.

    `expected` is the stored version that this replaces, or None where the document must not exist yet. `values` are
    those of the table's promoted columns, in their order. `entry` is what the search index answers for the document;
    where it is not given, the engine asks.
    """

    table: Table
    tenant: str
    id: str
    expected: int | None
    version: int
    document: bytes
    values: tuple[ColumnValue, ...] = ()
    entry: Entry | None = None


class Drop(NamedTuple):
    """One document that is to go, if it still has the expected version."""

    table: Table
    tenant: str
    id: str
    expected: int


class Event(NamedTuple):
    """One row of history.

    `seq` is gap-free per entity and equals the entity's version after the change. `at` is an instant in ms. `document`
    is the entity after the change, `detail` what only this kind of event tells (e.g. the accepted changes), as JSON.
    """

    tenant: str
    entity_kind: str
    entity_id: str
    seq: int
    event_id: str
    type: str
    at: int
    actor: str
    cause: str
    document: bytes
    detail: bytes | None = None


class Redaction(NamedTuple):
    """What a row of history is to tell from now on, in place of what it told of persons.

    The row is that of entity and `seq`; its place, type and time stay. One that is not there any more is passed over.
    """

    tenant: str
    entity_kind: str
    entity_id: str
    seq: int
    actor: str
    cause: str
    document: bytes
    detail: bytes | None = None


class Timer(NamedTuple):
    """Something that is due later. One live timer per (tenant, kind, entity_id); setting it again moves it.

    `due` is an instant in ms, or None to take the timer away. Setting begins afresh: attempts so far and the claim of a
    worker are forgotten. With a `claim` it is taken away only while that claim holds it (see kernel/due.py).
    """

    tenant: str
    kind: str
    entity_id: str
    due: int | None
    detail: bytes | None = None
    claim: str | None = None


class Hold(NamedTuple):
    """Pieces of an article in a facility that are set aside (`quantity` above 0) or given back (below 0).

    Pieces are only set aside where as many are left of those on hand without safety stock, what is reserved, and the
    `lapsed` ones, whose time to be promised has passed. Where there are any of these, `restocked` must still be the
    level's own count, so that nobody changed the stock since they were counted.
    """

    tenant: str
    facility_ref: str
    tenant_article_id: str
    quantity: int
    lapsed: int = 0
    restocked: int = 0


class Restock(NamedTuple):
    """By how much the pieces on hand, and those to be kept back, of an article in a facility change.

    `opens` says that the facility had none of the article before: the level must not exist yet, and is made.
    """

    tenant: str
    facility_ref: str
    tenant_article_id: str
    on_hand: int
    safety: int = 0
    opens: bool = False


# The actor of what the hub does by itself. That is no person.
HUB: Final = "opendoms"


class Origin(NamedTuple):
    """Which request writes, and for whom: what history tells. `actor` is the subject of the token, or HUB."""

    tenant: str
    actor: str
    cause: str


class Changeset(NamedTuple):
    """Everything that one request writes. An entity is put or dropped at most once."""

    puts: tuple[Put, ...] = ()
    drops: tuple[Drop, ...] = ()
    events: tuple[Event, ...] = ()
    timers: tuple[Timer, ...] = ()
    holds: tuple[Hold, ...] = ()
    restocks: tuple[Restock, ...] = ()
    redactions: tuple[Redaction, ...] = ()


def merged(*changesets: Changeset) -> Changeset:
    """One changeset that writes what all of these write. No two of them may put or drop the same entity."""
    return Changeset(*(tuple(chain.from_iterable(members)) for members in zip(*changesets, strict=True)))


class Stale(Exception):  # noqa: N818 - an outcome of apply, handled by reading again
    """A put or drop found another version than expected (or an id that exists already). Nothing was written."""

    def __init__(self, table: str, id: str) -> None:  # noqa: A002 - the field's own word
        super().__init__(f"{table} {id} has another version")
        self.table = table
        self.id = id


class Taken(Exception):  # noqa: N818 - an outcome of apply
    """A unique business key is held by another document. Nothing was written."""

    def __init__(self, table: str, key: str) -> None:
        super().__init__(f"{key} is taken in {table}")
        self.table = table
        self.key = key


class Short(Exception):  # noqa: N818 - an outcome of apply
    """Fewer pieces are left than a hold asks for, or a restock takes away what is reserved. Nothing was written.

    Names one level that cannot be as asked; there may be more. The stock may have changed since it was read: read it
    again and decide anew.
    """

    def __init__(self, facility_ref: str, tenant_article_id: str) -> None:
        super().__init__(f"too little of {tenant_article_id} in {facility_ref}")
        self.facility_ref = facility_ref
        self.tenant_article_id = tenant_article_id
