"""What must hold of a whole facility, which types alone cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from opendoms.kernel import custom_attributes
from opendoms.kernel.decision import Document
from opendoms.kernel.money import DECIMAL_PLACES
from opendoms.kernel.refusal import Fault

MANAGED: Final = "MANAGED_FACILITY"
SUPPLIER: Final = "SUPPLIER"

# What a managed facility has where the caller does not say.
_DEFAULTS: Final = {"locationType": "STORE", "fulfillmentProcessBuffer": 240, "capacityEnabled": False}
_DEFAULT_STATUS: Final = "ONLINE"
# Of a cost without a currency.
_DECIMAL_PLACES_UNKNOWN: Final = 2

# Further members of picking times are the caller's own.
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDRESS_OF_MANAGED: Final = ("companyName", "street", "postalCode", "city", "country")
_ADDRESS_OF_SUPPLIER: Final = ("companyName", "country")


class TimeZone(NamedTuple):
    """What is known of a time zone: what its standard time is called, and how far that is ahead of UTC."""

    name: str
    offset_s: int


Zones = Mapping[str, TimeZone]
_ZONE_SOURCE: Final = "IANA time zone database"


def completed(facility: Document, zones: Zones) -> Document:
    """The facility with its defaults. `zones` is what is known of the time zones that the request names."""
    document = {**facility, "type": facility.get("type", MANAGED), "status": facility.get("status", _DEFAULT_STATUS)}
    if document["type"] == MANAGED:
        document = {**document, **{name: value for name, value in _DEFAULTS.items() if name not in document}}
    named = document.get("address", {}).get("resolvedTimeZone", {})
    zone = zones.get(named.get("timeZoneId"))
    if zone is not None:
        known = {"timeZoneName": zone.name, "offsetInSeconds": zone.offset_s, "source": _ZONE_SOURCE}
        document["address"] = {**document["address"], "resolvedTimeZone": {**named, **known}}
    if document.get("operativeCosts"):
        document["operativeCosts"] = [_cost(cost) for cost in document["operativeCosts"]]
    return document


def _cost(cost: Document) -> Document:
    if "decimalPlaces" in cost:
        return cost
    return {**cost, "decimalPlaces": DECIMAL_PLACES.get(cost["currency"], _DECIMAL_PLACES_UNKNOWN)}


def faults(facility: Document) -> Iterator[Fault]:
    """What is wrong with a completed facility."""
    managed = facility["type"] == MANAGED
    if managed and "address" not in facility:
        yield Fault("address: is required for a managed facility")
    yield from member_faults(facility, managed=managed)


def zone_faults(body: Document, zones: Zones) -> Iterator[Fault]:
    """Which time zones that a body names are not known."""
    for place, part in enumerate((body, *body.get("actions", ()))):
        zone = (part.get("address") or {}).get("resolvedTimeZone")
        if zone is not None and zone["timeZoneId"] not in zones:
            path = f"actions[{place - 1}].address" if place else "address"
            expected = "expected a time zone of the IANA database, such as Europe/Berlin"
            yield Fault(f"{path}.resolvedTimeZone.timeZoneId: {expected}")


def member_faults(facility: Document, *, managed: bool) -> Iterator[Fault]:
    """What is wrong with the members that are there."""
    yield from custom_attributes.faults("customAttributes", facility.get("customAttributes"))
    yield from custom_attributes.faults("contact.customAttributes", facility.get("contact", {}).get("customAttributes"))
    if managed:
        for day in _DAYS:
            yield from _day_faults(f"pickingTimes.{day}", facility.get("pickingTimes", {}).get(day, ()))
    if "address" in facility:
        yield from _address_faults(facility["address"], managed=managed)


def _address_faults(address: Document, *, managed: bool) -> Iterator[Fault]:
    kind = "a managed facility" if managed else "a supplier"
    for name in _ADDRESS_OF_MANAGED if managed else _ADDRESS_OF_SUPPLIER:
        if name not in address:
            yield Fault(f"address.{name}: is required for {kind}")
    yield from custom_attributes.faults("address.customAttributes", address.get("customAttributes"))
    for place, phone in enumerate(address.get("phoneNumbers", ())):
        path = f"address.phoneNumbers[{place}]"
        for name in ("value", "type"):
            if name not in phone:
                yield Fault(f"{path}.{name}: is required")
        yield from custom_attributes.faults(f"{path}.customAttributes", phone.get("customAttributes"))
    if managed:
        return
    for place, email in enumerate(address.get("emailAddresses", ())):
        mailbox, _, host = email["value"].rpartition("@")
        if not mailbox or not host or not email["value"].isprintable() or " " in email["value"]:
            yield Fault(f"address.emailAddresses[{place}].value: expected an e-mail address")


def _day_faults(path: str, ranges: Sequence[Document]) -> Iterator[Fault]:
    parts = []
    for place, part in enumerate(ranges):
        start, end = _minute(part["start"]), _minute(part["end"])
        if end <= start:
            yield Fault(f"{path}[{place}].end: expected a time after the start")
        parts.append((start, end, place))
    for (_, end, earlier), (start, _, later) in pairwise(sorted(parts)):
        if start < end:
            yield Fault(f"{path}[{later}]: overlaps with {path}[{earlier}]")


def _minute(time: Document) -> int:
    return int(time["hour"]) * 60 + int(time["minute"])
