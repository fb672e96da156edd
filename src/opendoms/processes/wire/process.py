"""A process as it is answered."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import Int64, TagReference, Timestamp, Wire

ProcessStatus = Literal["CREATED", "IN_PROGRESS", "FINISHED", "CANCELED", "ERROR", "NOT_AVAILABLE"]
SubStatus = Literal["MISMATCH", "DELAYED", "AT_RISK"]
EntityStatus = Literal["PENDING", "CREATED", "IN_PROGRESS", "STUCK", "FINISHED", "CANCELED", "OBSOLETE"]
ModuleStatus = Literal["PENDING", "CREATED", "IN_PROGRESS", "STUCK", "FINISHED", "INCOMPLETE", "CANCELED", "OBSOLETE"]
Domain = Literal[
    "ORDER",
    "ROUTING_PLAN",
    "PICKJOB",
    "PACKJOB",
    "SHIPMENT",
    "HANDOVER",
    "RETURN",
    "SERVICE_JOB",
    "ITEM_RETURN_JOB",
    "PARCEL",
    "RESERVATION",
]
ModuleEntity = Literal[
    "ORDER",
    "ROUTING_PLAN",
    "PICK_JOB",
    "PACK_JOB",
    "SHIPMENT",
    "HANDOVER_JOB",
    "SERVICE_JOB",
    "ITEM_RETURN_JOB",
    "PARCEL",
    "RESERVATION",
    "PARCEL_INFORMATION",
    "LABEL",
    "TRACKING_INFORMATION",
]
Module = Literal[
    "PICKING",
    "ROUTING",
    "PACKING",
    "SHIPMENT",
    "HANDOVER",
    "RETURN",
    "SERVICE_JOB",
    "RESERVATION",
    "ORDER",
    "SHIPPING",
]
Refs = tuple[str, ...]


class ProcessStatusDetail(Wire, frozen=True, gc=False):
    """How far something is."""

    status: ProcessStatus
    """How far it is; NOT_AVAILABLE where this hub does no such work."""
    sub_statuses: tuple[SubStatus, ...] | UnsetType | None = UNSET
    """What is wrong with it."""
    sub_status_history: tuple[SubStatus, ...] | UnsetType = UNSET
    """What was wrong with it."""


class ModuleStatusItem(Wire, frozen=True, gc=False):
    """How far one module is."""

    module: Module
    """The module."""
    status: ModuleStatus
    """How far it is."""
    sub_statuses: tuple[SubStatus, ...] | UnsetType | None = UNSET
    """What is wrong with it."""


class LastModuleEntityStatusItem(Wire, frozen=True, gc=False):
    """How far one entity is."""

    module_entity: ModuleEntity
    """What kind of entity it is."""
    status: EntityStatus
    """How far it is."""
    entity_ref: str
    """The id of the entity."""
    facility_ref: str | UnsetType = UNSET
    """The facility that works on it."""
    sub_statuses: tuple[SubStatus, ...] | UnsetType = UNSET
    """What is wrong with it."""


class ModuleEntityStatusHistoryItem(Wire, frozen=True, gc=False):
    """How far one entity was."""

    module_entity: ModuleEntity
    """What kind of entity it is."""
    status: EntityStatus
    """How far it was."""
    entity_ref: str
    """The id of the entity."""
    created: Timestamp
    """Since when."""
    facility_ref: str | UnsetType = UNSET
    """The facility that worked on it."""
    sub_status: SubStatus | UnsetType = UNSET
    """What was wrong with it."""


class LastDomainEntityStatusItem(Wire, frozen=True, gc=False):
    """How far one entity is, by an older division."""

    domain: Domain
    """What kind of entity it is."""
    status: EntityStatus
    """How far it is."""
    entity_id: str
    """The id of the entity."""
    sub_statuses: tuple[SubStatus, ...] | UnsetType = UNSET
    """What is wrong with it."""


class DomainStatusHistoryItem(Wire, frozen=True, gc=False):
    """How far one entity was, by an older division."""

    timestamp: Timestamp
    """Since when."""
    domain: Domain
    """What kind of entity it is."""
    domain_entity_process_status: EntityStatus
    """How far it was."""
    domain_ref: str
    """The id of the entity."""
    status_change_reason_key: str | UnsetType = UNSET
    """Why."""


class Process(Wire, frozen=True, gc=False, kw_only=True):
    """What belongs to one order, seen together.

    This hub keeps orders. Work in stores and warehouses is not its own, so there are no references to such work, and
    the status of such work is NOT_AVAILABLE.
    """

    id: str
    """The id of the process; its order has it as `processId`."""
    version: Int64
    """Moves with every change of the order and of the process itself."""
    created: Timestamp | UnsetType = UNSET
    """When the order was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the order or the process was last changed."""
    order_ref: str | UnsetType = UNSET
    """The id of the order."""
    tenant_order_id: str | UnsetType = UNSET
    """The caller's own number of the order."""
    tags: Annotated[tuple[TagReference, ...], Meta(min_length=1)] | UnsetType = UNSET
    """The tags of the order, and those that were given to the process."""
    gdpr_cleanup_date: Timestamp
    """When personal data is taken out, at the earliest: once the order is over."""
    deletion_date: Timestamp | UnsetType = UNSET
    """When the process is removed with its order, at the earliest: once that is over."""
    is_anonymized: bool | UnsetType = UNSET
    """Whether personal data has been taken out."""
    status: ProcessStatus | UnsetType = UNSET
    """How far it is as a whole. See `statuses`."""
    statuses: ProcessStatusDetail | UnsetType = UNSET
    """How far it is as a whole."""
    doms_status: ProcessStatus | UnsetType = UNSET
    """How far the order is. See `domsStatuses`."""
    doms_statuses: ProcessStatusDetail | UnsetType = UNSET
    """How far the order is."""
    operative_status: ProcessStatus | UnsetType = UNSET
    """How far the work in stores and warehouses is. See `operativeStatuses`."""
    operative_statuses: ProcessStatusDetail | UnsetType = UNSET
    """How far the work in stores and warehouses is."""
    inventory_status: ProcessStatus | UnsetType = UNSET
    """How far the work on stock is. See `inventoryStatuses`."""
    inventory_statuses: ProcessStatusDetail | UnsetType = UNSET
    """How far the work on stock is."""
    return_status: ProcessStatus | UnsetType = UNSET
    """How far returns are. See `returnStatuses`."""
    return_statuses: ProcessStatusDetail | UnsetType = UNSET
    """How far returns are."""
    carrier_management_statuses: ProcessStatusDetail | UnsetType = UNSET
    """How far the carriers' work is."""
    module_statuses: tuple[ModuleStatusItem, ...] | UnsetType = UNSET
    """How far each module is that takes part."""
    last_module_entity_statuses: tuple[LastModuleEntityStatusItem, ...] | UnsetType = UNSET
    """How far each entity is."""
    module_entity_statuses_history: tuple[ModuleEntityStatusHistoryItem, ...] | UnsetType = UNSET
    """How far each entity was. Left out: history logs tell more."""
    domain_statuses: dict[str, EntityStatus] | UnsetType = UNSET
    """How far each domain is, by an older division."""
    last_domain_entity_statuses: tuple[LastDomainEntityStatusItem, ...] | UnsetType = UNSET
    """How far each entity is, by an older division."""
    domain_status_history: tuple[DomainStatusHistoryItem, ...] | UnsetType = UNSET
    """How far each entity was, by an older division. Left out: history logs tell more."""
    facility_refs: Refs | UnsetType = UNSET
    """The facilities that the order names."""
    flat_refs: Refs | UnsetType = UNSET
    """The ids of everything that is part of the process."""
    document_refs: Refs | UnsetType = UNSET
    """Documents."""
    external_action_refs: Refs | UnsetType = UNSET
    """External actions."""
    handover_job_refs: Refs | UnsetType = UNSET
    """Hand-over jobs."""
    item_return_jobs_ref: Refs | UnsetType = UNSET
    """Return jobs."""
    pack_job_refs: Refs | UnsetType = UNSET
    """Pack jobs."""
    pick_job_refs: Refs | UnsetType = UNSET
    """Pick jobs."""
    return_refs: Refs | UnsetType = UNSET
    """Returns."""
    routing_plan_refs: Refs | UnsetType = UNSET
    """Routing plans."""
    service_job_refs: Refs | UnsetType = UNSET
    """Service jobs."""
    shipment_refs: Refs | UnsetType = UNSET
    """Shipments."""
