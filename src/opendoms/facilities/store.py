"""Where facilities are kept."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.kernel.changeset import Column, ColumnValue, Table
from opendoms.kernel.decision import Document

FACILITIES: Final = Table(
    "facilities",
    columns=(
        Column("tenant_facility_id", "text"),
        Column("name", "text"),
        Column("postal_code", "text"),
        Column("status", "text"),
        Column("type", "text"),
    ),
    unique=(("facilities_tenant_facility_id", ("tenant", "tenant_facility_id")),),
)


def promoted(document: Document) -> tuple[ColumnValue, ...]:
    """The values of FACILITIES.columns for a document."""
    return (
        document.get("tenantFacilityId"),
        document["name"],
        document["address"].get("postalCode"),
        document["status"],
        document["type"],
    )


FACILITY: Final = Entity("FACILITY", FACILITIES, promoted)
