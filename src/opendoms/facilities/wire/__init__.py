"""What facilities look like on the wire: requests, answers and the parameters of the list."""

from __future__ import annotations

from opendoms.facilities.wire.change import (
    FacilityForModification,
    FacilityForReplacement,
    ManagedFacilityForReplacement,
    SupplierForReplacement,
)
from opendoms.facilities.wire.facility import Facility, FacilityForCreation
from opendoms.facilities.wire.list import FacilityDeletionQuery, FacilityListQuery, StrippedFacilities
from opendoms.facilities.wire.search import FacilityPaginatedResult, FacilitySearchPayload

__all__ = [
    "Facility",
    "FacilityDeletionQuery",
    "FacilityForCreation",
    "FacilityForModification",
    "FacilityForReplacement",
    "FacilityListQuery",
    "FacilityPaginatedResult",
    "FacilitySearchPayload",
    "ManagedFacilityForReplacement",
    "StrippedFacilities",
    "SupplierForReplacement",
]
