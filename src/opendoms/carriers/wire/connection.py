"""Connections of carriers to facilities."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.carriers.wire.carrier import CarrierStatus, Classifications, ClassificationsForCreation, DeliveryType
from opendoms.carriers.wire.configuration import ConnectionConfiguration
from opendoms.carriers.wire.cutoffs import CarrierCutoffTimes, CutoffTime
from opendoms.web.wire_types import (
    LIST_MAX,
    CountryCode,
    OneLine,
    TagReference,
    TenantKey,
    Timestamp,
    WholeNumber,
    Wire,
)

DELIVERY_AREAS_MAX = 10_000  # a large city's postal codes, one by one

DeliveryTarget = Literal["SHIP_TO_STORE", "SHIP_TO_CUSTOMER"]


class DeliveryArea(Wire, frozen=True, gc=False):
    """Somewhere that the carrier delivers to."""

    country: CountryCode
    """The country, as two letters of ISO 3166-1."""
    postal_code: OneLine
    """A postal code, or its beginning and an asterisk: 50667, 506*."""


class FacilityCarrierConnectionForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """How a carrier comes to a facility; further members are kept."""

    name: TenantKey | UnsetType = UNSET
    """What the connection is called; the carrier's name where absent."""
    status: CarrierStatus | UnsetType = UNSET
    """INACTIVE where absent: the facility does not send with it. The carrier must be ACTIVE as well."""
    delivery_type: DeliveryType | UnsetType = UNSET
    """Whether it delivers on the same day from here; what the carrier says where absent."""
    cutoff_time: CutoffTime | UnsetType | None = UNSET
    """Until when goods must be ready, every day; 12:00 where neither this nor `cutoffTimes` says."""
    cutoff_times: CarrierCutoffTimes | UnsetType | None = UNSET
    """Until when goods must be ready, per day; goes before `cutoffTime`."""
    delivery_areas: Annotated[tuple[DeliveryArea, ...], Meta(max_length=DELIVERY_AREAS_MAX)] | UnsetType = UNSET
    """Where it delivers to; everywhere where absent or empty."""
    valid_delivery_targets: Annotated[tuple[DeliveryTarget, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Whether it delivers to consumers, to other facilities, or both; both where absent or empty."""
    parcel_label_classifications: ClassificationsForCreation | UnsetType = UNSET
    """Which sizes of parcels it takes from here."""
    configuration: ConnectionConfiguration | UnsetType = UNSET
    """What is special about the carrier here; further members are the caller's own."""
    credentials: dict[str, Any] | UnsetType = UNSET
    """What opens the carrier's own service. The hub orders no labels, so it keeps none of it but the key."""
    tags: Annotated[tuple[TagReference, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Tags of the connection."""


class FacilityCarrierConnectionForModification(FacilityCarrierConnectionForCreation, frozen=True, gc=False):
    """Members of a connection that are to change; the others stay. Null takes cut-offs away."""

    version: WholeNumber
    """The version of the connection that the caller has seen."""


class FacilityCarrierConnection(FacilityCarrierConnectionForCreation, frozen=True, gc=False, kw_only=True):
    """A connection as it is stored."""

    id: str
    """The id of the connection, made by the server."""
    version: WholeNumber
    """Counts the changes of the connection, from 1; whoever changes it sends the version that they have seen."""
    created: Timestamp
    """When the connection was stored."""
    last_modified: Timestamp
    """When the connection was last changed."""
    facility_ref: str
    """The id of the facility."""
    carrier_ref: str
    """The id of the carrier."""
    key: str
    """Which carrier it is."""
    status: CarrierStatus
    """Whether the facility sends with it, if the carrier is ACTIVE as well."""
    parcel_label_classifications: Classifications | UnsetType = UNSET
    """Which sizes of parcels it takes from here."""
