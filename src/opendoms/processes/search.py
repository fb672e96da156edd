"""What processes are searched and listed by, and which of their orders come into question at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.fields import Each, Fields, Nested, Value
from opendoms.search.order import Sorts
from opendoms.search.page import Searchable

# Where `searched` puts what lies elsewhere in the order, or in none of its members as it is.
_ORDER: Final = "$order"
_WORDS: Final = "$words"
_COUNTRIES: Final = "$countries"
_STATUSES: Final = "$statuses"
_LEVELS: Final = "$serviceLevels"
_STICKERS: Final = "$stickers"
# This hub has nothing that would lie here.
_NOWHERE: Final = "$nowhere"
_POSTAL: Final = "POSTAL_ADDRESS"


def _text(*path: str, many: bool = False) -> Value:
    return Value("text", path, many=many)


def _moment(*path: str) -> Value:
    return Value("moment", path)


def _refs(name: str) -> Each:
    return Each(_text(), (name,))


def _listed(*path: str) -> Each:
    """A status that the contract filters as a list."""
    return Each(_text(), path)


def _status_nowhere() -> Nested:
    return Nested({"status": _listed(_NOWHERE)}, (_NOWHERE,))


_PREFERENCES: Final = (_ORDER, "deliveryPreferences")
_DESIRED: Final = _moment(*_PREFERENCES, "shipping", "desiredDeliveryTime")
_PROVISIONING: Final = Value("moment", (*_PREFERENCES, "collect", "provisioningTime"), many=True)
_TARGET: Final = _moment(*_PREFERENCES, "targetTime")
_ORDER_DATE: Final = _moment(_ORDER, "orderDate")
_AMOUNT: Final = Value("number", ("$orderedAmount",))
_STICKER_NAMES: Final = _text(_STICKERS, many=True)
_SERVICE_TYPE: Final = _text("$serviceType")
_COUNTRY: Final = _text(_COUNTRIES, many=True)

_REFERENCED: Final[Fields] = {
    "order": Nested(
        {
            "consumerId": _text("consumer", "consumerId"),
            "desiredDeliveryTime": _moment("deliveryPreferences", "shipping", "desiredDeliveryTime"),
            "orderDate": _moment("orderDate"),
            "orderedAmount": Value("number", ("$orderedAmount",)),
            "provisioningTime": Value("moment", ("deliveryPreferences", "collect", "provisioningTime"), many=True),
            "status": _listed(_STATUSES),
            "tenantOrderId": _text("tenantOrderId"),
        },
        (_ORDER,),
    ),
    "consumerAddress": Nested({"country": _COUNTRY, "deliveryCountry": _text("$deliveryCountry")}, ()),
    "serviceLevel": _listed(_LEVELS),
    "serviceType": _SERVICE_TYPE,
    "sticker": Nested({"name": _STICKER_NAMES}, ()),
    "targetTime": _TARGET,
    "tenantArticleId": _text(_ORDER, "orderLineItems", "article", "tenantArticleId", many=True),
    "brand": Nested({"name": _text("name")}, (_NOWHERE,)),
    "carrier": Nested({"carrierTrackingNumber": _text("number"), "name": _text("name")}, (_NOWHERE,)),
    "handoverJob": _status_nowhere(),
    "packJob": _status_nowhere(),
    "parcel": _status_nowhere(),
    "parcelTrackingStatus": _listed(_NOWHERE),
    "pickJob": Nested({"shortId": _text("shortId"), "status": _listed(_NOWHERE)}, (_NOWHERE,)),
    "returnJob": _status_nowhere(),
    "serviceJob": _status_nowhere(),
    "shipment": _status_nowhere(),
}
_FIELDS: Final[Fields] = {
    "processId": _text("id"),
    "orderRef": _text("orderRef"),
    "created": _moment("created"),
    "status": _text("status"),
    "domsStatus": _text("domsStatus"),
    "operativeStatus": _text("operativeStatus"),
    "inventoryStatus": _text("inventoryStatus"),
    "returnStatus": _text("returnStatus"),
    "carrierManagementStatuses": _text("carrierManagementStatuses", "status"),
    "domainStatuses": Nested(
        {"order": _listed("$domainStatuses")}
        | {name: _listed(_NOWHERE) for name in ("routing", "picking", "packing", "shipping", "handover")}
        | {name: _listed(_NOWHERE) for name in ("return", "service")},
        (),
    ),
    "tags": Each({"id": _text("id"), "value": _text("value")}, ("tags",)),
    "referenced": Nested(_REFERENCED, ()),
    "searchTerm": _text(_WORDS, many=True),
    "facilityRefs": _refs("facilityRefs"),
    "facilityRefsWithActiveOperations": _text(_NOWHERE),
    "flatRefs": _refs("flatRefs"),
    **{
        name: _refs(_NOWHERE)
        for name in (
            "documentRefs",
            "externalActionRefs",
            "handoverJobRefs",
            "itemReturnJobsRef",
            "packJobRefs",
            "pickJobRefs",
            "returnRefs",
            "routingPlanRefs",
            "serviceJobRefs",
            "shipmentRefs",
        )
    },
}
_SORTS: Final[Sorts] = {
    "processId": _text("id"),
    "status": _text("status"),
    "domsStatus": _text("domsStatus"),
    "operativeStatus": _text("operativeStatus"),
    "inventoryStatus": _text("inventoryStatus"),
    "returnStatus": _text("returnStatus"),
    "activeFacilityName": _text(_NOWHERE),
    "activeFacilityCountry": _text(_NOWHERE),
    "referenced": {
        "brand": {"name": _text(_NOWHERE)},
        "carrier": {"name": _text(_NOWHERE)},
        "consumerAddress": {"country": _COUNTRY, "postalCode": _text("$postalCodes", many=True)},
        "order": {
            "desiredDeliveryTime": _DESIRED,
            "orderDate": _ORDER_DATE,
            "orderedAmount": _AMOUNT,
            "provisioningTime": _PROVISIONING,
            "tenantOrderId": _text("tenantOrderId"),
            "updateDetails": {
                "created": Value("moment", (_ORDER, "updateDetails", "created"), many=True),
                "user": _text(_ORDER, "updateDetails", "user", many=True),
            },
        },
        "parcelTrackingStatus": _text(_NOWHERE),
        "sticker": {"name": _STICKER_NAMES},
        "targetTime": _TARGET,
    },
}
# What only the list, which is older, filters and sorts by.
_LIST_FIELDS: Final[Fields] = {
    **_FIELDS,
    "targetTime": _TARGET,
    "countries": _COUNTRY,
    "serviceTypes": _SERVICE_TYPE,
    "serviceLevels": _text(_LEVELS, many=True),
    "domains": Nested({"order": _text("$domainStatuses", many=True), "other": _text(_NOWHERE)}, ()),
    "stickerKeys": _text(_ORDER, "stickers", "key", many=True),
    "facilities": _text("facilityRefs", many=True),
    "orderStatus": _text(_STATUSES, many=True),
    "nowhere": _text(_NOWHERE),
}
_LIST_SORTS: Final[Sorts] = {
    "ID": _text("id"),
    "NAME": _text("$names", many=True),
    "ADDRESS": _text("$addresses", many=True),
    "STATUS": _text("status"),
    "OPERATIVESTATUS": _text("operativeStatus"),
    "SERVICETYPE": _SERVICE_TYPE,
    "ORDEREDAMOUNT": _AMOUNT,
    "ORDERDATE": _ORDER_DATE,
    "ORDERID": _text("tenantOrderId"),
}

PROCESS_SEARCH: Final = Searchable("processes", _FIELDS, _SORTS)
PROCESS_LIST: Final = Searchable("process list", _LIST_FIELDS, _LIST_SORTS)


def searched(process: Document, order: Document) -> Document:
    """A process as it is searched, with its order and what is worked out of it."""
    addresses: list[Document] = order.get("consumer", {}).get("addresses", [])
    postal = [each for each in addresses if each.get("addressType", _POSTAL) == _POSTAL]
    preferences = order.get("deliveryPreferences", {})
    level = preferences.get("shipping", {}).get("serviceLevel")
    status = process["lastModuleEntityStatuses"][0]["status"]
    amount = sum(Decimal(line["quantity"]) for line in order["orderLineItems"])
    stickers = [name for each in order.get("stickers", ()) for name in _names_of(each)]
    statuses = ["OBSOLETE" if status == "OBSOLETE" else order["status"]]
    return {
        **process,
        _ORDER: {**order, "$orderedAmount": amount, _STATUSES: statuses},
        "$orderedAmount": amount,
        _STATUSES: statuses,
        "$domainStatuses": [status],
        _LEVELS: [] if level is None else [level],
        "$serviceType": "COLLECT" if preferences.get("collect") else "SHIPPING",
        _STICKERS: stickers,
        _COUNTRIES: [each["country"] for each in addresses if "country" in each],
        "$deliveryCountry": postal[0].get("country") if postal else None,
        "$postalCodes": [each["postalCode"] for each in addresses if "postalCode" in each],
        "$names": [_joined(each, "lastName", "firstName", "companyName") for each in addresses],
        "$addresses": [_joined(each, "city", "postalCode", "street", "houseNumber") for each in addresses],
        _WORDS: _words(process, order, addresses),
    }


def _names_of(sticker: Document) -> list[str]:
    names = [*sticker.get("nameLocalized", {}).values()]
    return [*names, sticker["name"]] if "name" in sticker else names


def _joined(address: Document, *names: str) -> str:
    return " ".join(address[name] for name in names if isinstance(address.get(name), str))


def _words(process: Document, order: Document, addresses: list[Document]) -> list[Any]:
    consumer = order.get("consumer", {})
    people = [each.get(name) for each in addresses for name in ("firstName", "lastName", "companyName", "email")]
    articles = [line["article"].get(name) for line in order["orderLineItems"] for name in ("tenantArticleId", "title")]
    named = [process["id"], order["id"], order.get("tenantOrderId"), consumer.get("consumerId"), consumer.get("email")]
    return [*named, *people, *articles]


By = Literal["all", "process_id", "order_id", "tenant_order_id", "consumer_id"]


class Narrow(NamedTuple):
    """Which orders come into question: those with one value in one indexed column, or all."""

    by: By
    value: str = ""


def narrowed(query: Document) -> Narrow:
    """What an `eq` at the top of a filter says about where to look. All that stands there must hold: one is enough."""
    order = query.get("referenced", {}).get("order", {})
    filters: dict[By, Document | None] = {
        "process_id": query.get("processId"),
        "order_id": query.get("orderRef"),
        "tenant_order_id": order.get("tenantOrderId"),
        "consumer_id": order.get("consumerId"),
    }
    for by, given in filters.items():
        if given and "eq" in given:
            return Narrow(by, given["eq"])
    return Narrow("all")


def check_answerable(query: Document, sort: list[Document] | None) -> None:
    """Raises Invalid for questions about facilities beyond their ids: the answer would be that nothing matches."""
    faults = [*_unanswerable(query, "query")]
    for place, each in enumerate(sort or ()):
        if "facility" in each.get("referenced", {}):
            faults.append(_elsewhere(f"sort[{place}].referenced.facility"))
    if faults:
        raise Invalid(*faults)


def _unanswerable(query: Document, path: str) -> list[Fault]:
    faults = [_elsewhere(f"{path}.referenced.facility")] if "facility" in query.get("referenced", {}) else []
    for junction in ("and", "or"):
        for place, part in enumerate(query.get(junction, ())):
            faults += _unanswerable(part, f"{path}.{junction}[{place}]")
    return faults


def _elsewhere(path: str) -> Fault:
    return Fault(f"{path}: is not possible here", "Search facilities first, and ask by facilityRefs.")
