"""What listings, stocks and reservations are searched by."""

from __future__ import annotations

from typing import Final

from opendoms.inventory.rules.own_ids import OWN_ID
from opendoms.search.fields import Attributes, Each, Fields, Nested, Value
from opendoms.search.order import Sorts
from opendoms.search.page import Searchable


def _text(*path: str) -> Value:
    return Value("text", path)


_LAST_MODIFIED: Final = Value("moment", ("lastModified",))

_LISTING_FIELDS: Final[Fields] = {
    "id": _text("id"),
    "facilityRef": _text("facilityId"),
    "tenantArticleId": _text("tenantArticleId"),
    "status": _text("status"),
    "outOfStockBehaviour": _text("outOfStockBehaviour"),
    "availabilityTimeframe": Nested({"start": Value("moment", ("start",))}, ("availabilityTimeframe",)),
    "categoryRefs": Each(_text(), ("categoryRefs",)),
    "created": Value("moment", ("created",)),
    "measurementUnitKey": _text("measurementUnitKey"),
    "price": Value("number", ("price",)),
    "weight": Value("number", ("weight",)),
    "tags": Each({"id": _text("id"), "value": _text("value")}, ("tags",)),
    "customAttributes": Attributes(("customAttributes",)),
}
_LISTING_SORTS: Final[Sorts] = {
    "lastModified": _LAST_MODIFIED,
    "tenantArticleId": _text("tenantArticleId"),
    "customAttributes": Attributes(("customAttributes",)),
}
_STOCK_FIELDS: Final[Fields] = {
    "id": _text("id"),
    "tenantStockId": _text("tenantStockId"),
    "facilityRef": _text("facilityRef"),
    OWN_ID: _text("facilityRef"),  # as `rules.own_ids.by_reference` says it
    "tenantArticleId": _text("tenantArticleId"),
    "locationRef": _text("locationRef"),
    "value": Value("number", ("value",)),
    "availableUntil": Value("moment", ("availableUntil",)),
    "receiptDate": Value("moment", ("receiptDate",)),
    "conditions": Each(_text(), ("conditions",)),
    "traits": Each(_text(), ("traits",)),
    "scannableCodes": Each(_text(), ("scannableCodes",)),
    "properties": Attributes(("properties",)),
    "customAttributes": Attributes(("customAttributes",)),
}
_STOCK_SORTS: Final[Sorts] = {
    "lastModified": _LAST_MODIFIED,
    "locationName": _text("locationRef"),
    "tenantArticleId": _text("tenantArticleId"),
    "value": Value("number", ("value",)),
    "customAttributes": Attributes(("customAttributes",)),
}
_RESERVATION_FIELDS: Final[Fields] = {
    "id": _text("id"),
    "facilityRef": _text("facilityRef"),
    "tenantArticleId": _text("tenantArticleId"),
    "relatedRefs": Nested(
        {name: Each(_text(), (name,)) for name in ("orderRefs", "pickJobRefs", "routingPlanRefs", "transferRefs")},
        ("relatedRefs",),
    ),
}
_RESERVATION_SORTS: Final[Sorts] = {"created": Value("moment", ("created",)), "lastModified": _LAST_MODIFIED}

LISTING_SEARCH: Final = Searchable("listings", _LISTING_FIELDS, _LISTING_SORTS)
STOCK_SEARCH: Final = Searchable("stocks", _STOCK_FIELDS, _STOCK_SORTS)
RESERVATION_SEARCH: Final = Searchable("reservations", _RESERVATION_FIELDS, _RESERVATION_SORTS)
