"""What a stock may say, and how it is made, changed and shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from opendoms.inventory.rules.counting import KEEP_ON_ZERO, TRAITS, counts, traits_of
from opendoms.inventory.rules.ranking import Share
from opendoms.kernel import custom_attributes
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import changed_members, encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, VersionConflict
from opendoms.search.values import relative

PROPERTIES_MAX: Final = 100
VALUE_MAX: Final = 2**31 - 1

_FACILITY: Final = ("facility", "facilityRef", "tenantFacilityId")
# Members of a change that are no members of the stock.
_BESIDE: Final = frozenset({"id", "version", "operationType", "name"})
_NULLABLE: Final = ("locationRef", "customAttributes")
# What a stock keeps for as long as it is there.
_MADE_WITH: Final = (*_FACILITY, "tenantArticleId", "availableUntil", "receiptDate", "properties")


class Facility(NamedTuple):
    """The facility that a stock lies in, by both of its ids."""

    id: str
    tenant_facility_id: str | None


def faults(body: Document, path: str = "", *, creates: bool) -> Iterator[Fault]:
    """What is wrong with a stock that is made or changed, at `path` of the body (with a dot behind it)."""
    yield from _creation_faults(body, path) if creates else _change_faults(body, path)
    yield from custom_attributes.faults(f"{path}customAttributes", body.get("customAttributes"))
    for place, entry in enumerate(body.get("traitConfig", ())):
        if entry["trait"] not in TRAITS:
            yield Fault(f"{path}traitConfig[{place}].trait: expected one of {', '.join(TRAITS)}")
    properties = body.get("properties", {})
    if len(properties) > PROPERTIES_MAX:
        yield Fault(f"{path}properties: expected at most {PROPERTIES_MAX} members, got {len(properties)}")
    for name, value in properties.items():
        if not isinstance(value, str):
            yield Fault(f"{path}properties.{name[:64]}: expected a text")


def _creation_faults(body: Document, path: str) -> Iterator[Fault]:
    given = [name for name in _FACILITY if name in body]
    if len(given) != 1:
        wanted = "expected one of facility, facilityRef and tenantFacilityId"
        yield Fault(f"{path}{given[1] if given else 'facility'}: {wanted}")
    if "tenantArticleId" not in body:
        yield Fault(f"{path}tenantArticleId: is required")
    if body.get("locationRef", "") is None:
        yield Fault(f"{path}locationRef: expected a text; leave it out where there is none")


def _change_faults(body: Document, path: str) -> Iterator[Fault]:
    for name in body:
        if name in _MADE_WITH:
            yield Fault(f"{path}{name}: cannot be changed", "Remove the stock and make another one.")


def create(wanted: Document, facility: Facility, listing: Document | None, *, now: int, new_id: NewId) -> Decision:
    """The stock that a checked body describes. `listing` is that of its article, where the facility lists it."""
    members = {name: value for name, value in wanted.items() if name not in _BESIDE and name not in _FACILITY}
    created = text_of(now)
    stock: Document = {
        **members,
        "id": new_id(),
        "version": 1,
        "created": created,
        "lastModified": created,
        "receiptDate": members.get("receiptDate", created),
        "facilityRef": facility.id,
        "facility": _named(facility),
        "serializedProperties": encode(dict(sorted(members.get("properties", {}).items()))).decode(),
    }
    until = stock.get("availableUntil") or _available_until(stock, (listing or {}).get("stockAvailableUntil"))
    if until is not None:
        stock["availableUntil"] = until
    return Decision({**stock, "traits": traits_of(stock)}, Happening("STOCK_CREATED"))


def _available_until(stock: Document, definition: Document | None) -> str | None:
    """Until when the listing says that the stock may be promised; None where that does not make a date."""
    if definition is None:
        return None
    base = stock["created"]
    if definition["calculationBase"] == "EXPIRY":
        base = stock.get("properties", {}).get("expiry", "")
        if "T" not in base:
            base = f"{base}T00:00:00Z"  # a day
    try:
        return text_of(relative(definition.get("modifier", "P0D"), instant_from(base)))
    except (ValueError, OverflowError):
        return None


def change(stored: Document, wanted: Document, *, now: int) -> Decision:
    """The stock after a checked change. Members that are not sent stay, null takes one away. Raises VersionConflict."""
    version = wanted.get("version")
    if version is not None and version != stored["version"]:
        raise VersionConflict("stock", int(version), stored["version"])
    named = {name: value for name, value in wanted.items() if name not in _BESIDE}
    taken_away = {name for name in _NULLABLE if named.get(name, "") is None}
    kept = {name: value for name, value in stored.items() if name not in taken_away}
    stock = {**kept, **{name: value for name, value in named.items() if name not in taken_away}}
    stock["traits"] = traits_of(stock)
    return _changed(stored, stock, now)


def with_value(stored: Document, value: int, *, now: int) -> Decision:
    """The stock with another number of pieces."""
    return _changed(stored, {**stored, "value": value}, now)


def _changed(stored: Document, stock: Document, now: int) -> Decision:
    if stock == stored:
        return Decision(stored)
    ours = {"version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision({**stock, **ours}, Happening("STOCK_UPDATED", {"changed": changed_members(stored, stock)}))


def end() -> Happening:
    """What the end of a stock is told as."""
    return Happening("STOCK_DELETED")


def split(source: Document, location_ref: str, pieces: int, *, now: int, new_id: NewId) -> Decision:
    """A new stock of some pieces of another, in another place."""
    created = text_of(now)
    ours = {"id": new_id(), "version": 1, "created": created, "lastModified": created}
    kept = {name: value for name, value in source.items() if name != "tenantStockId"}
    return Decision(
        {**kept, **ours, "locationRef": location_ref, "value": pieces},
        Happening("STOCK_CREATED", {"from": source["id"]}),
    )


def is_alike(source: Document, other: Document, location_ref: str) -> bool:
    """Whether pieces of one stock can join another at a place: nothing tells them apart."""
    told_by = ("tenantArticleId", "facilityRef", "serializedProperties", "availableUntil", "conditions", "traits")
    return (
        other["id"] != source["id"]
        and other.get("locationRef") == location_ref
        and all(source.get(name) == other.get(name) for name in told_by)
        and counts(source) == counts(other)
    )


def goes_when_empty(stock: Document) -> bool:
    """Whether a stock that has been emptied is removed."""
    return KEEP_ON_ZERO not in stock["traits"]


def shown(stock: Document, facility: Facility | None, share: Share, held: int) -> Document:
    """The stock with what of it is reserved and available; `held` pieces of the article are in the whole facility.

    `facility` says what it is called now; None where it is gone.
    """
    numbers = {"reserved": share.reserved, "available": share.available, "facilityWideReserved": held}
    return {**stock, **numbers, "facility": stock["facility"] if facility is None else _named(facility)}


def _named(facility: Facility) -> Document:
    own = {} if facility.tenant_facility_id is None else {"tenantFacilityId": facility.tenant_facility_id}
    return {"facilityRef": facility.id, **own}
