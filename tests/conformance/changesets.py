"""What the store's tests write and read: orders as small as the schema allows, and questions about what is stored."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.db.sqlfile import Query, parse
from opendoms.kernel.changeset import Changeset, Event, Put, Table, Timer
from opendoms.kernel.document import encode
from tests.conformance.searchable import ORDERS

ANYBODY: Final = Table("signing_keys")
PLAIN: Final = Table("configurations")
TENANT: Final = "acme"
NOW: Final = 1_790_000_000_000

_QUERIES: Final = parse(
    """
-- name: order_by_id
select version, document, status, tenant_order_id, consumer_id, order_date
from orders where tenant = :tenant and id = :id

-- name: configuration_by_id
select version, document from configurations where tenant = :tenant and id = :id

-- name: ids
select id from orders where tenant = :tenant order by id limit 1000

-- name: history
select seq, event_id, type, at, actor, cause, document, detail from events
where tenant = :tenant and entity_id = :id order by seq limit 1000

-- name: timers
select kind, entity_id, due, detail, attempts from timers where tenant = :tenant order by kind, entity_id limit 1000

-- name: counts
select (select count(*) from orders), (select count(*) from configurations), (select count(*) from events),
    (select count(*) from timers)
"""
)


class Counts(NamedTuple):
    """How many rows each table has, over all tenants."""

    orders: int = 0
    configurations: int = 0
    events: int = 0
    timers: int = 0


def query(name: str) -> Query:
    """One of the questions above."""
    return _QUERIES[name]


def order(  # noqa: PLR0913 - every member of a row may matter to a test
    name: str,
    version: int = 1,
    *,
    document: bytes | None = None,
    tenant: str = TENANT,
    status: str = "OPEN",
    key: str | None = None,
    consumer: str | None = None,
    date: int = NOW,
    expected: int | None = None,
) -> Put:
    """An order in this version. A first version must not exist yet, a later one replaces the one before."""
    if expected is None and version > 1:
        expected = version - 1
    if document is None:
        document = encode({"id": name, "version": version})
    return Put(ORDERS, tenant, name, expected, version, document, (status, key, consumer, date, None, date, False))


def plain(name: str, version: int = 1, *, tenant: str = TENANT, expected: int | None = None) -> Put:
    """A document of a table without promoted columns."""
    if expected is None and version > 1:
        expected = version - 1
    return Put(PLAIN, tenant, name, expected, version, b'{"version":%d}' % version)


def event(  # noqa: PLR0913 - as for orders
    name: str,
    seq: int = 1,
    *,
    document: bytes = b'{"of":"event"}',
    detail: bytes | None = None,
    event_id: str | None = None,
    tenant: str = TENANT,
) -> Event:
    """The event of an order in this version."""
    event_id = event_id or f"event-{name}-{seq}"
    return Event(tenant, "order", name, seq, event_id, f"TYPE_{seq}", NOW + seq, "actor", "cause", document, detail)


def timer(name: str, due: int | None = NOW, *, kind: str = "expire", detail: bytes | None = None) -> Timer:
    """A timer on an entity, or its removal."""
    return Timer(TENANT, kind, name, due, detail)


def creation(name: str, *, key: str | None = None) -> Changeset:
    """A new order with its event."""
    return Changeset((order(name, key=key),), (), (event(name),))


def edit(name: str, version: int, *, by: str = "") -> Changeset:
    """An order's next version with its event."""
    document = b'{"by":"%s"}' % by.encode()
    return Changeset(
        (order(name, version, document=document),),
        (),
        (event(name, version, document=document, event_id=f"event-{name}-{version}-{by}"),),
    )


async def stored_order(engine: Engine, name: str, tenant: str = TENANT) -> Row | None:
    """version, document, status, tenant_order_id, consumer_id, order_date of an order."""
    return await engine.row(query("order_by_id"), {"tenant": tenant, "id": name})


async def stored_plain(engine: Engine, name: str, tenant: str = TENANT) -> Row | None:
    """version, document of a configuration."""
    return await engine.row(query("configuration_by_id"), {"tenant": tenant, "id": name})


async def history(engine: Engine, name: str, tenant: str = TENANT) -> list[Row]:
    """seq, event_id, type, at, actor, cause, document, detail of an order's events, oldest first."""
    return [tuple(row) for row in await engine.rows(query("history"), {"tenant": tenant, "id": name})]


async def timers(engine: Engine) -> list[Row]:
    """kind, entity_id, due, detail, attempts of the tenant's timers."""
    return [tuple(row) for row in await engine.rows(query("timers"), {"tenant": TENANT})]


async def counts(engine: Engine) -> Counts:
    """How many rows each table has."""
    (row,) = await engine.rows(query("counts"), {})
    return Counts(*row)
