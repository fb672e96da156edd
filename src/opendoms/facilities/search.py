"""What facilities are searched by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from opendoms.kernel.decision import Document
from opendoms.kernel.facility_urn import urn_of
from opendoms.search.fields import Attributes, Each, Fields, Nested, Value
from opendoms.search.order import Sorts
from opendoms.search.page import Searchable


def _text(*path: str) -> Value:
    return Value("text", path)


# Where `searched` puts all that a facility may be called: its id and its URN, and the same for the caller's own id.
_IDS: Final = "$ids"
_TENANT_FACILITY_IDS: Final = "$tenantFacilityIds"
# And the keys of the carriers that come to it.
_CARRIER_KEYS: Final = "$carrierKeys"

_ADDRESS: Final[Fields] = {
    "city": _text("city"),
    "companyName": _text("companyName"),
    "country": _text("country"),
    "customAttributes": Attributes(("customAttributes",)),
    "emailAddresses": Each({"value": _text("value"), "recipient": _text("recipient")}, ("emailAddresses",)),
    "houseNumber": _text("houseNumber"),
    "postalCode": _text("postalCode"),
    "province": _text("province"),
    "street": _text("street"),
}
_FIELDS: Final[Fields] = {
    "id": Value("text", (_IDS,), many=True),
    "tenantFacilityId": Value("text", (_TENANT_FACILITY_IDS,), many=True),
    "name": _text("name"),
    "status": _text("status"),
    "type": _text("type"),
    "locationType": _text("locationType"),
    "services": Each({"type": _text("type")}, ("services",)),
    "address": Nested(_ADDRESS, ("address",)),
    "contact": Nested({"firstName": _text("firstName"), "lastName": _text("lastName")}, ("contact",)),
    "tags": Each({"id": _text("id"), "value": _text("value")}, ("tags",)),
    "customAttributes": Attributes(("customAttributes",)),
    # The hub has no groups of facilities, so nothing lies here.
    "facilityGroupIds": Each(_text(), ("$groups",)),
    "referenced": Nested(
        {"facilityCarrierConnection": Nested({"carrierKey": Value("text", (_CARRIER_KEYS,), many=True)}, ())}, ()
    ),
}
_SORTS: Final[Sorts] = {
    "id": _text("id"),
    "tenantFacilityId": _text("tenantFacilityId"),
    "name": _text("name"),
    "status": _text("status"),
    "type": _text("type"),
    "locationType": _text("locationType"),
    "lastModified": Value("moment", ("lastModified",)),
    "address": {
        "city": _text("address", "city"),
        "country": _text("address", "country"),
        "postalCode": _text("address", "postalCode"),
    },
    "services": {"type": Value("text", ("services", "type"), many=True)},
    "customAttributes": Attributes(("customAttributes",)),
}

FACILITY_SEARCH: Final = Searchable("facilities", _FIELDS, _SORTS)


def searched(facility: Document, carrier_keys: Sequence[str] = ()) -> Document:
    """A facility as it is searched: with everything that it may be called, and the carriers that come to it."""
    own: str | None = facility.get("tenantFacilityId")
    facility = {**facility, _CARRIER_KEYS: list(carrier_keys)}
    if own is None:
        return {**facility, _IDS: [facility["id"]]}
    return {**facility, _IDS: [facility["id"], urn_of(own)], _TENANT_FACILITY_IDS: [own, urn_of(own)]}
