"""The list of processes: its parameters and a page of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.creation import OrderStatus
from opendoms.processes.wire.process import Process
from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, Timestamp, Wire

TEXT_MAX = 256  # characters of a text that is looked for

# The contract publishes no bounds here.
UNBOUNDED_PAGE = {"published": {"minimum": None, "maximum": None}}
Size = Annotated[int, Meta(ge=1, le=LIST_MAX, extra_json_schema=UNBOUNDED_PAGE)]
Text = Annotated[str, Meta(max_length=TEXT_MAX, extra_json_schema={"published": {"maxLength": None}})]
Texts = Annotated[list[Text], Meta(max_length=LIST_MAX, extra_json_schema={"published": {"maxItems": None}})]


class ProcessListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of processes. All that are given must hold."""

    start_after_id: Text | UnsetType = UNSET
    """The list begins after this process; the id of the last one of the page before."""
    size: Size = LIST_SIZE_DEFAULT
    """How many processes a page holds at most, up to 500."""
    status: Texts | UnsetType = UNSET
    """How far they are as a whole: one of these."""
    operative_status: Texts | UnsetType = UNSET
    """How far the work in stores and warehouses is: one of these."""
    tracking_status: Texts | UnsetType = UNSET
    """Where parcels are: one of these. This hub has none, so none matches."""
    tenant_order_id: Text | UnsetType = UNSET
    """The caller's own number of the order."""
    consumer_id: Text | UnsetType = UNSET
    """The caller's own id of the consumer."""
    start_target_time: Timestamp | UnsetType = UNSET
    """The order is to be handed over at this time or later."""
    end_target_time: Timestamp | UnsetType = UNSET
    """The order is to be handed over at this time or earlier."""
    start_date: Timestamp | UnsetType = UNSET
    """The order was stored at this time or later. Without it, no process is left out for its age."""
    end_date: Timestamp | UnsetType = UNSET
    """The order was stored at this time or earlier."""
    facility_refs: Texts | UnsetType = UNSET
    """The order names one of these facilities."""
    facility_refs_with_active_operations: Texts | UnsetType = UNSET
    """One of these facilities is at work on it. This hub knows of no such work, so none matches."""
    countries: Texts | UnsetType = UNSET
    """One of the consumer's addresses is in one of these countries."""
    facility_countries: Texts | UnsetType = UNSET
    """One of the facilities is in one of these countries. Refused: search facilities, and ask by `facilityRefs`."""
    brand_refs: Texts | UnsetType = UNSET
    """The order is for one of these brands. This hub has none, so none matches."""
    service_levels: list[Literal["DELIVERY", "SAMEDAY"]] | UnsetType = UNSET
    """How soon it is to arrive: one of these."""
    service_types: list[Literal["COLLECT", "SHIPPING"]] | UnsetType = UNSET
    """Whether it is fetched or sent."""
    order_domain_status: Texts | UnsetType = UNSET
    """How far the order is: one of these."""
    routing_domain_status: Texts | UnsetType = UNSET
    """How far routing is: one of these. This hub does not route, so none matches."""
    picking_domain_status: Texts | UnsetType = UNSET
    """How far picking is: one of these. This hub knows of none, so none matches."""
    packing_domain_status: Texts | UnsetType = UNSET
    """How far packing is: one of these. This hub knows of none, so none matches."""
    shipping_domain_status: Texts | UnsetType = UNSET
    """How far shipping is: one of these. This hub knows of none, so none matches."""
    handover_domain_status: Texts | UnsetType = UNSET
    """How far handing over is: one of these. This hub knows of none, so none matches."""
    return_domain_status: Texts | UnsetType = UNSET
    """How far returns are: one of these. This hub knows of none, so none matches."""
    stickers: Texts | UnsetType = UNSET
    """The order carries one of these stickers, by their keys."""
    search_term: Text | UnsetType = UNSET
    """A regular expression that matches an id, a name, an e-mail address or an article."""
    sort_by: (
        Literal["NAME", "ADDRESS", "STATUS", "OPERATIVESTATUS", "SERVICETYPE", "ORDEREDAMOUNT", "ORDERDATE", "ORDERID"]
        | UnsetType
    ) = UNSET
    """What to sort by; the newest first where absent."""
    sort_by_direction: Literal["ASCENDING", "DESCENDING"] | UnsetType = UNSET
    """Which way to sort; ascending where absent."""
    locked: bool | UnsetType = UNSET
    """Whether the order is locked."""
    order_status: OrderStatus | UnsetType = UNSET
    """The status of the order."""


class Processes(Wire, frozen=True, gc=False):
    """One page of processes."""

    processes: tuple[Process, ...]
    """The processes of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many processes match, on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""


class ProcessQuery(Wire, frozen=True, gc=False):
    """What a process is found by: exactly one of these."""

    tenant_order_id: Text | UnsetType = UNSET
    """The caller's own number of the order: of several orders, the live one, or else the newest."""
    order_ref: Text | UnsetType = UNSET
    """The id of the order."""
    pick_job_ref: Text | UnsetType = UNSET
    """A pick job. This hub has none, so none is found."""
    shipment_ref: Text | UnsetType = UNSET
    """A shipment. This hub has none, so none is found."""
    handover_job_ref: Text | UnsetType = UNSET
    """A hand-over job. This hub has none, so none is found."""
    return_ref: Text | UnsetType = UNSET
    """A return. This hub has none, so none is found."""
