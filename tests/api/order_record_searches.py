"""Sales at four facilities, and searches with the sales that they find, in order, by number."""

from __future__ import annotations

from typing import Any, Final

from tests.api.order_searches import ENDLESS, Body, at

# Name and country of the facilities by the number of the sale that each made. The last one is deleted afterwards.
FACILITIES: Final = [("Köln Ring", "DE"), ("Bonn", "AT"), ("Bonn", "DE"), ("Gone", "BE")]

_KOELN: Final = {
    "firstName": "Ada",
    "lastName": "Müller",
    "companyName": "ACME",
    "city": "Köln",
    "postalCode": "50667",
    "country": "DE",
}
_BONN: Final = {"lastName": "Schmidt", "companyName": "Zwei", "city": "Bonn", "postalCode": "53111", "country": "AT"}
_AACHEN: Final = {"lastName": "Schmidt", "companyName": "AB", "city": "Aachen", "postalCode": "52062", "country": "BE"}


def _line(article: str, quantity: float, price: str | None = None) -> Body:
    attributes = [] if price is None else [("value", price), ("currency", "EUR")]
    priced = [{"category": "basePrice", "key": key, "value": value} for key, value in attributes]
    return {"quantity": quantity, "article": {"tenantArticleId": article, "attributes": priced}}


def _payment(receipt: str, transaction: str, method: str, status: str) -> Body:
    amount = {"value": 100, "currency": "EUR"}
    ids = {"receiptNumber": receipt, "transactionId": transaction}
    return {"value": amount, "paymentMethod": method, "status": status, **ids}


SALES: Final[list[Body]] = [
    {
        "orderRecordDate": "2026-11-01T10:00:00+02:00",
        "consumer": {"consumerId": "c-1", "addresses": [_KOELN, _BONN]},
        "lineItems": [_line("A-1", 1.5, "1000"), _line("A-2", 5, "100")],
        "payments": [_payment("r-1", "t-1", "card", "COMPLETED"), _payment("r-2", "t-2", "cash", "FAILED")],
        "origin": {"type": "POS", "terminalId": "7", "cashierId": "12"},
    },
    {
        "orderRecordDate": "2026-11-02T08:00:00Z",
        "consumer": {"consumerId": "c-2", "addresses": [_AACHEN]},
        "lineItems": [_line("A-3", 2, "5000")],
        "payments": [],
        "origin": {"type": "POS", "terminalId": "8", "cashierId": "11"},
    },
    {"orderRecordDate": "2026-11-03T08:00:00Z", "lineItems": [_line("A-1", -1, "1000")]},
    {
        "orderRecordDate": "2026-11-03T08:00:00Z",
        "consumer": {"addresses": []},
        "lineItems": [_line("A-4", 3)],
        "payments": [_payment("r-1", "t-2", "cheque", "REFUNDED")],
        "origin": {"type": "POS"},
    },
]

_ADDRESS: Final = "consumer.addresses.contains"
_PAYMENT: Final = "payments.contains"

FILTERS: Final[list[tuple[Body, str]]] = [
    ({}, "4321"),
    ({"or": []}, ""),
    (at("tenantOrderRecordId.eq", "sale-1"), "1"),
    (at("tenantOrderRecordId.eq", "SALE-1"), ""),
    (at("tenantOrderRecordId.notEq", "sale-1"), "432"),
    (at("tenantOrderRecordId.in", ["sale-1", "sale-4", "x"]), "41"),
    (at("tenantOrderRecordId.notIn", ["sale-1", "sale-4", "x"]), "32"),
    (at("facilityName.eq", "Köln Ring"), "1"),
    (at("facilityName.eq", "Bonn"), "32"),
    (at("facilityName.eq", "bonn"), ""),
    # Of a facility that is gone there is no name any more.
    (at("facilityName.eq", "Gone"), ""),
    (at("facilityName.notEq", "Bonn"), "41"),
    (at("facilityName.notEq", "Gone"), "4321"),
    (at("facilityName.in", ["Bonn", "Köln Ring", "x"]), "321"),
    (at("facilityName.in", []), ""),
    (at("facilityName.notIn", ["Bonn", "Köln Ring"]), "4"),
    (at("facilityName.notIn", []), "4321"),
    (at("facilityName.notEq", "\0"), "4321"),
    ({"facilityName": {}}, "4321"),
    ({"facilityName": {"eq": "Bonn", "in": ["Köln Ring"]}}, ""),
    ({"facilityName": {"in": ["Bonn", "Köln Ring"], "notEq": "Bonn"}}, "1"),
    ({"facilityName": {"notEq": "Bonn", "notIn": ["Köln Ring"]}}, "4"),
    ({"or": [at("facilityName.eq", "Köln Ring"), {"and": [at("facilityName.notEq", "Köln Ring")]}]}, "4321"),
    ({"facilityName": {"eq": "Bonn"}, "or": [at("consumer.consumerId.eq", "c-2"), at("facilityName.in", [])]}, "2"),
    (at("orderRecordDate.eq", "2026-11-01T08:00:00.000Z"), "1"),
    (at("orderRecordDate.notEq", "2026-11-01T09:00:00+01:00"), "432"),
    (at("orderRecordDate.gt", "2026-11-02T08:00:00Z"), "43"),
    (at("orderRecordDate.gte", "2026-11-02T08:00:00Z"), "432"),
    (at("orderRecordDate.lt", "2026-11-02T08:00:00Z"), "1"),
    (at("orderRecordDate.lte", "2026-11-02T08:00:00Z"), "21"),
    (at("orderRecordDate.after", "-P500Y"), "4321"),
    (at("orderRecordDate.before", "-P500Y"), ""),
    (at("consumer.consumerId.eq", "c-1"), "1"),
    (at("consumer.consumerId.notIn", ["c-1"]), "432"),
    (at("consumer.addresses.exists", True), "21"),
    (at("consumer.addresses.exists", False), "43"),
    (at(f"{_ADDRESS}.companyName.eq", "ACME"), "1"),
    (at(f"{_ADDRESS}.lastName.in", ["Schmidt"]), "21"),
    (at(f"{_ADDRESS}.lastName.notEq", "Schmidt"), "1"),
    # Two conditions, one address: sale 1 has the company in one and the name in the other.
    (at(_ADDRESS, {"companyName": {"eq": "ACME"}, "lastName": {"eq": "Schmidt"}}), ""),
    ({"and": [at(f"{_ADDRESS}.companyName.eq", "ACME"), at(f"{_ADDRESS}.lastName.eq", "Schmidt")]}, "1"),
    (at("lineItems.exists", True), "4321"),
    (at("lineItems.contains.article.tenantArticleId.eq", "A-1"), "31"),
    (at("lineItems.contains.article.tenantArticleId.notEq", "A-1"), "421"),
    (at("payments.exists", True), "41"),
    (at("payments.exists", False), "32"),
    (at(f"{_PAYMENT}.receiptNumber.eq", "r-1"), "41"),
    (at(f"{_PAYMENT}.transactionId.eq", "t-2"), "41"),
    (at(_PAYMENT, {"receiptNumber": {"eq": "r-1"}, "transactionId": {"eq": "t-2"}}), "4"),
    (at("origin.cashierId.eq", "12"), "1"),
    (at("origin.terminalId.notEq", "7"), "432"),
]

# What going up finds, and what going down does.
SORTS: Final[list[tuple[str, str, str]]] = [
    ("orderRecordDate", "1234", "4321"),
    ("tenantOrderRecordId", "1234", "4321"),
    ("facilityName", "2314", "4132"),
    ("facilityCountry", "2134", "4312"),
    ("consumer.addresses.city", "2134", "4312"),
    ("consumer.addresses.companyName", "2134", "4312"),
    ("consumer.addresses.country", "1234", "4312"),
    ("consumer.addresses.firstName", "1234", "4321"),
    ("consumer.addresses.lastName", "1234", "4321"),
    ("consumer.addresses.postalCode", "1234", "4312"),
    ("lineItems.quantity", "3124", "1423"),
    ("origin.cashierId", "2134", "4312"),
    ("origin.terminalId", "1234", "4321"),
    ("origin.type", "1243", "3421"),
    ("payments.paymentMethod", "1423", "3241"),
    ("payments.receiptNumber", "1423", "3214"),
    ("payments.status", "1423", "3241"),
    ("payments.transactionId", "1423", "3241"),
    ("pricing.total.priceBreakdownTotal", "3124", "4213"),
]

_BOTH: Final = {"facilityName": "ASC", "facilityCountry": "ASC"}

REFUSED: Final[list[tuple[Body, list[str]]]] = [
    ({}, ["query"]),
    ({"query": {"facilityRef": {"eq": "x"}}}, ["query.facilityRef"]),
    ({"query": {"facilityCountry": {"eq": "DE"}}}, ["query.facilityCountry"]),
    ({"query": {"facilityName": {"like": "x"}}}, ["query.facilityName.like"]),
    ({"query": {"facilityName": {"eq": "x" * 257}}}, ["query.facilityName.eq"]),
    ({"query": {"facilityName": {"in": ["x"] * 26}}}, ["query.facilityName.in"]),
    ({"query": {"or": [at("facilityName.in", [f"{i}-{j}" for j in range(25)]) for i in range(41)]}}, ["query"]),
    ({"query": at(f"{_ADDRESS}.city.eq", "x")}, ["query.consumer.addresses.contains.city"]),
    ({"query": {"origin": {"type": {"eq": "POS"}}}}, ["query.origin.type"]),
    ({"query": {"orderRecordDate": {"after": "yesterday"}}}, ["query.orderRecordDate.after"]),
    ({"query": {"or": [{"facilityName": {"eq": "x"}, **ENDLESS}]}}, ["query" + ".or[0]" * 17]),
    ({"query": {}, "size": 0}, ["size"]),
    ({"query": {}, "last": 2, "size": 1}, ["last"]),
    ({"query": {}, "after": "x"}, ["after"]),
    ({"query": {}, "sort": []}, ["sort"]),
    ({"query": {}, "sort": [_BOTH]}, ["sort[0]"]),
    ({"query": {}, "sort": [{"consumer": {"addresses": {}}}]}, ["sort[0]"]),
    ({"query": {}, "sort": [{"facilityName": "UP"}]}, ["sort[0].facilityName"]),
    ({"query": {}, "sort": [{"payments": {"value": "ASC"}}]}, ["sort[0].payments.value"]),
    ({"query": {}, "startAfterId": "x"}, ["startAfterId"]),
    ({"query": {}, "more": 1}, ["more"]),
]


def facility(number: int) -> Body:
    """The facility of a sale as it is created."""
    name, country = FACILITIES[number - 1]
    address = {"companyName": "S", "street": "Main", "postalCode": "50667", "city": "Köln", "country": country}
    return {"name": name, "tenantFacilityId": f"store-{number}", "address": address}


def sales(refs: list[str]) -> list[Body]:
    """All sales as they are sent, each at its facility."""
    return [
        {"tenantOrderRecordId": f"sale-{number}", "facilityRef": ref, **sale}
        for number, (ref, sale) in enumerate(zip(refs, SALES, strict=True), start=1)
    ]


def leaves(sorts: Any, before: str = "") -> set[str]:
    """The paths of everything that may be sorted by."""
    found = set()
    for name, value in sorts.items():
        path = f"{before}{name}"
        found |= leaves(value, f"{path}.") if isinstance(value, dict) else {path}
    return found
