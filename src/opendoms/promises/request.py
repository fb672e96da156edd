"""An order document as the decision gets it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.promises.model import (
    LEVEL_DEFAULT,
    Address,
    CarrierWish,
    Collect,
    Line,
    Order,
    Point,
    Service,
    Shipping,
    SupplyingFacility,
    Target,
)

TARGETS: Final[tuple[Target, ...]] = ("SHIP_TO_STORE", "SHIP_TO_CUSTOMER")

# Where goods go, of the addresses that a consumer may have; an address without a type counts as the postal one.
_DELIVERED_TO: Final = ("PARCEL_LOCKER", "POSTAL_ADDRESS")


def order_of(document: Document, additional_info: Document | None = None, receiver: Address | None = None) -> Order:
    """The order of a document as it is to be stored: lines with ids, facilities named by `facilityRef`.

    `receiver` is the address of the facility that the order is for, where it is for one.
    """
    preferences = document.get("deliveryPreferences", {})
    investment = (additional_info or {}).get("resourceInvestment", {})
    return Order(
        lines=tuple(_line(line) for line in document["orderLineItems"]),
        services=tuple(service for entry in document.get("customServices", ()) for service in _services(entry)),
        collect=_collect(preferences),
        shipping=_shipping(preferences.get("shipping", {})),
        address=receiver or address_of(destination_of(document)),
        target_time=_instant(preferences, "targetTime"),
        level=float(investment.get("level", LEVEL_DEFAULT)),
    )


def destination_of(document: Document) -> Document:
    """The address of an order to which goods are sent; an empty one where it has none."""
    by_type: dict[str, Document] = {}
    for address in document["consumer"].get("addresses", ()):
        by_type.setdefault(address.get("addressType", "POSTAL_ADDRESS"), address)
    return next((by_type[kind] for kind in _DELIVERED_TO if kind in by_type), {})


def address_of(document: Document) -> Address:
    """Where an address of a document is, as far as it says."""
    point = document.get("coordinates") or document.get("resolvedCoordinates")
    return Address(
        document.get("country"),
        plain_postal_code(document["postalCode"]) if "postalCode" in document else None,
        Point(float(point["lat"]), float(point["lon"])) if point else None,
    )


def plain_postal_code(postal_code: str) -> str:
    """A postal code as it is compared: without blanks, in capitals."""
    return "".join(postal_code.split()).upper()


def _line(line: Document) -> Line:
    article = line["article"]
    return Line(line["id"], article["tenantArticleId"], line["quantity"], article["title"])


def _services(entry: Document) -> Iterator[Service]:
    """Everything below a bundled entry belongs to one bundle; a service is also asked for by itself."""
    definition = entry["customServiceDefinition"]
    reference = definition.get("customServiceRef", definition.get("tenantCustomServiceId"))
    if definition.get("isBundled"):
        yield Service(tuple(_amounts_below(entry)), bundled=True)
    if reference is not None:
        yield Service(tuple(_amounts(entry)), reference)
    for nested in entry["customServiceItems"]:
        yield from _services(nested)


def _amounts_below(entry: Document) -> Iterator[tuple[str, int]]:
    yield from _amounts(entry)
    for nested in entry["customServiceItems"]:
        yield from _amounts_below(nested)


def _amounts(entry: Document) -> Iterator[tuple[str, int]]:
    for item in entry["articleItems"]:
        yield item["tenantArticleRef"], math.ceil(item["quantity"])


def _collect(preferences: Document) -> Collect | None:
    for entry in preferences.get("collect", ()):
        suppliers = [
            SupplyingFacility(each["facilityRef"], _targets(each["deliveryEvents"]))
            for each in entry.get("supplyingFacilitiesConfigurations", ())
        ]
        older = (*entry.get("supplyingFacilities", ()), *preferences.get("supplyingFacilities", ()))
        suppliers += [SupplyingFacility(facility) for facility in older]
        return Collect(entry["facilityRef"], tuple(suppliers), _instant(entry, "provisioningTime"))
    return None


def _targets(events: list[Document]) -> tuple[Target, ...]:
    named = {event["deliveryTarget"] for event in events}
    return tuple(target for target in TARGETS if target in named)


def _shipping(wishes: Document) -> Shipping:
    carriers = [CarrierWish(key) for key in wishes.get("preferredCarriers", ())]
    carriers += [
        CarrierWish(each["carrierKey"], each.get("carrierProduct"), frozenset(each.get("carrierServices", ())))
        for each in wishes.get("preferredCarriersWithProduct", ())
    ]
    return Shipping(
        preselected=tuple(each["facilityRef"] for each in wishes.get("preselectedFacilities", ())),
        same_day=wishes.get("serviceLevel") == "SAMEDAY",
        category=wishes.get("carrierProductCategory"),
        carriers=tuple(carriers),
        wanted_at=_instant(wishes, "desiredDeliveryTime"),
    )


def _instant(document: Document, member: str) -> int | None:
    return instant_from(document[member]) if member in document else None
