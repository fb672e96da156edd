"""Which carrier a parcel is best sent with."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.carriers.wire.carrier import Carrier
from opendoms.carriers.wire.configuration import PriceRange
from opendoms.web.wire_types import DECIMAL_PLACES_MAX, Currency, Quantity, Wire


class ParcelProductValue(Wire, frozen=True, gc=False):
    """What a parcel is worth."""

    value: Quantity
    """The amount in the currency's smallest unit."""
    currency: Currency | None
    """The currency as an ISO 4217 code."""
    decimal_places: Annotated[int, Meta(ge=0, le=DECIMAL_PLACES_MAX)]
    """How many digits of `value` stand behind the decimal point."""


class CarrierPriorityCalculationRequest(Wire, frozen=True, gc=False):
    """A parcel that is to be sent."""

    product_value: ParcelProductValue | UnsetType = UNSET
    """What it is worth."""


class CarrierRecommendationResult(Wire, frozen=True, gc=False):
    """A carrier with its rank."""

    priority: Annotated[int, Meta(ge=1)]
    """The rank, from 1; the lowest comes first."""
    carrier: Carrier
    """The carrier."""
    threshold: PriceRange | UnsetType = UNSET
    """Which parcels it is meant for, where the connection says."""


class CarrierPriorityResult(Wire, frozen=True, gc=False):
    """The carriers of a facility, for a parcel."""

    recommended_carriers: tuple[CarrierRecommendationResult, ...]
    """Those that may take it, best first."""
    other_carriers: tuple[CarrierRecommendationResult, ...]
    """The others that come to the facility, in the same order."""
