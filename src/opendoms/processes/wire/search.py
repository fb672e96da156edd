"""Searching processes: filters, sort and answer."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.processes.wire.process import Process
from opendoms.processes.wire.status_filters import (
    ProcessBrandFilter,
    ProcessCarrierFilter,
    ProcessDomainStatusesFilter,
    ProcessHandoverJobFilter,
    ProcessOrderStatusListFilter,
    ProcessPackJobFilter,
    ProcessParcelFilter,
    ProcessPickJobFilter,
    ProcessReturnJobFilter,
    ProcessServiceJobFilter,
    ProcessServiceLevelListFilter,
    ProcessShipmentFilter,
    ProcessStatusEnumFilter,
    ProcessTrackingStatusListFilter,
)
from opendoms.search.wire import (
    FILTERS_MAX,
    VALUES_MAX,
    DateFilter,
    Direction,
    Number,
    PageInfo,
    SearchPayload,
    SearchText,
    StringFilter,
    StringListFilter,
    StringSearchFilter,
)
from opendoms.web.wire_types import Closed, Wire

Numbers = Annotated[tuple[Number, ...], Meta(max_length=VALUES_MAX)]


class ProcessNumberFilter(Closed, frozen=True, gc=False):
    """A number."""

    eq: Number | UnsetType = UNSET
    """The number is this one."""
    not_eq: Number | UnsetType = UNSET
    """The number is not this one, or is absent."""
    in_: Numbers | UnsetType = msgspec.field(default=UNSET, name="in")
    """The number is one of these."""
    not_in: Numbers | UnsetType = UNSET
    """The number is none of these, or is absent."""
    gt: Number | UnsetType = UNSET
    """The number is larger."""
    gte: Number | UnsetType = UNSET
    """The number is as large, or larger."""
    lt: Number | UnsetType = UNSET
    """The number is smaller."""
    lte: Number | UnsetType = UNSET
    """The number is as large, or smaller."""


class ProcessLikeFilter(Closed, frozen=True, gc=False):
    """Many texts at once."""

    like: SearchText | UnsetType = UNSET
    """A regular expression that matches somewhere in one of them; `(?i)` in front ignores case."""


class ProcessTagsFilter(Closed, frozen=True, gc=False):
    """One tag."""

    id: StringFilter | UnsetType = UNSET
    """The id of the tag."""
    value: StringFilter | UnsetType = UNSET
    """The value that the tag has here."""


class ProcessTagsListFilter(Closed, frozen=True, gc=False):
    """The tags."""

    contains: ProcessTagsFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class ProcessConsumerAddressFilter(Closed, frozen=True, gc=False):
    """The consumer's addresses."""

    country: StringSearchFilter | UnsetType = UNSET
    """The country of one of them."""
    delivery_country: StringSearchFilter | UnsetType = UNSET
    """The country that the goods are sent to."""


class ProcessFacilityAddressFilter(Closed, frozen=True, gc=False):
    """The address of a facility."""

    country: StringSearchFilter | UnsetType = UNSET
    """The country."""


class ProcessFacilityFilter(Closed, frozen=True, gc=False):
    """The facilities. Refused: search facilities, and ask by `facilityRefs`."""

    name: StringSearchFilter | UnsetType = UNSET
    """The name of a facility."""
    address: ProcessFacilityAddressFilter | UnsetType = UNSET
    """The address of a facility."""


class ProcessOrderFilter(Closed, frozen=True, gc=False):
    """The order."""

    consumer_id: StringSearchFilter | UnsetType = UNSET
    """The caller's own id of the consumer."""
    desired_delivery_time: DateFilter | UnsetType = UNSET
    """When the consumer would like to have the goods."""
    order_date: DateFilter | UnsetType = UNSET
    """When the consumer placed the order."""
    ordered_amount: ProcessNumberFilter | UnsetType = UNSET
    """How many pieces were ordered, all lines together."""
    provisioning_time: DateFilter | UnsetType = UNSET
    """When the goods are to be ready for collection."""
    status: ProcessOrderStatusListFilter | UnsetType = UNSET
    """The status of the order."""
    tenant_order_id: StringSearchFilter | UnsetType = UNSET
    """The caller's own number of the order."""


class ProcessStickerFilter(Closed, frozen=True, gc=False):
    """The stickers."""

    name: StringSearchFilter | UnsetType = UNSET
    """The text on one of them, in any language."""


class ProcessReferencedFilter(Closed, frozen=True, gc=False):
    """What belongs to the process. Of what this hub has not, nothing matches."""

    brand: ProcessBrandFilter | UnsetType = UNSET
    """The brand."""
    carrier: ProcessCarrierFilter | UnsetType = UNSET
    """The carrier of its parcels."""
    consumer_address: ProcessConsumerAddressFilter | UnsetType = UNSET
    """The consumer's addresses."""
    facility: ProcessFacilityFilter | UnsetType = UNSET
    """The facilities."""
    handover_job: ProcessHandoverJobFilter | UnsetType = UNSET
    """Hand-over jobs."""
    order: ProcessOrderFilter | UnsetType = UNSET
    """The order."""
    pack_job: ProcessPackJobFilter | UnsetType = UNSET
    """Pack jobs."""
    parcel: ProcessParcelFilter | UnsetType = UNSET
    """Parcels."""
    parcel_tracking_status: ProcessTrackingStatusListFilter | UnsetType = UNSET
    """Where parcels are."""
    pick_job: ProcessPickJobFilter | UnsetType = UNSET
    """Pick jobs."""
    return_job: ProcessReturnJobFilter | UnsetType = UNSET
    """Return jobs."""
    service_job: ProcessServiceJobFilter | UnsetType = UNSET
    """Service jobs."""
    service_level: ProcessServiceLevelListFilter | UnsetType = UNSET
    """How soon it is to arrive."""
    service_type: StringSearchFilter | UnsetType = UNSET
    """COLLECT where it is fetched, SHIPPING where it is sent."""
    shipment: ProcessShipmentFilter | UnsetType = UNSET
    """Shipments."""
    sticker: ProcessStickerFilter | UnsetType = UNSET
    """The stickers."""
    target_time: DateFilter | UnsetType = UNSET
    """When it is to be handed over."""
    tenant_article_id: StringSearchFilter | UnsetType = UNSET
    """The caller's own number of an ordered article."""


class ProcessSearchQuery(Closed, frozen=True, gc=False):
    """Which processes to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[ProcessSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[ProcessSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    process_id: StringSearchFilter | UnsetType = UNSET
    """The id of the process."""
    order_ref: StringFilter | UnsetType = UNSET
    """The id of the order."""
    created: DateFilter | UnsetType = UNSET
    """When the order was stored."""
    status: ProcessStatusEnumFilter | UnsetType = UNSET
    """How far it is as a whole."""
    doms_status: ProcessStatusEnumFilter | UnsetType = UNSET
    """How far the order is."""
    operative_status: ProcessStatusEnumFilter | UnsetType = UNSET
    """How far the work in stores and warehouses is."""
    inventory_status: ProcessStatusEnumFilter | UnsetType = UNSET
    """How far the work on stock is."""
    return_status: ProcessStatusEnumFilter | UnsetType = UNSET
    """How far returns are."""
    carrier_management_statuses: ProcessStatusEnumFilter | UnsetType = UNSET
    """How far the carriers' work is."""
    domain_statuses: ProcessDomainStatusesFilter | UnsetType = UNSET
    """How far each domain is."""
    tags: ProcessTagsListFilter | UnsetType = UNSET
    """The tags."""
    referenced: ProcessReferencedFilter | UnsetType = UNSET
    """What belongs to the process."""
    search_term: ProcessLikeFilter | UnsetType = UNSET
    """Ids, names, e-mail addresses and articles."""
    facility_refs: StringListFilter | UnsetType = UNSET
    """The facilities that the order names."""
    facility_refs_with_active_operations: StringFilter | UnsetType = UNSET
    """The facilities that are at work on it. This hub knows of no such work, so none matches."""
    flat_refs: StringListFilter | UnsetType = UNSET
    """Everything that is part of the process."""
    document_refs: StringListFilter | UnsetType = UNSET
    """Documents. This hub has none."""
    external_action_refs: StringListFilter | UnsetType = UNSET
    """External actions. This hub has none."""
    handover_job_refs: StringListFilter | UnsetType = UNSET
    """Hand-over jobs. This hub has none."""
    item_return_jobs_ref: StringListFilter | UnsetType = UNSET
    """Return jobs. This hub has none."""
    pack_job_refs: StringListFilter | UnsetType = UNSET
    """Pack jobs. This hub has none."""
    pick_job_refs: StringListFilter | UnsetType = UNSET
    """Pick jobs. This hub has none."""
    return_refs: StringListFilter | UnsetType = UNSET
    """Returns. This hub has none."""
    routing_plan_refs: StringListFilter | UnsetType = UNSET
    """Routing plans. This hub has none."""
    service_job_refs: StringListFilter | UnsetType = UNSET
    """Service jobs. This hub has none."""
    shipment_refs: StringListFilter | UnsetType = UNSET
    """Shipments. This hub has none."""


class ProcessBrandSort(Closed, frozen=True, gc=False):
    """By the brand."""

    name: Direction | UnsetType = UNSET
    """By its name."""


class ProcessCarrierSort(Closed, frozen=True, gc=False):
    """By the carrier."""

    name: Direction | UnsetType = UNSET
    """By its name."""


class ProcessConsumerAddressSort(Closed, frozen=True, gc=False):
    """By the consumer's address."""

    country: Direction | UnsetType = UNSET
    """By country."""
    postal_code: Direction | UnsetType = UNSET
    """By postal code."""


class ProcessFacilityAddressSort(Closed, frozen=True, gc=False):
    """By the address of the facility. Refused."""

    country: Direction | UnsetType = UNSET
    """By country."""


class ProcessFacilitySort(Closed, frozen=True, gc=False):
    """By the facility. Refused."""

    address: ProcessFacilityAddressSort | UnsetType = UNSET
    """By its address."""
    name: Direction | UnsetType = UNSET
    """By its name."""


class ProcessUpdateDetailsSort(Closed, frozen=True, gc=False):
    """By the edits of the order."""

    created: Direction | UnsetType = UNSET
    """By the first of them, or the last going down."""
    user: Direction | UnsetType = UNSET
    """By who edited it."""


class ProcessOrderSort(Closed, frozen=True, gc=False):
    """By the order."""

    desired_delivery_time: Direction | UnsetType = UNSET
    """By the time that the consumer would like."""
    order_date: Direction | UnsetType = UNSET
    """By when it was placed."""
    ordered_amount: Direction | UnsetType = UNSET
    """By how many pieces were ordered."""
    provisioning_time: Direction | UnsetType = UNSET
    """By when it is to be ready."""
    tenant_order_id: Direction | UnsetType = UNSET
    """By the caller's own number."""
    update_details: ProcessUpdateDetailsSort | UnsetType = UNSET
    """By its edits."""


class ProcessStickerSort(Closed, frozen=True, gc=False):
    """By the stickers."""

    name: Direction | UnsetType = UNSET
    """By the text on the first of them, or the last going down."""


class ProcessReferencedSort(Closed, frozen=True, gc=False):
    """By what belongs to the process. Exactly one member."""

    brand: ProcessBrandSort | UnsetType = UNSET
    """By the brand, of which this hub has none."""
    carrier: ProcessCarrierSort | UnsetType = UNSET
    """By the carrier, of which no process has any."""
    consumer_address: ProcessConsumerAddressSort | UnsetType = UNSET
    """By the consumer's address."""
    facility: ProcessFacilitySort | UnsetType = UNSET
    """By the facility."""
    order: ProcessOrderSort | UnsetType = UNSET
    """By the order."""
    parcel_tracking_status: Direction | UnsetType = UNSET
    """By where parcels are; there are none."""
    sticker: ProcessStickerSort | UnsetType = UNSET
    """By the stickers."""
    target_time: Direction | UnsetType = UNSET
    """By when it is to be handed over."""


class ProcessSort(Closed, frozen=True, gc=False):
    """What to sort by: exactly one member."""

    process_id: Direction | UnsetType = UNSET
    """By id, which is by creation."""
    status: Direction | UnsetType = UNSET
    """By how far it is."""
    doms_status: Direction | UnsetType = UNSET
    """By how far the order is."""
    operative_status: Direction | UnsetType = UNSET
    """By how far the work is."""
    inventory_status: Direction | UnsetType = UNSET
    """By how far the work on stock is."""
    return_status: Direction | UnsetType = UNSET
    """By how far returns are."""
    active_facility_name: Direction | UnsetType = UNSET
    """By the facility that is at work on it; none is."""
    active_facility_country: Direction | UnsetType = UNSET
    """By the country of that facility."""
    referenced: ProcessReferencedSort | UnsetType = UNSET
    """By what belongs to it."""


class ProcessSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for processes."""

    query: ProcessSearchQuery
    """Which processes to find."""
    sort: Annotated[tuple[ProcessSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; the newest first where absent."""


class ProcessPaginatedResult(Wire, frozen=True, gc=False):
    """One page of processes that were found."""

    processes: tuple[Process, ...]
    """The processes of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many were found on all pages; only where it was asked for."""
