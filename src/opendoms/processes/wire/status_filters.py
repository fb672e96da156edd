"""The filters of statuses. Most are of entities that this hub has not: they match nothing."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.creation import OrderStatus
from opendoms.processes.wire.process import EntityStatus, ProcessStatus
from opendoms.search.wire import CHOICES_MAX, StringSearchFilter
from opendoms.web.wire_types import Closed

HandoverJobStatus = Literal["OPEN", "HANDED_OVER", "OBSOLETE", "CANCELED", "WAITING_FOR_INPUT"]
PackJobStatus = Literal["OPEN", "IN_PROGRESS", "CLOSED", "OBSOLETE", "CANCELED", "PAUSED"]
ParcelStatus = Literal["OPEN", "PROCESSING", "DONE", "FAILED", "CANCELED", "OBSOLETE", "WAITING_FOR_INPUT"]
TrackingStatus = Literal[
    "REGISTERED",
    "PICKED_UP",
    "DELIVERED",
    "NOT_DELIVERED",
    "TRANSIT",
    "EXCEPTION",
    "OUT_FOR_DELIVERY",
    "DESTROYED",
    "UNKNOWN",
    "CANCELED",
    "AWAITS_PICKUP_BY_RECEIVER",
    "DELAYED",
    "NOTIFICATION",
]
PickJobStatus = Literal[
    "ABORTED",
    "OPEN",
    "IN_PROGRESS",
    "CLOSED",
    "PICKED",
    "REROUTED",
    "REJECTED",
    "RESTOWED",
    "EXPIRED",
    "CANCELED",
    "OBSOLETE",
    "WAITING_FOR_INPUT",
    "PAUSED",
]
ReturnJobStatus = Literal["OPEN", "IN_PROGRESS", "FINISHED", "CANCELED"]
ServiceJobStatus = Literal["OPEN", "IN_PROGRESS", "FINISHED", "CANCELLED", "WAITING_FOR_INPUT", "OBSOLETE", "NOT_READY"]
ServiceLevel = Literal["DELIVERY", "SAMEDAY"]
ShipmentStatus = Literal["INITIAL", "REQUEST", "RETRYABLE", "CONFIRMED", "COMPLETED", "CANCELED", "OBSOLETE"]


class ProcessStatusEnumFilter(Closed, frozen=True, gc=False):
    """How far something is."""

    eq: ProcessStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: ProcessStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ProcessStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessEntityStatusFilter(Closed, frozen=True, gc=False):
    """How far an entity is."""

    eq: EntityStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: EntityStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[EntityStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessEntityStatusListFilter(Closed, frozen=True, gc=False):
    """How far its entities are."""

    contains: ProcessEntityStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessOrderStatusFilter(Closed, frozen=True, gc=False):
    """The status of an order."""

    eq: OrderStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: OrderStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[OrderStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessOrderStatusListFilter(Closed, frozen=True, gc=False):
    """The status of its order."""

    contains: ProcessOrderStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessHandoverJobStatusFilter(Closed, frozen=True, gc=False):
    """The status of a hand-over job."""

    eq: HandoverJobStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: HandoverJobStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[HandoverJobStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessHandoverJobStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its hand-over jobs."""

    contains: ProcessHandoverJobStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessPackJobStatusFilter(Closed, frozen=True, gc=False):
    """The status of a pack job."""

    eq: PackJobStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: PackJobStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[PackJobStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessPackJobStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its pack jobs."""

    contains: ProcessPackJobStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessParcelStatusFilter(Closed, frozen=True, gc=False):
    """The status of a parcel."""

    eq: ParcelStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: ParcelStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ParcelStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessParcelStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its parcels."""

    contains: ProcessParcelStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessTrackingStatusFilter(Closed, frozen=True, gc=False):
    """Where a parcel is."""

    eq: TrackingStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: TrackingStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[TrackingStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessTrackingStatusListFilter(Closed, frozen=True, gc=False):
    """Where parcels are."""

    contains: ProcessTrackingStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessPickJobStatusFilter(Closed, frozen=True, gc=False):
    """The status of a pick job."""

    eq: PickJobStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: PickJobStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[PickJobStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessPickJobStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its pick jobs."""

    contains: ProcessPickJobStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessReturnJobStatusFilter(Closed, frozen=True, gc=False):
    """The status of a return job."""

    eq: ReturnJobStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: ReturnJobStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ReturnJobStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessReturnJobStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its return jobs."""

    contains: ProcessReturnJobStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessServiceJobStatusFilter(Closed, frozen=True, gc=False):
    """The status of a service job."""

    eq: ServiceJobStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: ServiceJobStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ServiceJobStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessServiceJobStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its service jobs."""

    contains: ProcessServiceJobStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessServiceLevelFilter(Closed, frozen=True, gc=False):
    """How soon an order is to arrive."""

    eq: ServiceLevel | UnsetType = UNSET
    """It is this one."""
    not_eq: ServiceLevel | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ServiceLevel, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessServiceLevelListFilter(Closed, frozen=True, gc=False):
    """How soon orders are to arrive."""

    contains: ProcessServiceLevelFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessShipmentStatusFilter(Closed, frozen=True, gc=False):
    """The status of a shipment."""

    eq: ShipmentStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: ShipmentStatus | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ShipmentStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ProcessShipmentStatusListFilter(Closed, frozen=True, gc=False):
    """The statuses of its shipments."""

    contains: ProcessShipmentStatusFilter | UnsetType = UNSET
    """One of them is like this."""


class ProcessHandoverJobFilter(Closed, frozen=True, gc=False):
    """Hand-over jobs."""

    status: ProcessHandoverJobStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessPackJobFilter(Closed, frozen=True, gc=False):
    """Pack jobs."""

    status: ProcessPackJobStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessParcelFilter(Closed, frozen=True, gc=False):
    """Parcels."""

    status: ProcessParcelStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessReturnJobFilter(Closed, frozen=True, gc=False):
    """Return jobs."""

    status: ProcessReturnJobStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessServiceJobFilter(Closed, frozen=True, gc=False):
    """Service jobs."""

    status: ProcessServiceJobStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessShipmentFilter(Closed, frozen=True, gc=False):
    """Shipments."""

    status: ProcessShipmentStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessPickJobFilter(Closed, frozen=True, gc=False):
    """Pick jobs."""

    short_id: StringSearchFilter | UnsetType = UNSET
    """The short name of the job."""
    status: ProcessPickJobStatusListFilter | UnsetType = UNSET
    """How far it is."""


class ProcessBrandFilter(Closed, frozen=True, gc=False):
    """The brand."""

    name: StringSearchFilter | UnsetType = UNSET
    """Its name."""


class ProcessCarrierFilter(Closed, frozen=True, gc=False):
    """The carrier of its parcels."""

    carrier_tracking_number: StringSearchFilter | UnsetType = UNSET
    """The number that the carrier gave a parcel."""
    name: StringSearchFilter | UnsetType = UNSET
    """The name of the carrier."""


class ProcessDomainStatusesFilter(Closed, frozen=True, gc=False):
    """How far each domain is."""

    order: ProcessEntityStatusListFilter | UnsetType = UNSET
    """The order."""
    routing: ProcessEntityStatusListFilter | UnsetType = UNSET
    """Routing. This hub does not route, so none matches."""
    picking: ProcessEntityStatusListFilter | UnsetType = UNSET
    """Picking. This hub knows of none, so none matches."""
    packing: ProcessEntityStatusListFilter | UnsetType = UNSET
    """Packing. This hub knows of none, so none matches."""
    shipping: ProcessEntityStatusListFilter | UnsetType = UNSET
    """Shipping. This hub knows of none, so none matches."""
    handover: ProcessEntityStatusListFilter | UnsetType = UNSET
    """Handing over. This hub knows of none, so none matches."""
    return_: ProcessEntityStatusListFilter | UnsetType = msgspec.field(default=UNSET, name="return")
    """Returns. This hub knows of none, so none matches."""
    service: ProcessEntityStatusListFilter | UnsetType = UNSET
    """Services. This hub knows of none, so none matches."""
