"""How the goods are to reach the consumer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, Closed, Timestamp, Wire

FACILITY = ("facility_ref", "tenant_facility_id")

Ids = Annotated[tuple[str, ...], Meta(max_length=LIST_MAX)]


class DeliveryEvent(Wire, frozen=True, gc=False):
    """An occasion on which a facility may supply."""

    delivery_target: Literal["SHIP_TO_STORE", "SHIP_TO_CUSTOMER"]
    """Where the facility may send to."""
    delivery_trigger: Literal["DEFAULT"]
    """What sets the delivery off."""


class SupplyingFacilityConfiguration(Wire, frozen=True, gc=False):
    """A facility that may supply the place of collection, and when."""

    AT_LEAST_ONE: ClassVar[tuple[str, ...]] = FACILITY

    delivery_events: Annotated[tuple[DeliveryEvent, ...], Meta(max_length=LIST_MAX)]
    """The occasions on which it may supply."""
    facility_ref: str | UnsetType = UNSET
    """The facility, by its id."""
    tenant_facility_id: str | UnsetType = UNSET
    """The facility, by the caller's own id."""


class CollectDelivery(Wire, frozen=True, gc=False):
    """The consumer fetches the goods at a facility."""

    AT_LEAST_ONE: ClassVar[tuple[str, ...]] = FACILITY

    facility_ref: str | UnsetType = UNSET
    """Where the consumer collects, by the facility's id."""
    tenant_facility_id: str | UnsetType = UNSET
    """Where the consumer collects, by the caller's own id of the facility."""
    paid: bool | UnsetType = UNSET
    """Whether the order is paid for already; taken as false where absent."""
    provisioning_time: Timestamp | UnsetType = UNSET
    """When the goods are to be ready."""
    supplying_facilities: Ids | UnsetType = UNSET
    """Ids of facilities that may supply; `supplyingFacilitiesConfigurations` says more."""
    supplying_facilities_configurations: (
        Annotated[tuple[SupplyingFacilityConfiguration, ...], Meta(max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """The facilities that may supply the place of collection, and when."""


class PreferredCarrierWithProduct(Closed, frozen=True, gc=False):
    """A carrier that the parcel should go with, and how."""

    carrier_key: str
    """The key of the carrier."""
    carrier_product: str | UnsetType = UNSET
    """The product of the carrier."""
    carrier_services: (
        Annotated[
            tuple[
                Literal[
                    "SIGNATURE",
                    "CUSTOMER_SIGNATURE",
                    "ADULT_SIGNATURE",
                    "SATURDAY_DELIVERY",
                    "IDENTITY_CHECK_COMPANY",
                    "IDENTITY_CHECK_PRIVATE",
                    "ADDITIONAL_TRANSPORTATION_INSURANCE",
                    "IDENTITY_AGE_CHECK_18",
                    "NO_NEIGHBOR_DELIVERY",
                    "HANDOVER_TO_RECIPIENT_ONLY",
                ],
                ...,
            ],
            Meta(max_length=LIST_MAX),
        ]
        | UnsetType
    ) = UNSET
    """What the carrier is asked to do besides."""


class PreselectedFacility(Wire, frozen=True, gc=False):
    """A facility that is to fulfil the order."""

    AT_LEAST_ONE: ClassVar[tuple[str, ...]] = FACILITY

    facility_ref: str | UnsetType = UNSET
    """The facility, by its id."""
    tenant_facility_id: str | UnsetType = UNSET
    """The facility, by the caller's own id."""


class DeliveryPreferencesShipping(Wire, frozen=True, gc=False):
    """The goods are sent to the consumer."""

    service_level: Literal["DELIVERY", "SAMEDAY"] | UnsetType = UNSET
    """Whether the carrier's usual time will do, or it must arrive on the day of the order."""
    carrier_product_category: Literal["STANDARD", "EXPRESS", "VALUE", "FORWARDING"] | UnsetType = UNSET
    """The kind of carrier product to choose."""
    desired_delivery_time: Timestamp | UnsetType = UNSET
    """When the consumer would like to have the goods."""
    preferred_carriers: Ids | UnsetType = UNSET
    """Keys of the carriers to choose from."""
    preferred_carriers_with_product: (
        Annotated[tuple[PreferredCarrierWithProduct, ...], Meta(max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """The carriers to choose from, with product and services."""
    preselected_facilities: Annotated[tuple[PreselectedFacility, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """The facilities to choose from; an empty list leaves the choice open."""


class DeliveryReservationPreferences(Wire, frozen=True, gc=False):
    """When stock is set aside for the order."""

    mode: Literal["SCHEDULED", "ASAP", "ALAP"]
    """At a given time, as soon or as late as possible."""
    reservation_time: Timestamp | UnsetType = UNSET
    """The time, for mode SCHEDULED."""


class DeliveryPreferences(Closed, frozen=True, gc=False):
    """How the goods are to reach the consumer."""

    collect: Annotated[tuple[CollectDelivery, ...], Meta(max_length=1)] | UnsetType = UNSET
    """The consumer fetches the goods."""
    shipping: DeliveryPreferencesShipping | UnsetType = UNSET
    """The goods are sent."""
    target_time: Timestamp | UnsetType = UNSET
    """When the result is expected."""
    estimated_delivery_date: Timestamp | UnsetType = UNSET
    """What the shop told the consumer about delivery or collection."""
    reservation_preferences: DeliveryReservationPreferences | UnsetType = UNSET
    """When stock is set aside."""
    sourcing_option_refs: Ids | UnsetType = UNSET
    """Ids of the sourcing options that the order was offered."""
    supplying_facilities: Ids | UnsetType = UNSET
    """Ids of facilities that may supply; the member under `collect` says more."""
