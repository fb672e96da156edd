"""Whose persons are forgotten: orders and order records, and how those that are due are found, by indexes alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries, Query
from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN
from opendoms.orders.persons import ORDER_DETAIL_MEMBERS, ORDER_MEMBERS
from opendoms.orders.rules.acting import PROMISE_EXPIRY
from opendoms.orders.store import ORDER
from opendoms.records.persons import ORDER_RECORD_MEMBERS
from opendoms.records.store import ORDER_RECORD
from opendoms.retention.rules.dates import Policy
from opendoms.retention.rules.ending import Ending, Judge, Kept, order_ending, record_ending

QUERIES: Final = Queries("opendoms.retention")


class Found(NamedTuple):
    """Something that asks for its ending, and when it does or did (ms)."""

    id: str
    due: int


# Given the tenant and its policy: at most so many of those that ask for something by an instant (ms).
FindDue = Callable[[Engine, str, Policy, int, int], Awaitable[list[Found]]]
# Given the tenant and its policy: when the first one asks for something, in ms; None where none ever will.
FirstDue = Callable[[Engine, str, Policy], Awaitable[int | None]]


class Subject(NamedTuple):
    """A kind of entity that persons are taken out of.

    `events` are the types of what history tells of it, `timers` the kinds of timers that go with an entity.
    """

    entity: Entity
    kept: Kept
    judge: Judge
    document: Query
    events: dict[Ending, str]
    timers: Sequence[str]
    due: FindDue
    first_due: FirstDue


class Span(NamedTuple):
    """Orders that are due together: those stored between two instants (ms), as soon as they are of an age (ms)."""

    live: bool
    anonymized: bool
    since: int
    until: int
    age_ms: int


def spans_of(policy: Policy) -> list[Span]:
    """Every way in which an order falls due by a policy: of each era those with their persons, then those without."""
    held = [None] if policy.open_after_ms is None else [None, policy.open_after_ms]
    spans = []
    for era in policy.eras:
        for open_after_ms in held:
            cleanup = max(era.cleanup_ms, open_after_ms or 0)
            deletion = cleanup + era.deletion_ms - era.cleanup_ms
            for anonymized, age in ((False, cleanup), (True, deletion)):
                spans.append(Span(open_after_ms is not None, anonymized, era.since, era.until, age))
    return spans


async def _due_records(db: Engine, tenant: str, _policy: Policy, until: int, size: int) -> list[Found]:
    rows = await db.rows(QUERIES.due_records, {"tenant": tenant, "until": until, "size": size})
    return [Found(*row) for row in rows]


async def _first_record(db: Engine, tenant: str, policy: Policy) -> int | None:
    found = await _due_records(db, tenant, policy, INSTANT_MAX, 1)
    return found[0].due if found else None


async def _due_orders(db: Engine, tenant: str, policy: Policy, until: int, size: int) -> list[Found]:
    found: list[Found] = []
    for span in spans_of(policy):
        last = min(span.until, max(until - span.age_ms, INSTANT_MIN))
        if last >= span.since and len(found) < size:
            found += await _oldest_orders(db, tenant, span, last, size - len(found))
    return found


async def _first_order(db: Engine, tenant: str, policy: Policy) -> int | None:
    firsts = [await _oldest_orders(db, tenant, span, span.until, 1) for span in spans_of(policy)]
    return min((first[0].due for first in firsts if first), default=None)


async def _oldest_orders(db: Engine, tenant: str, span: Span, until: int, size: int) -> list[Found]:
    query = QUERIES.live_orders if span.live else QUERIES.over_orders
    rows = await db.rows(
        query,
        {"tenant": tenant, "anonymized": span.anonymized, "since": span.since, "until": until, "size": size},
    )
    return [Found(order_id, created + span.age_ms) for order_id, created in rows]


# By the kind of entity, as history and timers name it.
SUBJECTS: Final = {
    ORDER_RECORD.kind: Subject(
        ORDER_RECORD,
        Kept(ORDER_RECORD_MEMBERS, {}),
        record_ending,
        QUERIES.record_document,
        {Ending.ANONYMIZE: "ORDER_RECORD_ANONYMIZED", Ending.DELETE: "ORDER_RECORD_DELETED"},
        (),
        _due_records,
        _first_record,
    ),
    ORDER.kind: Subject(
        ORDER,
        Kept(ORDER_MEMBERS, ORDER_DETAIL_MEMBERS),
        order_ending,
        QUERIES.order_document,
        {Ending.ANONYMIZE: "ORDER_ANONYMIZED", Ending.DELETE: "ORDER_DELETED"},
        (PROMISE_EXPIRY,),
        _due_orders,
        _first_order,
    ),
}


async def tenants(db: Engine) -> AsyncIterator[str]:
    """Every tenant with orders or order records, in order."""
    tenant = ""
    while True:
        queries = (QUERIES.next_tenant_with_orders, QUERIES.next_tenant_with_records)
        found = [row[0] for query in queries for row in await db.rows(query, {"after": tenant})]
        if not found:
            return
        tenant = min(found)
        yield tenant
