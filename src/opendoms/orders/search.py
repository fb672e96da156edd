"""What orders are searched by, and what their search index holds."""

from __future__ import annotations

from typing import Final

from opendoms.orders.lifecycle import Status
from opendoms.search.fields import Attributes, Each, Fields, Nested, Value
from opendoms.search.order import Order, Sorts
from opendoms.search.page import Searchable
from opendoms.search.terms import Terms


def _texts(*names: str) -> Fields:
    return {name: Value("text", (name,)) for name in names}


# The languages that the contract lets texts be searched in.
_LOCALIZED: Final = _texts("de_DE", "en_US", "ru_RU")
_ADDRESS: Final = _texts(
    "addressType",
    "city",
    "companyName",
    "country",
    "email",
    "firstName",
    "houseNumber",
    "lastName",
    "postalCode",
    "province",
    "street",
)
_ORDER_DATE: Final = Value("moment", ("orderDate",))

_FIELDS: Final[Fields] = {
    **_texts("status", "tenantOrderId"),
    "orderDate": _ORDER_DATE,
    "consumer": Nested({**_texts("consumerId"), "addresses": Each(_ADDRESS, ("addresses",))}, ("consumer",)),
    "deliveryPreferences": Nested(
        {
            "collect": Each({**_texts("facilityRef"), "paid": Value("boolean", ("paid",))}, ("collect",)),
            "shipping": Nested(
                {**_texts("serviceLevel"), "desiredDeliveryTime": Value("moment", ("desiredDeliveryTime",))},
                ("shipping",),
            ),
        },
        ("deliveryPreferences",),
    ),
    "orderLineItems": Each(
        {
            "article": Nested(
                {**_texts("tenantArticleId", "title"), "titleLocalized": Nested(_LOCALIZED, ("titleLocalized",))},
                ("article",),
            )
        },
        ("orderLineItems",),
    ),
    "paymentInfo": Nested(
        {**_texts("currency", "method"), "methodLocalized": Nested(_LOCALIZED, ("methodLocalized",))}, ("paymentInfo",)
    ),
    "tags": Each(_texts("value"), ("tags",)),
    "customAttributes": Attributes(("customAttributes",)),
}
_SORTS: Final[Sorts] = {
    "orderDate": _ORDER_DATE,
    "status": Value("text", ("status",), choices=tuple(str(status) for status in Status)),
}

ORDER_SEARCH: Final = Searchable(
    kind="orders",
    fields=_FIELDS,
    sorts=_SORTS,
    # The newest first (decision D2), by the time at which the consumer placed the order.
    default=Order("orderDate:DESC", _ORDER_DATE, descending=True),
)
ORDER_TERMS: Final = Terms("order_search", _FIELDS, _ORDER_DATE.path)
