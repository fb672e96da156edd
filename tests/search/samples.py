"""Random orders, as small as searches need them, and random searches for them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from opendoms.orders.lifecycle import Status
from tests.rules.searches import NOW, RELATIVE

Document = dict[str, Any]

TEXTS: Final = st.sampled_from(["a", "A", "b", "ä🧪", "O'Brien \" AND (x)", ""])
STATUSES: Final = st.sampled_from([str(status) for status in Status])
# Few, so that orders share them, with some that an index cannot tell apart and some at the ends of time.
MOMENTS: Final = st.sampled_from(
    [
        "2023-11-14T22:13:20.000Z",
        "2023-11-14T22:13:20.001Z",
        "2023-11-13T00:00:00.000Z",
        "2023-11-13T00:00:00.000Z",
        "1969-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00.000Z",
        "1600-06-01T00:00:00.000Z",
        "2300-06-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ]
)
NUMBERS: Final = st.sampled_from([-1, 0, 2, 2.5])


def _some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({}, optional=members)


ADDRESSES: Final = st.lists(_some(city=TEXTS, lastName=TEXTS, email=TEXTS), max_size=2)
LINES: Final = st.lists(
    st.builds(lambda article: {"article": article}, _some(tenantArticleId=TEXTS, title=TEXTS)), min_size=1, max_size=3
)
_CONTENTS: Final = st.fixed_dictionaries(
    {"status": STATUSES, "orderDate": MOMENTS, "consumer": _some(consumerId=TEXTS, addresses=ADDRESSES)},
    optional={
        "deliveryPreferences": _some(
            collect=st.lists(_some(facilityRef=TEXTS, paid=st.booleans()), max_size=1),
            shipping=_some(desiredDeliveryTime=MOMENTS, serviceLevel=st.sampled_from(["DELIVERY", "SAMEDAY"])),
        ),
        "orderLineItems": LINES,
        "paymentInfo": _some(currency=st.just("EUR"), methodLocalized=_some(de_DE=TEXTS)),
        "tags": st.lists(_some(id=TEXTS, value=TEXTS), min_size=1, max_size=2),
        "customAttributes": st.dictionaries(
            st.sampled_from(["x", "y"]), TEXTS | NUMBERS | st.booleans() | MOMENTS | st.none(), max_size=2
        ),
    },
)
ORDERS: Final = st.lists(_CONTENTS, max_size=14).map(
    lambda contents: [{"id": f"id-{place:02d}", "version": 1, **each} for place, each in enumerate(contents)]
)


def _operators(
    values: st.SearchStrategy[Any], *names: str, several: tuple[str, ...] = ()
) -> st.SearchStrategy[Document]:
    single = dict.fromkeys(names, values)
    return st.fixed_dictionaries({}, optional=single | dict.fromkeys(several, st.lists(values, max_size=3)))


_TEXT: Final = _operators(TEXTS, "eq", "notEq", several=("in", "notIn"))
_MOMENT: Final = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("eq", "notEq", "gt", "gte", "lt", "lte"), MOMENTS),
        **dict.fromkeys(("after", "before"), st.sampled_from([*RELATIVE])),
    },
)
_ATTRIBUTE: Final = st.one_of(
    _operators(TEXTS | st.booleans(), "eq", "notEq"),
    _operators(NUMBERS, "eq", "notEq", "gt", "gte", "lt", "lte"),
    _operators(MOMENTS, "gt", "lte"),
)


def _list(element: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({}, optional={"contains": element, "exists": st.booleans()})


_LEAVES: Final = _some(
    status=_operators(STATUSES, "eq", "notEq", several=("in",)),
    tenantOrderId=_TEXT,
    orderDate=_MOMENT,
    consumer=_some(consumerId=_TEXT, addresses=_list(_some(city=_TEXT, lastName=_TEXT, email=_TEXT))),
    deliveryPreferences=_some(
        collect=_list(_some(facilityRef=_TEXT, paid=_operators(st.booleans(), "eq", "notEq"))),
        shipping=_some(desiredDeliveryTime=_MOMENT, serviceLevel=_operators(st.just("DELIVERY"), "eq", "notEq")),
    ),
    orderLineItems=_list(_some(article=_some(tenantArticleId=_TEXT, title=_TEXT))),
    paymentInfo=_some(currency=_TEXT, methodLocalized=_some(de_DE=_TEXT)),
    tags=_list(_some(value=_TEXT)),
    customAttributes=st.dictionaries(st.sampled_from(["x", "y"]), _ATTRIBUTE, max_size=1),
)


def _nested(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    filters = st.lists(inner, max_size=3)
    both = st.fixed_dictionaries({}, optional={"and": filters, "or": filters})
    return st.tuples(_LEAVES, both).map(lambda parts: {**parts[0], **parts[1]})


# Most random filters find nothing in a handful of orders; the small ones find something.
_SMALL: Final = st.sampled_from(["status", "orderDate", "consumer", "orderLineItems", "customAttributes"]).flatmap(
    lambda name: _LEAVES.map(lambda filters: {name: filters[name]} if name in filters else {})
)
QUERIES: Final = _SMALL | st.recursive(_LEAVES, _nested, max_leaves=5)
SORTS: Final = st.sampled_from(
    [None, {"orderDate": "ASC"}, {"orderDate": "DESC"}, {"status": "ASC"}, {"status": "DESC"}]
)
__all__ = ["NOW", "ORDERS", "QUERIES", "SORTS", "Document"]
