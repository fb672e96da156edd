"""What can be done with order records: read what a decision needs, let the rules decide, write the changeset."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.gdpr import GDPR
from opendoms.configuration.order_records import ORDER_RECORDS
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.facilities.actions import FacilityActions
from opendoms.kernel.changeset import Changeset, Origin, Taken
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Forbidden, Unavailable, Unknown
from opendoms.records.composition import Composed, Outcome, Situation, composed
from opendoms.records.rules import bulk
from opendoms.records.rules.bulk import Item
from opendoms.records.store import QUERIES

# Ids that are looked up on the event loop; more go the way of longer reads.
KEYS_INLINE_MAX: Final = 100


class Lot(Protocol):
    """Order records that are taken in together, wherever they are judged."""

    keys: list[str]
    """The ids of the callers' own that are to be looked up."""
    references: set[str]
    """The references to facilities that are to be looked up."""

    async def composed(self, situation: Situation) -> Composed:
        """What the verdicts on them write and answer."""
        ...


class _Items:
    """Records that were decoded, judged where they are."""

    def __init__(self, items: Sequence[Item], new_id: NewId) -> None:
        self._items = items
        self._new_id = new_id
        self.keys = bulk.keys_of(items)
        self.references = bulk.facilities_of(items)

    async def composed(self, situation: Situation) -> Composed:
        return composed(self._items, situation, self._new_id)


class Asked(NamedTuple):
    """What a list shall show: at most `size` records with ids below `before`."""

    before: str
    size: int
    facility_ref: str | None
    tenant_order_record_id: str | None


class Page(NamedTuple):
    """A page of stored order records, newest first, the id of the last one, and how many match in all."""

    documents: list[bytes]
    last_id: str | None
    total: int


class OrderRecordActions:
    """Takes in, reads and lists the order records of every tenant."""

    def __init__(
        self,
        db: Engine,
        writer: Writer,
        new_id: NewId,
        configurations: ConfigurationActions,
        facilities: FacilityActions,
    ) -> None:
        self._db = db
        self._writer = writer
        self._new_id = new_id
        self._configurations = configurations
        self._facilities = facilities

    async def put(self, items: Sequence[Item], origin: Origin) -> list[Outcome]:
        """What became of each record, in their order; those that are new are stored in one transaction.

        Where somebody else stores one of them at the same time, all are judged anew. Raises Forbidden where order
        records are switched off (decision D14).
        """
        return await self.take_in(_Items(items, self._new_id), origin)

    async def take_in(self, lot: Lot, origin: Origin) -> list[Outcome]:
        """What `put` does, for records that may be judged elsewhere. Raises what the lot raises as well."""

        async def compose(now: int) -> tuple[Changeset, list[Outcome]]:
            configuration = await self._configurations.document(origin.tenant, ORDER_RECORDS)
            if not configuration["isOrderRecordsEnabled"]:
                raise switched_off()
            gdpr = await self._configurations.document(origin.tenant, GDPR)
            found = await self._facilities.find(origin.tenant, ids=lot.references, tenant_facility_ids=())
            facilities = {reference: facility.id for reference, facility in found.by_id.items()}
            held = await self._held(origin.tenant, lot.keys)
            answer = await lot.composed(Situation(facilities, held, gdpr, origin, now))
            return answer.changes, answer.outcomes

        # Whoever is in the way has stored one of these ids, and none is ever given up: this many times at most.
        for _ in range(len(lot.keys) + 1):
            try:
                return await self._writer.compose(origin, compose)
            except Taken:
                continue
        raise Unavailable(Fault("Too many others store these order records.", "Nothing was written. Send them again."))

    async def _held(self, tenant: str, keys: list[str]) -> dict[str, bytes]:
        """The stored bytes of those of these ids that are held. Most are not, and then no document is read."""
        if not keys:
            return {}
        if len(keys) <= KEYS_INLINE_MAX:
            row = await self._db.row(QUERIES.held_keys, {"tenant": tenant, "keys": keys})
            keys = json.loads(row[0]) if row is not None else []
            if not keys:
                return {}
        rows = await self._db.rows(QUERIES.held_documents, {"tenant": tenant, "keys": keys})
        return {row[0]: row[1] for row in rows}

    async def read(self, tenant: str, order_record_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        row = await self._db.row(QUERIES.order_record_document, {"tenant": tenant, "id": order_record_id})
        if row is None:
            raise Unknown(Fault(f"Unknown order record {order_record_id[:64]}.", "Nothing is stored under this id."))
        document: bytes = row[0]
        return document

    async def list(self, tenant: str, asked: Asked) -> Page:
        """A page of order records, and the number of all that match the filters."""
        facility = asked.facility_ref
        if facility is not None:
            found = await self._facilities.find(tenant, ids=[facility], tenant_facility_ids=())
            # A facility that is gone by now still has its sales.
            facility = found.by_id[facility].id if facility in found.by_id else facility
        if asked.tenant_order_record_id is not None:
            return await self._one(tenant, asked.tenant_order_record_id, facility, asked.before)
        position: dict[str, Any] = {"tenant": tenant, "before": asked.before, "size": asked.size}
        if facility is None:
            rows = await self._db.rows(QUERIES.list_order_records, position)
            total = await self._db.rows(QUERIES.count_order_records, {"tenant": tenant})
        else:
            filters = {"tenant": tenant, "facility_ref": facility}
            rows = await self._db.rows(QUERIES.list_order_records_by_facility, {**position, **filters})
            total = await self._db.rows(QUERIES.count_order_records_by_facility, filters)
        return Page([row[1] for row in rows], rows[-1][0] if rows else None, total[0][0])

    async def _one(self, tenant: str, key: str, facility: str | None, before: str) -> Page:
        """The list of the one record with the caller's own id, if it matches the other filters."""
        wanted = {"tenant": tenant, "tenant_order_record_id": key}
        row = await self._db.row(QUERIES.order_record_by_key, wanted)
        if row is None or facility not in (None, row[1]):
            return Page([], None, 0)
        return Page([row[2]], row[0], 1) if row[0] < before else Page([], None, 1)


def switched_off() -> Forbidden:
    """The refusal of records while they are not taken in."""
    return Forbidden(
        Fault(
            "Order records are switched off: PUT /api/configurations/orderrecords with isOrderRecordsEnabled true.",
            "That needs the permission CONFIG_WRITE. Order records that are stored can be read either way.",
        )
    )
