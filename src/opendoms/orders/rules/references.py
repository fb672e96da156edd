"""What an order refers to: which facilities, tags and sources, whether they exist, and what follows from them.

Decision D23: what does not exist is refused with its path; a facility that is named by the tenant's id of it is
answered with its own id beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.kernel.facility_urn import tenant_facility_id_of
from opendoms.kernel.refusal import Fault


class Asked(NamedTuple):
    """What an order refers to: facilities by id and by the tenant's id, tags by id, and whether it names a source."""

    facility_ids: frozenset[str] = frozenset()
    tenant_facility_ids: frozenset[str] = frozenset()
    tag_ids: frozenset[str] = frozenset()
    source: bool = False
    order_tags: bool = False

    def anything(self) -> bool:
        """Whether there is something to look up at all; most orders refer to nothing."""
        return self != _NOTHING


_NOTHING: Final = Asked()


class Known(NamedTuple):
    """What of it exists.

    `facilities` maps the id of each facility that was found to the tenant's id of it, where it has one; `tags` the id
    of each tag to its values; `source_ids` and `tenant_source_ids` are those of all sources; `order_tag_configuration`
    says which stickers tags bring.
    """

    facilities: dict[str, str | None]
    tags: dict[str, frozenset[str]]
    source_ids: frozenset[str]
    tenant_source_ids: frozenset[str]
    order_tag_configuration: Document


NOTHING_KNOWN: Final = Known({}, {}, frozenset(), frozenset(), {})


class _Place(NamedTuple):
    """An object of the order that names a facility, and where it stands."""

    path: str
    holder: Document


def asked(order: Document) -> Asked:
    """What is to be looked up for an order, or for a change of one."""
    ids: set[str] = set()
    tenant_ids: set[str] = set()
    for place in _places(order):
        own, tenants = _named(place.holder)
        ids.update(own)
        tenant_ids.update(tenants)
    for _, facility_id in _plain_ids(order):
        ids.add(facility_id)
    lines = order.get("orderLineItems") or ()
    tags = {tag["id"] for tag in order.get("tags", ())} | {tag["id"] for line in lines for tag in line.get("tags", ())}
    if not (ids or tenant_ids or tags or "source" in order):
        return _NOTHING
    return Asked(frozenset(ids), frozenset(tenant_ids), frozenset(tags), "source" in order, bool(order.get("tags")))


def _places(order: Document) -> Iterator[_Place]:
    if "consumer" in order:
        yield _Place("consumer", order["consumer"])
    preferences = order.get("deliveryPreferences", {})
    for i, collect in enumerate(preferences.get("collect", ())):
        yield _Place(f"deliveryPreferences.collect[{i}]", collect)
        for j, supplier in enumerate(collect.get("supplyingFacilitiesConfigurations", ())):
            path = f"deliveryPreferences.collect[{i}].supplyingFacilitiesConfigurations[{j}]"
            yield _Place(path, supplier)
    for i, selected in enumerate(preferences.get("shipping", {}).get("preselectedFacilities", ())):
        yield _Place(f"deliveryPreferences.shipping.preselectedFacilities[{i}]", selected)


def _plain_ids(order: Document) -> Iterator[tuple[str, str]]:
    """The deprecated lists of bare facility ids, each with its path."""
    preferences = order.get("deliveryPreferences", {})
    for i, facility_id in enumerate(preferences.get("supplyingFacilities", ())):
        yield f"deliveryPreferences.supplyingFacilities[{i}]", facility_id
    for i, collect in enumerate(preferences.get("collect", ())):
        for j, facility_id in enumerate(collect.get("supplyingFacilities", ())):
            yield f"deliveryPreferences.collect[{i}].supplyingFacilities[{j}]", facility_id


def _named(holder: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facility's id and the tenant's id of it, as far as the object names them."""
    reference, tenants = holder.get("facilityRef"), holder.get("tenantFacilityId")
    own: tuple[str, ...] = ()
    by_tenant: tuple[str, ...] = () if tenants is None else (tenants,)
    if reference is not None:
        in_urn = tenant_facility_id_of(reference)
        if in_urn is None:
            own = (reference,)
        else:
            by_tenant = (*by_tenant, in_urn)
    return own, by_tenant


def faults(order: Document, known: Known) -> Iterator[Fault]:
    """Everything that the order refers to and that does not exist, each with its path."""
    by_tenant = _by_tenant(known)
    for place in _places(order):
        found = _found(place.holder, known, by_tenant)
        for member, facility_id in found.items():
            if facility_id is None:
                yield Fault(f"{place.path}.{member}: no facility has this id", "GET /api/facilities lists them.")
        if len(set(found.values()) - {None}) > 1:
            yield Fault(f"{place.path}: facilityRef and tenantFacilityId name different facilities")
    for path, facility_id in _plain_ids(order):
        if facility_id not in known.facilities:
            yield Fault(f"{path}: no facility has this id", "GET /api/facilities lists them.")
    yield from _tag_faults("tags", order.get("tags", ()), known)
    for i, line in enumerate(order.get("orderLineItems") or ()):
        yield from _tag_faults(f"orderLineItems[{i}].tags", line.get("tags", ()), known)
    yield from _source_faults(order.get("source", {}), known)


def _found(holder: Document, known: Known, by_tenant: dict[str, str]) -> dict[str, str | None]:
    """The members of an object that name a facility, each with the id of that facility; None where there is none."""
    found: dict[str, str | None] = {}
    reference = holder.get("facilityRef")
    if reference is not None:
        in_urn = tenant_facility_id_of(reference)
        own = reference if reference in known.facilities else None
        found["facilityRef"] = own if in_urn is None else by_tenant.get(in_urn)
    if "tenantFacilityId" in holder:
        found["tenantFacilityId"] = by_tenant.get(holder["tenantFacilityId"])
    return found


def _by_tenant(known: Known) -> dict[str, str]:
    return {tenants: own for own, tenants in known.facilities.items() if tenants is not None}


def _tag_faults(path: str, tags: list[Document], known: Known) -> Iterator[Fault]:
    for i, tag in enumerate(tags):
        values = known.tags.get(tag["id"])
        if values is None:
            yield Fault(f"{path}[{i}].id: no tag has this id", "GET /api/tags lists them.")
        elif tag["value"] not in values:
            yield Fault(f"{path}[{i}].value: is no allowed value of this tag", "GET /api/tags lists them.")


def _source_faults(source: Document, known: Known) -> Iterator[Fault]:
    hint = "GET /api/configurations/ordersources lists them."
    if "sourceRef" in source and source["sourceRef"] not in known.source_ids:
        yield Fault("source.sourceRef: no order source has this id", hint)
    if "tenantSourceId" in source and source["tenantSourceId"] not in known.tenant_source_ids:
        yield Fault("source.tenantSourceId: no order source has this id", hint)


def resolved(order: Document, known: Known) -> Document:
    """The same order, where every object that names a facility by the tenant's id has the facility's own id as well.

    The references must have been found without faults.
    """
    by_tenant = _by_tenant(known)

    def with_id(holder: Document) -> Document:
        found = _found(holder, known, by_tenant)
        return {**holder, "facilityRef": next(iter(found.values()))} if found else holder

    after = dict(order)
    if "consumer" in order:
        after["consumer"] = with_id(order["consumer"])
    preferences = order.get("deliveryPreferences", {})
    if "collect" in preferences:
        preferences = {**preferences, "collect": [_collect(collect, with_id) for collect in preferences["collect"]]}
    if "preselectedFacilities" in preferences.get("shipping", {}):
        selected = [with_id(facility) for facility in preferences["shipping"]["preselectedFacilities"]]
        preferences = {**preferences, "shipping": {**preferences["shipping"], "preselectedFacilities": selected}}
    if "deliveryPreferences" in order:
        after["deliveryPreferences"] = preferences
    return after


def _collect(collect: Document, with_id: Callable[[Document], Document]) -> Document:
    after = with_id(collect)
    if "supplyingFacilitiesConfigurations" in collect:
        suppliers = [with_id(supplier) for supplier in collect["supplyingFacilitiesConfigurations"]]
        after = {**after, "supplyingFacilitiesConfigurations": suppliers}
    return after
