"""How a facility is named: by its id, or by the caller's own id in the form of a URN."""

from __future__ import annotations

from typing import Final

URN: Final = "urn:fft:facility:tenantFacilityId:"


def tenant_facility_id_of(reference: str) -> str | None:
    """The caller's own id that a URN holds; None for a text that is no such URN, and so is an id."""
    return reference.removeprefix(URN) if reference.startswith(URN) else None


def urn_of(tenant_facility_id: str) -> str:
    """The URN of a facility by the caller's own id."""
    return URN + tenant_facility_id
