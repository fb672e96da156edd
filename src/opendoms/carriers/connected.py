"""Which carriers come to which facilities: what others ask, and the end of connections with their facility."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from opendoms.carriers.rules.connection import CONNECTIONS_MAX, ENDED
from opendoms.carriers.rules.priority import Connected
from opendoms.carriers.store import CONNECTION, QUERIES
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Changeset, Origin, merged
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode

# Above CONNECTIONS_MAX by as many as could be connected at once, since those do not see each other.
_READ_MAX: Final = 2 * CONNECTIONS_MAX


class ConnectedCarriers:
    """Reads the connections of facilities."""

    def __init__(self, db: Engine, writer: Writer) -> None:
        self._db = db
        self._writer = writer

    async def connections(self, tenant: str, facility_id: str) -> list[Document]:
        """The connections of one facility, in the order in which they were made."""
        rows = await self._db.rows(
            QUERIES.connections_of_facility, {"tenant": tenant, "facility_ref": facility_id, "size": _READ_MAX}
        )
        return sorted((decode(row[0]) for row in rows), key=lambda connection: str(connection["id"]))

    async def count(self, tenant: str, facility_id: str) -> int:
        """How many carriers come to a facility."""
        row = await self._db.row(QUERIES.count_connections_of_facility, {"tenant": tenant, "facility_ref": facility_id})
        return int(row[0]) if row is not None else 0

    async def of_facility(self, tenant: str, facility_id: str) -> list[Connected]:
        """The connections of one facility with their carriers, in the order in which they were made."""
        connections = await self.connections(tenant, facility_id)
        carriers = await self._carriers(tenant, {connection["carrierRef"] for connection in connections})
        return [(connection, carriers[connection["carrierRef"]]) for connection in connections]

    async def of_facilities(self, tenant: str, facility_ids: Collection[str]) -> dict[str, list[Connected]]:
        """The same for several facilities, in two reads: by facility, an empty list where nobody comes."""
        found: dict[str, list[Connected]] = {facility_id: [] for facility_id in facility_ids}
        if not found:
            return found
        wanted = {"tenant": tenant, "facility_refs": list(found)}
        rows = await self._db.rows(QUERIES.connections_of_facilities, wanted)
        connections = [decode(row[1]) for row in rows]
        carriers = await self._carriers(tenant, {connection["carrierRef"] for connection in connections})
        for connection in sorted(connections, key=lambda each: str(each["id"])):
            found[connection["facilityRef"]].append((connection, carriers[connection["carrierRef"]]))
        return found

    async def keys(self, tenant: str, facility_ids: Collection[str]) -> dict[str, list[str]]:
        """The keys of the carriers that come to these facilities, by facility; none are left out, active or not."""
        rows = await self._db.rows(
            QUERIES.carrier_keys_of_facilities, {"tenant": tenant, "facility_refs": list(facility_ids)}
        )
        keys: dict[str, list[str]] = {}
        for facility_id, key in rows:
            keys.setdefault(facility_id, []).append(key)
        return keys

    async def parting(self, facility_id: str, origin: Origin, now: int) -> tuple[int, Changeset]:
        """How many connections a facility has, and what ends them. `now` is an instant in ms."""
        connections = await self.connections(origin.tenant, facility_id)
        ends = [self._writer.removal(CONNECTION, origin, connection, ENDED, now) for connection in connections]
        return len(connections), merged(*ends)

    async def _carriers(self, tenant: str, ids: Collection[str]) -> dict[str, Document]:
        if not ids:
            return {}
        rows = await self._db.rows(QUERIES.carriers_by_ids, {"tenant": tenant, "ids": list(ids)})
        return {row[0]: decode(row[1]) for row in rows}
