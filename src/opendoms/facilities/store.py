"""Where facilities are kept."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
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

QUERIES: Final = Queries("opendoms.facilities")

# Postal codes are ordered by; this many characters of them, so that every one fits into the index.
POSTAL_CODE_CHARACTERS_MAX: Final = 64


def postal_code_of(document: Document) -> str:
    """What a facility is ordered by in a list by postal code; those without one come first."""
    postal_code: str = document.get("address", {}).get("postalCode", "")
    return postal_code.replace("\0", "")[:POSTAL_CODE_CHARACTERS_MAX]


def promoted(document: Document) -> tuple[ColumnValue, ...]:
    """The values of FACILITIES.columns for a document."""
    return (
        document.get("tenantFacilityId"),
        document["name"],
        postal_code_of(document),
        document["status"],
        document["type"],
    )


FACILITY: Final = Entity("FACILITY", FACILITIES, promoted)
