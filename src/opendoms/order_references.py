"""Answers what orders refer to from the slices that know: facilities, tags, order sources, cancelation reasons.

Stands beside the composition root, above all slices: orders may not import those, nor they orders.
"""

from __future__ import annotations

from opendoms.cancelation.actions import CancelationActions
from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.order_sources import ENTRIES, ORDER_SOURCES
from opendoms.configuration.order_tags import ORDER_TAGS
from opendoms.facilities.actions import FacilityActions
from opendoms.kernel.decision import Document
from opendoms.orders.rules.references import Asked, Known
from opendoms.tags.actions import TagActions


class OrderReferences:
    """Implements `orders.references.References`."""

    def __init__(
        self,
        facilities: FacilityActions,
        tags: TagActions,
        configurations: ConfigurationActions,
        cancelation: CancelationActions,
    ) -> None:
        self._facilities = facilities
        self._tags = tags
        self._configurations = configurations
        self._cancelation = cancelation

    async def known(self, tenant: str, asked: Asked) -> Known:
        """What of `asked` exists; one read per kind that is asked for."""
        found = await self._facilities.find(
            tenant, ids=asked.facility_ids, tenant_facility_ids=asked.tenant_facility_ids
        )
        facilities = {
            each.id: each.tenant_facility_id for each in (*found.by_id.values(), *found.by_tenant_facility_id.values())
        }
        tags = await self._tags.allowed_values(tenant, asked.tag_ids) if asked.tag_ids else {}
        order_tags: Document = {}
        if asked.order_tags:
            order_tags = await self._configurations.document(tenant, ORDER_TAGS)
        source_ids: frozenset[str] = frozenset()
        tenant_source_ids: frozenset[str] = frozenset()
        if asked.source:
            sources = (await self._configurations.document(tenant, ORDER_SOURCES))[ENTRIES]
            source_ids = frozenset(source["id"] for source in sources)
            tenant_source_ids = frozenset(s["tenantSourceId"] for s in sources if "tenantSourceId" in s)
        return Known(facilities, tags, source_ids, tenant_source_ids, order_tags)

    async def reason(self, tenant: str, reason_id: str) -> Document | None:
        """The stored cancelation reason, or None where there is none with this id."""
        return await self._cancelation.reason(tenant, reason_id)
