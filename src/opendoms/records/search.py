"""What order records are searched by, and what their search index holds.

A record has the id of its facility and nothing else of it. So a filter of `facilityName` is asked with the ids of the
facilities that have the name (facility_filters.py), and the sorts by the facility get the names that it has now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from opendoms.search.fields import Each, Fields, Named, Nested, Path, Value
from opendoms.search.order import Order, Sorts
from opendoms.search.page import Searchable
from opendoms.search.terms import Terms

FACILITY_NAME: Final = "facilityName"
FACILITY_COUNTRY: Final = "facilityCountry"

_FACILITY: Final = ("facilityRef",)
_ORDER_RECORD_DATE: Final = Value("moment", ("orderRecordDate",))


def _texts(*names: str) -> Fields:
    return {name: Value("text", (name,)) for name in names}


_FIELDS: Final[Fields] = {
    **_texts("tenantOrderRecordId"),
    FACILITY_NAME: Value("text", _FACILITY),
    "orderRecordDate": _ORDER_RECORD_DATE,
    "consumer": Nested(
        {**_texts("consumerId"), "addresses": Each(_texts("companyName", "lastName"), ("addresses",))}, ("consumer",)
    ),
    "lineItems": Each({"article": Nested(_texts("tenantArticleId"), ("article",))}, ("lineItems",)),
    "payments": Each(_texts("receiptNumber", "transactionId"), ("payments",)),
    "origin": Nested(_texts("cashierId", "terminalId"), ("origin",)),
}


def _sorts(path: Path, *names: str, many: bool = False) -> Sorts:
    return {name: Value("text", (*path, name), many) for name in names}


_ADDRESSES: Final = ("consumer", "addresses")
_TOTAL: Final = Value("number", ("pricing", "total", "priceBreakdown", "total", "value"))
_SORTS: Final[Sorts] = {
    "orderRecordDate": _ORDER_RECORD_DATE,
    "tenantOrderRecordId": Value("text", ("tenantOrderRecordId",)),
    FACILITY_NAME: Named(_FACILITY, {}),
    FACILITY_COUNTRY: Named(_FACILITY, {}),
    "consumer": {
        "addresses": _sorts(
            _ADDRESSES, "city", "companyName", "country", "firstName", "lastName", "postalCode", many=True
        )
    },
    "lineItems": {"quantity": Value("number", ("lineItems", "quantity"), many=True)},
    "origin": _sorts(("origin",), "cashierId", "terminalId", "type"),
    "payments": _sorts(("payments",), "paymentMethod", "receiptNumber", "status", "transactionId", many=True),
    "pricing": {"total": {"priceBreakdownTotal": _TOTAL}},
}

ORDER_RECORD_SEARCH: Final = Searchable(
    kind="orderrecords",
    fields=_FIELDS,
    sorts=_SORTS,
    # The newest first, by the time of the sale (decision D66).
    default=Order("orderRecordDate:DESC", _ORDER_RECORD_DATE, descending=True),
)
ORDER_RECORD_TERMS: Final = Terms("order_record_search", _FIELDS, _ORDER_RECORD_DATE.path)


def with_names(member: str, names: Mapping[str, str]) -> Searchable:
    """What is searched by, for a sort by `member` of the facility: its names, or countries, by id."""
    return ORDER_RECORD_SEARCH._replace(sorts={**_SORTS, member: Named(_FACILITY, names)})
