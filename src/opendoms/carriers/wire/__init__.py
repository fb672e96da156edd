"""What carriers and their connections look like on the wire."""

from __future__ import annotations

from opendoms.carriers.wire.carrier import (
    Carrier,
    CarrierForCreation,
    CarrierListQuery,
    CarrierPatchActions,
    StrippedCarriers,
)
from opendoms.carriers.wire.connection import (
    FacilityCarrierConnection,
    FacilityCarrierConnectionForCreation,
    FacilityCarrierConnectionForModification,
)
from opendoms.carriers.wire.priority import CarrierPriorityCalculationRequest, CarrierPriorityResult

__all__ = [
    "Carrier",
    "CarrierForCreation",
    "CarrierListQuery",
    "CarrierPatchActions",
    "CarrierPriorityCalculationRequest",
    "CarrierPriorityResult",
    "FacilityCarrierConnection",
    "FacilityCarrierConnectionForCreation",
    "FacilityCarrierConnectionForModification",
    "StrippedCarriers",
]
