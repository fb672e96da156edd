"""What can be done with carriers, and with their connections to facilities."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from opendoms.carriers.connected import ConnectedCarriers
from opendoms.carriers.facilities import Facilities
from opendoms.carriers.rules import carrier as carriers
from opendoms.carriers.rules import connection as connections
from opendoms.carriers.rules.priority import Connected, ranked
from opendoms.carriers.store import CARRIER, CONNECTION, QUERIES
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin, Taken
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault, Unknown

_SHOWN_CHARACTERS: Final = 300
# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"


class Page(NamedTuple):
    """A page of stored carriers, and how many there are in all."""

    documents: list[bytes]
    total: int


class CarrierActions:
    """Keeps the carriers of every tenant."""

    def __init__(self, db: Engine, writer: Writer, new_id: NewId) -> None:
        self._db = db
        self._writer = writer
        self._new_id = new_id

    async def create(self, wanted: Document, origin: Origin) -> tuple[str, bytes]:
        """The id and the stored bytes of the new carrier. Raises Invalid, or Conflict where its key is taken."""

        async def decide(now: int) -> Decision:
            return carriers.create(wanted, now=now, new_id=self._new_id)

        try:
            written = await self._writer.write(CARRIER, origin, decide)
        except Taken:
            raise await self._taken(origin.tenant, wanted["key"]) from None
        return written.document["id"], written.body

    async def read(self, tenant: str, carrier_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        row = await self._db.row(QUERIES.carrier_document, {"tenant": tenant, "id": carrier_id})
        if row is None:
            raise Unknown(Fault(f"Unknown carrier {carrier_id[:_SHOWN_CHARACTERS]}.", "Nothing has this id."))
        document: bytes = row[0]
        return document

    async def ids_by_key(self, tenant: str, keys: Collection[str]) -> dict[str, str]:
        """The ids of the carriers that have these keys, by key; those that nobody has are left out."""
        if not keys:
            return {}
        rows = await self._db.rows(QUERIES.carriers_by_keys, {"tenant": tenant, "keys": list(keys)})
        return {row[0]: row[1] for row in rows}

    async def page(self, tenant: str, *, after: str | None, size: int) -> Page:
        """At most `size` carriers behind the id `after`, newest first."""
        before = after or _AFTER_ALL_IDS
        rows = await self._db.rows(QUERIES.list_carriers, {"tenant": tenant, "before": before, "size": size})
        total = await self._db.rows(QUERIES.count_carriers, {"tenant": tenant})
        return Page([row[0] for row in rows], total[0][0])

    async def change(self, carrier_id: str, body: Document, origin: Origin) -> bytes:
        """The stored bytes after the change. Raises Unknown, VersionConflict or Invalid, in this order."""

        async def decide(now: int) -> Decision:
            return carriers.change(decode(await self.read(origin.tenant, carrier_id)), body, now=now)

        return (await self._writer.write(CARRIER, origin, decide)).body

    async def _taken(self, tenant: str, key: str) -> Conflict:
        holder = (await self.ids_by_key(tenant, [key])).get(key, "that is gone by now")
        return Conflict(
            Fault(
                f"key: {key} is held by carrier {holder}", "Change that one, or tell them apart by CUSTOM_ and a name."
            )
        )


class ConnectionActions:
    """Keeps the connections of carriers to facilities. Facilities are named by id or URN, carriers by id."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is made of
        self,
        db: Engine,
        writer: Writer,
        new_id: NewId,
        carriers_: CarrierActions,
        connected: ConnectedCarriers,
        facilities: Facilities,
    ) -> None:
        self._db = db
        self._writer = writer
        self._new_id = new_id
        self._carriers = carriers_
        self._connected = connected
        self._facilities = facilities

    async def connect(self, facility: str, carrier_id: str, wanted: Document, origin: Origin) -> tuple[str, bytes]:
        """The facility's id and the stored bytes of the new connection.

        Raises Invalid, Unknown for facility or carrier, or Conflict where they are connected.
        """
        connections.check(wanted)

        async def decide(now: int) -> Decision:
            facility_id = await self._facilities.id_of(origin.tenant, facility)
            carrier = decode(await self._carriers.read(origin.tenant, carrier_id))
            return connections.connect(
                wanted,
                facility_id=facility_id,
                carrier=carrier,
                connections=await self._connected.count(origin.tenant, facility_id),
                now=now,
                new_id=self._new_id,
            )

        try:
            written = await self._writer.write(CONNECTION, origin, decide)
        except Taken:
            raise Conflict(
                Fault("The carrier is connected to this facility already.", "Change the connection with PUT.")
            ) from None
        return written.document["facilityRef"], written.body

    async def read(self, tenant: str, facility: str, carrier_id: str) -> bytes:
        """The stored bytes. Raises Unknown for the facility or the connection."""
        facility_id = await self._facilities.id_of(tenant, facility)
        pair = {"tenant": tenant, "facility_ref": facility_id, "carrier_ref": carrier_id}
        row = await self._db.row(QUERIES.connection_document, pair)
        if row is None:
            shown = carrier_id[:_SHOWN_CHARACTERS]
            raise Unknown(Fault(f"The facility is not connected to a carrier {shown}.", "POST connects it."))
        document: bytes = row[0]
        return document

    async def update(self, facility: str, carrier_id: str, body: Document, origin: Origin) -> bytes:
        """The stored bytes after the change. Raises Invalid, Unknown or VersionConflict, in this order."""
        connections.check(body)

        async def decide(now: int) -> Decision:
            stored = decode(await self.read(origin.tenant, facility, carrier_id))
            return connections.update(stored, body, now=now)

        return (await self._writer.write(CONNECTION, origin, decide)).body

    async def list(self, tenant: str, facility: str) -> list[Connected]:
        """The connections of a facility with their carriers, oldest first. Raises Unknown."""
        return await self._connected.of_facility(tenant, await self._facilities.id_of(tenant, facility))

    async def prioritize(self, tenant: str, facility: str, parcel: Document) -> bytes:
        """The facility's carriers, ranked for a parcel. Raises Unknown."""
        return encode(ranked(await self.list(tenant, facility), parcel.get("productValue")))
