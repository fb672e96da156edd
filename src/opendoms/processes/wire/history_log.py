"""What happened to a process, as the contract tells it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.consumer import AddressType
from opendoms.orders.wire.creation import OrderStatus
from opendoms.processes.wire.list import Size, Text
from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, LocaleString, Timestamp, Wire

HistoryEventType = Literal[
    "ORDER_CREATED", "LOCKED_ORDER_CREATED", "DELIVERY_PROMISE_CREATED", "ORDER_CANCELLED", "ORDER_FORCE_CANCELLED",
    "ORDER_UNLOCKED", "ORDER_CREATED_FROM_PROMISE", "ORDER_MANUAL_REROUTE", "UNROUTABLE_ITEMS_REROUTE",
    "REROUTE_FAILED", "ORDER_MANUAL_FACILITY_ASSIGNMENT", "ORDER_TIME_TRIGGERED_REROUTE", "ORDER_HAS_UNROUTABLE_ITEMS",
    "ORDER_INACTIVITY_TIME_TRIGGERED_REROUTE", "TASK_MANUAL_REROUTE", "ORDER_MODIFICATION_REROUTE",
    "PICKING_DONE_INCOMPLETE_REROUTE", "CONSUMER_ADDRESS_CHANGED", "ORDER_ITEM_AMOUNT_CHANGED", "ORDER_ITEM_DELETED",
    "ORDER_ITEM_ADDED", "ORDER_PREFERRED_DATE_MODIFIED", "OPERATIVE_TASK_CREATED", "PICKING_IN_PROGRESS",
    "PICKING_PAUSED", "PICKING_DONE", "PICKING_DONE_INCOMPLETE", "PICKING_ABORTED_NO_ITEMS_PICKED", "PICKING_RESET",
    "PICKING_RESTART", "PICKING_CANCELLED", "PACKING_CREATED", "PACKING_IN_PROGRESS", "PACKING_DONE", "PARCEL_CREATED",
    "PARCEL_LABEL_REQUESTED", "PARCEL_LABEL_CREATION_FAILED", "HANDOVER_CREATED", "HANDOVER_DONE",
    "HANDOVER_DONE_WITH_REFUSED_ITEMS", "HANDOVER_CANCELED", "SERVICEJOB_CREATED", "SERVICEJOB_IN_PROGRESS",
    "SERVICEJOB_DONE", "SERVICEJOB_CANCELED", "ACTION_TRIGGERED", "COMMENT_ADDED", "RETURN_ANNOUNCED",
    "RETURN_CANCELED", "RETURN_FINISHED", "REFUND_TRIGGERED",
]  # fmt: skip


class HistoryLogsQuery(Wire, frozen=True, gc=False):
    """The parameters of the history logs."""

    type: Text | UnsetType = UNSET
    """Only entries of this type."""
    username: Text | UnsetType = UNSET
    """Only entries of this user."""
    facility_name: Text | UnsetType = UNSET
    """Only entries of the facility of this name. No entry of this hub is a facility's, so none matches."""
    start_after_id: Text | UnsetType = UNSET
    """The list begins after this entry; the id of the last one of the page before."""
    size: Size = LIST_SIZE_DEFAULT
    """How many entries a page holds at most, up to 500."""
    order_by: (
        Literal[
            "TIMESTAMP_DESC",
            "TIMESTAMP_ASC",
            "INFO_DESC",
            "INFO_ASC",
            "TYPE_ASC",
            "TYPE_DESC",
            "USERNAME_DESC",
            "USERNAME_ASC",
            "FACILITY_NAME_DESC",
            "FACILITY_NAME_ASC",
        ]
        | UnsetType
    ) = UNSET
    """In which order; the newest first where absent."""
    filter_consecutive_duplicates: bool = True
    """Whether an entry that says the same as the one before it is left out."""


class HistoryLogUser(Wire, frozen=True, gc=False):
    """Who did it."""

    user_ref: str
    """The subject of the token, or the hub itself."""
    username: str
    """Their name where it is known, else the same again."""


class HistoryLogReason(Wire, frozen=True, gc=False):
    """A reason, as it was then."""

    id: str
    """The id of the reason."""
    version: int | float
    """Its version then."""
    reason: str | UnsetType = UNSET
    """The reason in one language."""
    reason_localized: LocaleString | UnsetType = UNSET
    """The reason per locale."""


class HistoryLogFacilityGroup(Wire, frozen=True, gc=False):
    """A group of facilities."""

    facility_group_ref: str
    """The id of the group."""
    version: int | float
    """Its version then."""
    name_localized: LocaleString
    """Its name per locale."""
    name: str | UnsetType = UNSET
    """Its name in one language."""


class HistoryLogFacility(Wire, frozen=True, gc=False):
    """A facility, as it was then."""

    facility_ref: str | UnsetType = UNSET
    """The id of the facility."""
    name: str | UnsetType = UNSET
    """Its name."""
    version: int | float | UnsetType = UNSET
    """Its version then."""
    facility_groups: tuple[HistoryLogFacilityGroup, ...] | UnsetType = UNSET
    """The groups that it was in."""


class HistoryLogMeasurementUnit(Wire, frozen=True, gc=False):
    """The unit that an article is counted in."""

    abbreviation_localized: LocaleString | UnsetType = UNSET
    """Its short form per locale."""


class HistoryLogArticle(Wire, frozen=True, gc=False):
    """An article of the order."""

    title: str
    """The name of the article."""
    title_localized: LocaleString | UnsetType = UNSET
    """The name per locale."""
    previous_quantity: int | float | UnsetType = UNSET
    """How much was ordered before."""
    new_quantity: int | float | UnsetType = UNSET
    """How much is ordered since."""
    measurement_unit: HistoryLogMeasurementUnit | UnsetType = UNSET
    """The unit that it is counted in."""


class HistoryLogAddress(Wire, frozen=True, gc=False):
    """An address that was changed."""

    address_type: AddressType | UnsetType = UNSET
    """What the address is used for."""
    changed_fields: tuple[str, ...] | UnsetType = UNSET
    """The names of the members that were changed; all of them where it came or went."""


class HistoryLogStatusReason(Wire, frozen=True, gc=False):
    """Why the order has a status."""

    status: OrderStatus | UnsetType = UNSET
    """The status."""
    reason: str | UnsetType = UNSET
    """The reason."""


class HistoryLogShortPickReason(Wire, frozen=True, gc=False):
    """Why less was picked than ordered."""

    reason_localized: LocaleString
    """The reason per locale."""
    reason: str | UnsetType = UNSET
    """The reason in one language."""


class HistoryLogShortPickedItem(Wire, frozen=True, gc=False):
    """An article of which less was picked than ordered."""

    article: HistoryLogArticle
    """The article."""
    picked: int | float
    """How much was picked."""
    quantity: int | float
    """How much was ordered."""
    short_pick_reason: HistoryLogShortPickReason | UnsetType = UNSET
    """Why."""


class HistoryLogPayload(Wire, frozen=True, gc=False):
    """What only this kind of entry tells. This hub's entries tell of orders; the other members never come from it."""

    articles: tuple[HistoryLogArticle, ...] | UnsetType = UNSET
    """The articles that were added, taken away, or changed in quantity."""
    changes: tuple[HistoryLogAddress, ...] | UnsetType = UNSET
    """The addresses that were changed."""
    previous_preferred_handling_time: Timestamp | UnsetType | None = UNSET
    """The preferred time before; null where there was none."""
    new_preferred_handling_time: Timestamp | UnsetType | None = UNSET
    """The preferred time since; null where there is none."""
    cancelation_reason: HistoryLogReason | UnsetType = UNSET
    """Why the order was cancelled."""
    status_reason: HistoryLogStatusReason | UnsetType = UNSET
    """Why the order has its status."""
    reason: str | UnsetType = UNSET
    """What the editor said about it."""
    reroute_description: HistoryLogReason | UnsetType = UNSET
    """Why it was routed anew."""
    target_facility: HistoryLogFacility | UnsetType = UNSET
    """Where it was routed to."""
    facility: HistoryLogFacility | UnsetType = UNSET
    """Where it was worked on."""
    short_id: str | UnsetType = UNSET
    """The short name of a job."""
    groups: tuple[str, ...] | UnsetType = UNSET
    """The groups of an external action."""
    error_message: str | UnsetType = UNSET
    """Why no label could be made."""
    short_picked_items: tuple[HistoryLogShortPickedItem, ...] | UnsetType = UNSET
    """What was picked short."""
    item_return_jobs_ref: str | UnsetType = UNSET
    """A return job."""


class HistoryLog(Wire, frozen=True, gc=False):
    """One entry: one thing that happened."""

    id: str
    """The id of the entry."""
    event_type: HistoryEventType
    """What happened."""
    type: str
    """The same; other types are those of callers' own actions, of which this hub has none."""
    domain: Literal[
        "ORDER",
        "ORDER_MODIFICATION",
        "PICKJOB",
        "PACKJOB",
        "SERVICEJOB",
        "PARCEL",
        "HANDOVER",
        "ROUTING_PLAN",
        "EXTERNAL_ACTION",
        "SHIPMENT",
        "ITEM_RETURN",
    ]
    """What it happened to."""
    domain_ref: str
    """The id of what it happened to."""
    status: str | None
    """The status of the order afterwards."""
    version: int | float | None
    """The version of the order afterwards."""
    timestamp: Timestamp
    """When it happened."""
    user: HistoryLogUser
    """Who did it."""
    event_cause: str | UnsetType = UNSET
    """The request or the timer that did it."""
    info: str | UnsetType = UNSET
    """What else is to be said."""
    payload: HistoryLogPayload | UnsetType | None = UNSET
    """What only this kind of entry tells."""


class HistoryLogs(Wire, frozen=True, gc=False):
    """A page of history logs."""

    history_logs: Annotated[tuple[HistoryLog, ...], Meta(max_length=LIST_MAX)]
    """The entries of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many entries match, on all pages together."""
