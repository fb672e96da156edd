"""What can be done with order records: read what a decision needs, let the rules decide, write the changeset."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.gdpr import GDPR
from opendoms.configuration.order_records import ORDER_RECORDS
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.facilities.actions import FacilityActions
from opendoms.kernel.changeset import Changeset, Origin, Taken, merged
from opendoms.kernel.document import decode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Forbidden, Unavailable, Unknown
from opendoms.records.rules import bulk
from opendoms.records.rules.bulk import Created, Failed, Item
from opendoms.records.store import ORDER_RECORD, QUERIES

# Ids that are looked up on the event loop; more go the way of longer reads.
KEYS_INLINE_MAX: Final = 100


class Outcome(NamedTuple):
    """What became of one record: its stored bytes, or why it was not stored."""

    status: Literal["CREATED", "UNCHANGED", "FAILED"]
    body: bytes = b""
    faults: tuple[Fault, ...] = ()


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
        keys, references = bulk.keys_of(items), bulk.facilities_of(items)

        async def compose(now: int) -> tuple[Changeset, list[Outcome]]:
            configuration = await self._configurations.document(origin.tenant, ORDER_RECORDS)
            if not configuration["isOrderRecordsEnabled"]:
                raise switched_off()
            gdpr = await self._configurations.document(origin.tenant, GDPR)
            found = await self._facilities.find(origin.tenant, ids=references, tenant_facility_ids=())
            facilities = {reference: facility.id for reference, facility in found.by_id.items()}
            bodies = await self._held(origin.tenant, keys)
            known = bulk.Known(facilities, {key: decode(body) for key, body in bodies.items()}, gdpr)
            verdicts = bulk.take_in(items, known, now=now, new_id=self._new_id)
            return self._composed(verdicts, bodies, origin, now)

        # Whoever is in the way has stored one of these ids, and none is ever given up: this many times at most.
        for _ in range(len(keys) + 1):
            try:
                return await self._writer.compose(origin, compose)
            except Taken:
                continue
        raise Unavailable(Fault("Too many others store these order records.", "Nothing was written. Send them again."))

    def _composed(
        self, verdicts: Sequence[bulk.Verdict], bodies: dict[str, bytes], origin: Origin, now: int
    ) -> tuple[Changeset, list[Outcome]]:
        """What the verdicts write, and what is answered; `bodies` are the stored bytes by the callers' own ids."""
        parts: list[Changeset] = []
        outcomes: list[Outcome] = []
        for verdict in verdicts:
            match verdict:
                case Created(decision):
                    body, part = self._writer.changeset(ORDER_RECORD, origin, decision, now)
                    parts.append(part)
                    outcomes.append(Outcome("CREATED", body))
                    if "tenantOrderRecordId" in decision.document:
                        bodies[decision.document["tenantOrderRecordId"]] = body
                case Failed(faults):
                    outcomes.append(Outcome("FAILED", faults=faults))
                case _:
                    outcomes.append(Outcome("UNCHANGED", bodies[verdict.key]))
        return merged(*parts), outcomes

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
