"""What a process is: derived from its order, with what was said about the process itself beside it.

Decision D55: an order that waits (LOCKED, PROMISED) is PENDING, one that is OPEN is CREATED: this hub hands it over to
whoever does the work and does not follow that work, so nothing becomes IN_PROGRESS or FINISHED here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.kernel.clock import INSTANT_MAX, instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.orders.lifecycle import Status, status_at
from opendoms.retention.rules.dates import Timeline, era_of

# What somebody may have brought forward.
DATES: Final = ("gdprCleanupDate", "deletionDate")

# How far an order in each state is: as an entity, and as a process as a whole, which knows no waiting.
_ENTITY: Final = {
    Status.OPEN: "CREATED",
    Status.LOCKED: "PENDING",
    Status.PROMISED: "PENDING",
    Status.CANCELLED: "CANCELED",
    Status.OBSOLETE: "OBSOLETE",
}
_WHOLE: Final = {
    Status.OPEN: "CREATED",
    Status.LOCKED: "CREATED",
    Status.PROMISED: "CREATED",
    Status.CANCELLED: "CANCELED",
    Status.OBSOLETE: "CANCELED",
}
# What this hub does not do has no status.
_NOT_OURS: Final = "NOT_AVAILABLE"
_OTHER_PILLARS: Final = ("operative", "inventory", "return")


def process_of(order: Document, said: Document | None, eras: Timeline, now: int) -> Document:
    """The process of an order, as it is answered.

    `said` is what was said about it, `eras` are how long data is kept, `now` is an instant in ms.
    """
    status = status_at(order, now)
    assert status is not None  # noqa: S101 - narrows the type: a stored order has a status
    whole, entity = _WHOLE[status], _ENTITY[status]
    facilities = list(dict.fromkeys(facility_refs(order)))
    process: Document = {
        "id": order["processId"],
        "version": version_of(order, said),
        "created": order["created"],
        "lastModified": max(order["lastModified"], said["lastModified"] if said else ""),
        "orderRef": order["id"],
        **_dates(order, said or {}, eras),
        "isAnonymized": order.get("anonymized", False),
        "status": whole,
        "statuses": {"status": whole},
        "domsStatus": whole,
        "domsStatuses": {"status": whole},
        "carrierManagementStatuses": {"status": _NOT_OURS},
        "moduleStatuses": [{"module": "ORDER", "status": entity}],
        "lastModuleEntityStatuses": [{"moduleEntity": "ORDER", "status": entity, "entityRef": order["id"]}],
        "domainStatuses": {"order": entity},
        "lastDomainEntityStatuses": [{"domain": "ORDER", "status": entity, "entityId": order["id"]}],
        "facilityRefs": facilities,
        "flatRefs": [order["id"], *facilities],
    }
    for pillar in _OTHER_PILLARS:
        process[f"{pillar}Status"] = _NOT_OURS
        process[f"{pillar}Statuses"] = {"status": _NOT_OURS}
    if "tenantOrderId" in order:
        process["tenantOrderId"] = order["tenantOrderId"]
    tags = [*order.get("tags", ()), *(said or {}).get("tags", ())]
    if tags:
        process["tags"] = unrepeated(tags)
    return process


def _dates(order: Document, said: Document, eras: Timeline) -> Document:
    """When the order is forgotten, and when it goes: by the configuration, or sooner where somebody has said so."""
    created = instant_from(order["created"])
    era = era_of(eras, created)
    latest = [text_of(min(created + kept_ms, INSTANT_MAX)) for kept_ms in (era.cleanup_ms, era.deletion_ms)]
    return {name: min(date, said.get(name, date)) for name, date in zip(DATES, latest, strict=True)}


def version_of(order: Document, said: Document | None) -> int:
    """Moves with every change of either, and never back: the sum of both versions."""
    return int(order["version"]) + (int(said["version"]) if said else 0)


def unrepeated(tags: list[Document]) -> list[Document]:
    """Each tag with its value once, in order."""
    return list({(tag["id"], tag["value"]): tag for tag in tags}.values())


def facility_refs(order: Document) -> Iterator[str]:
    """The ids of the facilities that an order names, as often as it does."""
    preferences = order.get("deliveryPreferences", {})
    if "facilityRef" in order.get("consumer", {}):
        yield order["consumer"]["facilityRef"]
    for collect in preferences.get("collect", ()):
        if "facilityRef" in collect:
            yield collect["facilityRef"]
        yield from collect.get("supplyingFacilities", ())
        suppliers = collect.get("supplyingFacilitiesConfigurations", ())
        yield from (supplier["facilityRef"] for supplier in suppliers if "facilityRef" in supplier)
    selected = preferences.get("shipping", {}).get("preselectedFacilities", ())
    yield from (facility["facilityRef"] for facility in selected if "facilityRef" in facility)
    yield from preferences.get("supplyingFacilities", ())
