"""What stock needs to know of facilities. Whoever puts the slices together says who answers it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from opendoms.inventory.rules.stocks import Facility


class Named(NamedTuple):
    """Facilities by the references that were given: ids or URNs, and callers' own ids. Unknown ones are left out."""

    by_ref: Mapping[str, Facility]
    by_tenant_facility_id: Mapping[str, Facility]


class Facilities(Protocol):
    """Facilities of a tenant, by what they are called or are like."""

    async def named(self, tenant: str, refs: Collection[str], tenant_facility_ids: Collection[str] = ()) -> Named:
        """Those of the given ids, URNs and own ids that exist."""
        ...

    async def matching(
        self, tenant: str, statuses: Collection[str] | None, service_types: Collection[str] | None
    ) -> set[str]:
        """The ids of those with one of the statuses, and one of the services; None where any will do."""
        ...


class OrderIds(Protocol):
    """Orders of a tenant, by the callers' own ids."""

    async def of_tenant_order_id(self, tenant: str, tenant_order_id: str) -> list[str]:
        """The ids of all orders that have, or had, this id of the caller's own."""
        ...
