"""Recomputes from the tables what must hold of stock: what is promised is there, and counted once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from opendoms.db.checks import Check, Finding, paged
from opendoms.db.engine import Engine
from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries, Query
from opendoms.inventory.store import RESERVATION, STOCK
from opendoms.kernel.document import decode

QUERIES: Final = Queries("opendoms.inventory", "doctor.sql")

_LEVEL: Final = ("tenant", "tenant_article_id", "facility_ref")
_ENTITY: Final = ("tenant", "id")


async def _levels(db: Engine, now: int) -> AsyncIterator[Finding]:
    async for row in paged(db, QUERIES.levels, _LEVEL, now):
        tenant, article, facility, on_hand, safety, reserved, counted, held, expired = row
        subject = f"article {article} in facility {facility}"
        if on_hand != counted:
            yield Finding("levels", tenant, subject, f"{on_hand} pieces on hand, but its stocks have {counted}")
        if reserved != held:
            yield Finding("levels", tenant, subject, f"{reserved} pieces reserved, but its reservations hold {held}")
        if held - expired > max(counted - safety, 0):
            promised = f"reservations hold {held - expired} pieces"
            yield Finding("levels", tenant, subject, f"{promised} of {counted}, of which {safety} are to be kept back")


async def _safety(db: Engine, now: int) -> AsyncIterator[Finding]:
    async for tenant, article, facility, safety, own, every in paged(db, QUERIES.safety, _LEVEL, now):
        document = own or every
        expected = 0 if document is None else decode(document)["value"]
        if safety != expected:
            subject = f"article {article} in facility {facility}"
            text = f"{safety} pieces are kept back, but the safety stock is {expected}"
            yield Finding("safety", tenant, subject, text)


async def _without_level(db: Engine, now: int) -> AsyncIterator[Finding]:
    for kind, query in (
        ("stock", QUERIES.stocks_without_level),
        ("reservation", QUERIES.reservations_without_level),
    ):
        async for tenant, entity_id, article, facility in paged(db, query, _ENTITY, now):
            text = f"no level counts article {article} in facility {facility}"
            yield Finding("uncounted", tenant, f"{kind} {entity_id}", text)


async def _without_order(db: Engine, now: int) -> AsyncIterator[Finding]:
    async for tenant, reservation_id, order, status in paged(db, QUERIES.reservations_without_order, _ENTITY, now):
        text = f"holds pieces for order {order}, which is {status or 'not there'}"
        yield Finding("orders", tenant, f"reservation {reservation_id}", text)


async def _without_facility(db: Engine, now: int) -> AsyncIterator[Finding]:
    for kind, query in (("stock", QUERIES.stocks_without_facility), ("listing", QUERIES.listings_without_facility)):
        async for tenant, entity_id, facility in paged(db, query, _ENTITY, now):
            yield Finding("facilities", tenant, f"{kind} {entity_id}", f"is in facility {facility}, which is not there")


async def _columns(db: Engine, now: int) -> AsyncIterator[Finding]:
    for entity, query in ((STOCK, QUERIES.stocks), (RESERVATION, QUERIES.reservations)):
        async for finding in _columns_of(db, entity, query, now):
            yield finding


async def _columns_of(db: Engine, entity: Entity, query: Query, now: int) -> AsyncIterator[Finding]:
    async for tenant, entity_id, document, *columns in paged(db, query, _ENTITY, now):
        expected = entity.promoted(decode(document))
        for column, stored, value in zip(entity.table.columns, columns, expected, strict=True):
            if stored != value:
                text = f"column {column.name} does not say what the document says"
                yield Finding("columns", tenant, f"{entity.kind.lower()} {entity_id}", text)


CHECKS: Final = (
    Check("levels", "a level counts what its stocks have and its reservations hold, and covers them", _levels),
    Check("safety", "a level keeps back what the safety stock says", _safety),
    Check("uncounted", "every stock and reservation is counted by a level", _without_level),
    Check("orders", "pieces are held for orders that are not over", _without_order),
    Check("facilities", "what is listed, and what lies there, is in facilities that exist", _without_facility),
    Check("columns", "what is counted by is what the documents say", _columns),
)
