"""Carriers: the body that creates one, the change of one, the carrier as it is stored, and lists."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.carriers.wire.parcel import ParcelLabelClassification, ParcelLabelClassificationForCreation
from opendoms.web.wire_types import (
    LIST_MAX,
    LIST_SIZE_DEFAULT,
    FilledText,
    Int64,
    PageSize,
    TenantKey,
    Timestamp,
    Wire,
)

CarrierStatus = Literal["ACTIVE", "INACTIVE"]
DeliveryType = Literal["SAMEDAY", "DELIVERY"]
Lifecycle = Literal["GA", "BETA", "ALPHA"]
# The contract says "number" here, where other lists have an integer.
CarriersSize = PageSize | Annotated[float, Meta(ge=1, le=LIST_MAX, multiple_of=1)]
Measure = Annotated[float, Meta(ge=1)]
Classifications = Annotated[tuple[ParcelLabelClassification, ...], Meta(max_length=LIST_MAX)]
ClassificationsForCreation = Annotated[tuple[ParcelLabelClassificationForCreation, ...], Meta(max_length=LIST_MAX)]


class AbstractCarrierCredentials(Wire, frozen=True, gc=False):
    """What opens the carrier's own service. The hub orders no labels, so it keeps none of it but the key."""

    key: str
    """What kind of credentials it is."""


class CarrierForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """A carrier as the caller describes it; further members are kept."""

    key: TenantKey
    """DHL_V2, GLS, UPS or another key that is known, or CUSTOM_ and a name of the caller's own; nobody else has it."""
    name: TenantKey
    """What the carrier is called."""
    status: CarrierStatus | UnsetType = UNSET
    """INACTIVE where absent: no facility sends with it."""
    delivery_type: DeliveryType | UnsetType = UNSET
    """DELIVERY where absent. SAMEDAY arrives on the day on which it was handed over."""
    lifecycle: Lifecycle | UnsetType = UNSET
    """How far the vendor supports it; GA where absent. Nothing here depends on it."""
    credentials: AbstractCarrierCredentials | UnsetType = UNSET
    """Only the key of these is kept."""
    default_parcel_width_in_cm: Measure | UnsetType = UNSET
    """How wide a parcel is where nobody says; 35 where absent."""
    default_parcel_length_in_cm: Measure | UnsetType = UNSET
    """How long a parcel is where nobody says; 25 where absent."""
    default_parcel_height_in_cm: Measure | UnsetType = UNSET
    """How high a parcel is where nobody says; 10 where absent."""
    default_parcel_weight_in_gram: Measure | UnsetType = UNSET
    """How heavy a parcel is where nobody says; 1000 where absent."""
    logo_url: FilledText | UnsetType = UNSET
    """Where a picture of the carrier lies."""
    parcel_label_classifications: ClassificationsForCreation | UnsetType = UNSET
    """Which sizes of parcels it takes."""
    product_value_needed: bool | UnsetType = UNSET
    """Whether a label needs to know what the parcel is worth."""


class Carrier(CarrierForCreation, frozen=True, gc=False, kw_only=True):
    """A carrier as it is stored."""

    id: str
    """The id of the carrier, made by the server."""
    version: Int64
    """Counts the changes of the carrier, from 1; whoever changes it sends the version that they have seen."""
    created: Timestamp | UnsetType = UNSET
    """When the carrier was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the carrier was last changed."""
    key: str
    """Which carrier it is."""
    name: str
    """What the carrier is called."""
    default_parcel_width_in_cm: Measure
    """How wide a parcel is where nobody says."""
    default_parcel_length_in_cm: Measure
    """How long a parcel is where nobody says."""
    default_parcel_height_in_cm: Measure
    """How high a parcel is where nobody says."""
    parcel_label_classifications: Classifications | UnsetType = UNSET
    """Which sizes of parcels it takes."""


class AbstractModifyCarrierCredentials(Wire, frozen=True, gc=False):
    """What opens the carrier's own service; only the key is kept."""

    key: str
    """What kind of credentials it is."""


class ModifyCarrier(Wire, frozen=True, gc=False, kw_only=True):
    """Members of a carrier that are to change; the others stay."""

    action: Literal["ModifyCarrier"]
    """What is to be done."""
    name: TenantKey | UnsetType = UNSET
    """What the carrier is called."""
    status: CarrierStatus | UnsetType = UNSET
    """Whether facilities send with it."""
    delivery_type: DeliveryType | UnsetType = UNSET
    """SAMEDAY arrives on the day on which it was handed over."""
    lifecycle: Lifecycle | UnsetType = UNSET
    """How far the vendor supports it."""
    credentials: AbstractModifyCarrierCredentials | UnsetType = UNSET
    """Only the key of these is kept."""
    default_parcel_width_in_cm: Measure | UnsetType = UNSET
    """How wide a parcel is where nobody says."""
    default_parcel_length_in_cm: Measure | UnsetType = UNSET
    """How long a parcel is where nobody says."""
    default_parcel_height_in_cm: Measure | UnsetType = UNSET
    """How high a parcel is where nobody says."""
    default_parcel_weight_in_gram: Measure | UnsetType = UNSET
    """How heavy a parcel is where nobody says."""
    logo_url: FilledText | UnsetType = UNSET
    """Where a picture of the carrier lies."""
    parcel_label_classifications: ClassificationsForCreation | UnsetType = UNSET
    """All sizes of parcels as they are to be."""
    product_value_needed: bool | UnsetType = UNSET
    """Whether a label needs to know what the parcel is worth."""


class CarrierPatchActions(Wire, frozen=True, gc=False):
    """What is to be changed about a carrier."""

    version: Int64
    """The version of the carrier that the caller has seen."""
    actions: Annotated[tuple[ModifyCarrier, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """What is to be done, in this order; all of it or nothing."""


class CarrierListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of carriers."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last carrier of the page before."""
    size: CarriersSize = LIST_SIZE_DEFAULT
    """How many carriers a page holds at most."""


class StrippedCarrier(Wire, frozen=True, gc=False, kw_only=True):
    """A carrier in short."""

    id: str
    """The id of the carrier."""
    version: Int64
    """The version of the carrier."""
    key: str
    """Which carrier it is."""
    name: str
    """What the carrier is called."""
    created: Timestamp | UnsetType = UNSET
    """When the carrier was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the carrier was last changed."""
    status: CarrierStatus | UnsetType = UNSET
    """Whether facilities send with it; in the list of a facility, whether that one does."""
    delivery_type: DeliveryType | UnsetType = UNSET
    """Whether it delivers on the same day."""
    lifecycle: Lifecycle | UnsetType = UNSET
    """How far the vendor supports it."""


class StrippedCarriers(Wire, frozen=True, gc=False):
    """Carriers in short."""

    carriers: tuple[StrippedCarrier, ...] | UnsetType = UNSET
    """The carriers of this page."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many there are, on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""
