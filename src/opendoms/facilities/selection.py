"""Facilities by what they are like, for slices that sum up over them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from opendoms.db.engine import Engine
from opendoms.facilities.store import QUERIES
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid

BATCH: Final = 500
BATCHES_MAX: Final = 100


class FacilitySelection:
    """Looks through the facilities of a tenant."""

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def matching(
        self, tenant: str, statuses: Collection[str] | None, service_types: Collection[str] | None
    ) -> set[str]:
        """The ids of those with one of the statuses, and one of the services; None where any will do.

        Raises Invalid where there are too many to look through.
        """
        found: set[str] = set()
        after = ""
        for _ in range(BATCHES_MAX):
            rows = await self._db.rows(QUERIES.facilities_by_id, {"tenant": tenant, "after": after, "size": BATCH})
            for facility_id, body in rows:
                facility = decode(body)
                services = {service["type"] for service in facility.get("services", ())}
                if (statuses is None or facility["status"] in statuses) and (
                    service_types is None or services & set(service_types)
                ):
                    found.add(facility_id)
            if len(rows) < BATCH:
                return found
            after = rows[-1][0]
        most = BATCH * BATCHES_MAX
        raise Invalid(Fault(f"More than {most} facilities are stored: too many to look through.", "Name facilityRefs."))
