"""What can be done with facilities: read what a decision needs, let the rules decide, write the changeset."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.db.entity import Writer
from opendoms.db.sqlfile import Query
from opendoms.facilities.belongings import Belongings
from opendoms.facilities.rules import change, creation
from opendoms.facilities.search import FACILITY_SEARCH, searched
from opendoms.facilities.store import FACILITY, QUERIES, postal_code_of
from opendoms.facilities.time_zones import zones_of
from opendoms.kernel.changeset import Origin, Taken
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode
from opendoms.kernel.facility_urn import tenant_facility_id_of, urn_of
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault, Invalid, Unknown
from opendoms.search.page import Gathering, search_of

# A search looks at every document: so many at once, and at no more than these, nor for longer than this.
SEARCH_BATCH: Final = 500
SEARCHED_MAX: Final = 50_000
SEARCH_S_MAX: Final = 10.0
# References that are looked up on the event loop; more go the way of longer reads.
REFERENCES_INLINE_MAX: Final = 100

# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"


class FacilityReference(NamedTuple):
    """What others need to know of a facility that they refer to."""

    id: str
    tenant_facility_id: str | None
    status: str


class Found(NamedTuple):
    """The facilities of some references, by the references as they were given. What is unknown is left out."""

    by_id: dict[str, FacilityReference]
    by_tenant_facility_id: dict[str, FacilityReference]


class Asked(NamedTuple):
    """What a list shall show. `order_by` is one of the contract's, or None for the newest first."""

    size: int
    start_after_id: str | None
    tenant_facility_id: str | None
    statuses: Sequence[str]
    types: Sequence[str]
    order_by: str | None


class Page(NamedTuple):
    """A page of stored facilities, and how many match in all."""

    documents: list[bytes]
    total: int


class FacilityActions:
    """Creates, reads, lists, searches, changes and removes the facilities of every tenant."""

    def __init__(self, db: Engine, writer: Writer, clock: Clock, new_id: NewId, belongings: Belongings) -> None:
        self._db = db
        self._belongings = belongings
        self._writer = writer
        self._clock = clock
        self._new_id = new_id

    async def create(self, wanted: Document, origin: Origin) -> tuple[str, bytes]:
        """The id and the stored bytes of the new facility. Raises Invalid, or Conflict where its own id is taken."""
        zones = zones_of(wanted)

        async def decide(now: int) -> Decision:
            return creation.create(wanted, zones=zones, now=now, new_id=self._new_id)

        try:
            written = await self._writer.write(FACILITY, origin, decide)
        except Taken:
            raise await self._taken(origin.tenant, wanted) from None
        return written.document["id"], written.body

    async def read(self, tenant: str, reference: str) -> bytes:
        """The stored bytes of the facility with this id or URN. Raises Unknown."""
        row = await self._row(tenant, reference)
        if row is None:
            raise Unknown(Fault(f"Unknown facility {reference[:300]}.", "Nothing is stored under this id."))
        document: bytes = row[0]
        return document

    async def change(self, reference: str, body: Document, origin: Origin) -> bytes:
        """The stored bytes after a change of some members. Raises Invalid, Unknown, VersionConflict or Conflict."""
        zones = zones_of(body)
        change.check_change(body, zones)

        async def decide(now: int) -> Decision:
            stored = decode(await self.read(origin.tenant, reference))
            return change.change(stored, body, zones=zones, now=now)

        try:
            return (await self._writer.write(FACILITY, origin, decide)).body
        except Taken:
            raise await self._taken(origin.tenant, body, *reversed(body.get("actions", ()))) from None

    async def replace(self, reference: str, body: Document, origin: Origin) -> bytes:
        """The stored bytes after the facility was described anew. Raises as `change` does."""
        zones = zones_of(body)
        change.check_replacement(body, zones)

        async def decide(now: int) -> Decision:
            stored = decode(await self.read(origin.tenant, reference))
            return change.replace(stored, body, zones=zones, now=now)

        try:
            return (await self._writer.write(FACILITY, origin, decide)).body
        except Taken:
            raise await self._taken(origin.tenant, body) from None

    async def delete(self, reference: str, origin: Origin, *, force: bool) -> None:
        """Removes the facility, and with `force` what belongs to it; the history of all of it stays.

        With `force` its stock goes first, step by step (decision 0032). Raises Unknown, or Conflict where something
        belongs to it and `force` is not given, and where pieces are held for orders whatever is given.
        """
        if force:
            facility_id = await self.id_of(origin.tenant, reference)
            now = self._clock.now(origin.tenant)
            change.check_removal(await self._belongings.of(facility_id, origin, now), force=True)
            await self._belongings.end(facility_id, origin)

        async def decide(now: int) -> Decision:
            stored = decode(await self.read(origin.tenant, reference))
            belongings = await self._belongings.of(stored["id"], origin, now)
            return change.remove(stored, belongings, force=force)

        await self._writer.remove(FACILITY, origin, decide)

    async def id_of(self, tenant: str, reference: str) -> str:
        """The id of the facility with this id or URN. Raises Unknown."""
        facility_id: str = decode(await self.read(tenant, reference))["id"]
        return facility_id

    async def find(self, tenant: str, *, ids: Collection[str], tenant_facility_ids: Collection[str]) -> Found:
        """Which of these facilities there are, in one read however many are asked for; none where none is.

        `ids` are ids or URNs, `tenant_facility_ids` the callers' own ids.
        """
        if not ids and not tenant_facility_ids:
            return Found({}, {})
        own = {reference: own_id for reference in ids if (own_id := tenant_facility_id_of(reference)) is not None}
        wanted = {
            "tenant": tenant,
            "ids": [reference for reference in ids if reference not in own],
            "tenant_facility_ids": list({*own.values(), *tenant_facility_ids}),
        }
        if len(ids) + len(tenant_facility_ids) <= REFERENCES_INLINE_MAX:
            row = await self._db.row(QUERIES.find_facilities, wanted)
        else:
            row = (await self._db.rows(QUERIES.find_facilities, wanted))[0]
        known = [FacilityReference(*each) for each in json.loads(row[0])] if row is not None else []
        by_own_id = {each.tenant_facility_id: each for each in known if each.tenant_facility_id is not None}
        by_id = {each.id: each for each in known}
        by_id |= {reference: by_own_id[own_id] for reference, own_id in own.items() if own_id in by_own_id}
        return Found(
            {reference: by_id[reference] for reference in ids if reference in by_id},
            {own_id: by_own_id[own_id] for own_id in tenant_facility_ids if own_id in by_own_id},
        )

    async def list(self, tenant: str, asked: Asked) -> Page:
        """A page of facilities. Raises Invalid where it shall begin after a facility that never was.

        `start_after_id` is a position: ordered by id any text is one, otherwise it must be or have been a facility.
        """
        filters = {"tenant": tenant, "statuses": asked.statuses, "types": asked.types}
        if asked.tenant_facility_id is not None:
            return await self._one(tenant, asked)
        query, position = await self._from(tenant, asked)
        rows = await self._db.rows(query, {**filters, **position, "size": asked.size})
        total = await self._db.rows(QUERIES.count_facilities, filters)
        return Page([row[0] for row in rows], total[0][0])

    async def _one(self, tenant: str, asked: Asked) -> Page:
        """The list of the one facility with the caller's own id, if it matches the other filters."""
        row = await self._row(tenant, urn_of(asked.tenant_facility_id or ""))
        document = decode(row[0]) if row is not None else None
        if row is None or document is None:
            return Page([], 0)
        if document["status"] not in asked.statuses or document["type"] not in asked.types:
            return Page([], 0)
        return Page([] if asked.start_after_id == document["id"] else [row[0]], 1)

    async def _from(self, tenant: str, asked: Asked) -> tuple[Query, dict[str, Any]]:
        after = asked.start_after_id
        if asked.order_by is None:
            return QUERIES.list_facilities_newest_first, {"id": after or _AFTER_ALL_IDS}
        if asked.order_by == "CREATED":
            return QUERIES.list_facilities_by_creation, {"id": after or ""}
        last = await self._last(tenant, after) if after else {"id": "", "name": ""}
        if asked.order_by == "NAME":
            return QUERIES.list_facilities_by_name, {"id": last["id"], "name": last["name"]}
        return QUERIES.list_facilities_by_postal_code, {"id": last["id"], "postal_code": postal_code_of(last)}

    async def _last(self, tenant: str, facility_id: str) -> Document:
        row = await self._db.row(QUERIES.last_document, {"tenant": tenant, "id": facility_id})
        if row is None:
            raise Invalid(Fault(f"startAfterId: no facility has or had the id {facility_id[:64]}"))
        return decode(row[0])

    async def search(self, tenant: str, body: Document) -> bytes:
        """The answer to a search. Raises Invalid.

        Every facility of the tenant is read and judged, off the event loop and batch by batch. Where the tenant has
        more than SEARCHED_MAX, or that takes longer than SEARCH_S_MAX, the search is refused: nothing that is stored is
        left out in silence.
        """
        search = search_of(FACILITY_SEARCH, body, now=self._clock.now(tenant))
        if search.start_after_id is not None:
            search = search.behind(await self._last(tenant, search.start_after_id))
        gathering = Gathering(search)
        try:
            async with asyncio.timeout(SEARCH_S_MAX):
                await self._gather(tenant, gathering)
        except TimeoutError:
            hint = "Ask for fewer conditions, or list them."
            raise Invalid(Fault(f"The search takes longer than {SEARCH_S_MAX:g} s.", hint)) from None
        return gathering.page().envelope("facilities")

    async def _gather(self, tenant: str, gathering: Gathering) -> None:
        after = ""
        for _ in range(SEARCHED_MAX // SEARCH_BATCH):
            rows = await self._db.rows(
                QUERIES.facilities_by_id, {"tenant": tenant, "after": after, "size": SEARCH_BATCH}
            )
            carriers = await self._belongings.carrier_keys(tenant, [row[0] for row in rows])
            await asyncio.to_thread(_add, gathering, rows, carriers)
            if len(rows) < SEARCH_BATCH:
                return
            after = rows[-1][0]
        raise Invalid(Fault(f"More than {SEARCHED_MAX} facilities are stored: too many to search.", "List them."))

    async def _row(self, tenant: str, reference: str) -> Row | None:
        own = tenant_facility_id_of(reference)
        if own is None:
            return await self._db.row(QUERIES.facility_document, {"tenant": tenant, "id": reference})
        return await self._db.row(QUERIES.facility_by_tenant_facility_id, {"tenant": tenant, "tenant_facility_id": own})

    async def _taken(self, tenant: str, *bodies: Document) -> Conflict:
        own: str = next(body["tenantFacilityId"] for body in bodies if body.get("tenantFacilityId") is not None)
        row = await self._row(tenant, urn_of(own))
        if row is None:
            return Conflict(
                Fault(f"tenantFacilityId: {own} was held by a facility that is gone by now", "Send the request again.")
            )
        return Conflict(
            Fault(
                f"tenantFacilityId: {own} is held by facility {decode(row[0])['id']}",
                "Send another one, or change the facility that has it.",
            )
        )


def _add(gathering: Gathering, rows: list[Row], carriers: Mapping[str, Sequence[str]]) -> None:
    for row in rows:
        gathering.add(searched(decode(row[1]), carriers.get(row[0], ())), row[1])
