"""Answers what stock refers to from the slices that know: facilities and orders.

Stands beside the composition root, above all slices: stock may not import those, nor they stock.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from opendoms.db.engine import Engine, Parameters
from opendoms.facilities.actions import FacilityActions
from opendoms.facilities.selection import FacilitySelection
from opendoms.inventory.facilities import Named
from opendoms.inventory.rules.stocks import Facility
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.orders.store import QUERIES as ORDERS

# Orders that may have had one id of the caller's own.
ORDERS_MAX: Final = 1_000
_AFTER_ALL_IDS: Final = "\U0010ffff"


class StockFacilities:
    """Implements `inventory.facilities.Facilities`."""

    def __init__(self, facilities: FacilityActions, selection: FacilitySelection) -> None:
        self._facilities = facilities
        self._selection = selection

    async def named(self, tenant: str, refs: Collection[str], tenant_facility_ids: Collection[str] = ()) -> Named:
        """Those of the given ids, URNs and own ids that exist."""
        found = await self._facilities.find(tenant, ids=refs, tenant_facility_ids=tenant_facility_ids)
        return Named(
            {reference: Facility(each.id, each.tenant_facility_id) for reference, each in found.by_id.items()},
            {
                own_id: Facility(each.id, each.tenant_facility_id)
                for own_id, each in found.by_tenant_facility_id.items()
            },
        )

    async def matching(
        self, tenant: str, statuses: Collection[str] | None, service_types: Collection[str] | None
    ) -> set[str]:
        """The ids of those with one of the statuses, and one of the services; None where any will do."""
        return await self._selection.matching(tenant, statuses, service_types)


class StockOrders:
    """Implements `inventory.facilities.OrderIds`."""

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def of_tenant_order_id(self, tenant: str, tenant_order_id: str) -> list[str]:
        """The ids of all orders that have, or had, this id of the caller's own. Raises Invalid where they are many."""
        asked: Parameters = {
            "tenant": tenant,
            "tenant_order_id": tenant_order_id,
            "before": _AFTER_ALL_IDS,
            "size": ORDERS_MAX + 1,
        }
        rows = await self._db.rows(ORDERS.list_orders_by_tenant_order_id, asked)
        if len(rows) > ORDERS_MAX:
            raise Invalid(Fault(f"tenantOrderIds: more than {ORDERS_MAX} orders have this id", "Name orderRefs."))
        return [decode(row[0])["id"] for row in rows]
