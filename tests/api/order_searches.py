"""Searches of orders with what they find, and with what they are refused for."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

KOELN = {
    "street": "Main",
    "houseNumber": "4",
    "city": "Köln",
    "postalCode": "50667",
    "country": "DE",
    "province": "NRW",
    "firstName": "Ada",
    "lastName": "Müller",
    "companyName": "ACME",
    "email": "ada@example.com",
    "addressType": "POSTAL_ADDRESS",
}
BONN = {"street": "Other", "city": "Bonn", "postalCode": "53111", "country": "AT", "lastName": "Schmidt"}
ADDRESSES = "consumer.addresses.contains"
SHIPPING = "deliveryPreferences.shipping"


def at(path: str, condition: Any) -> Body:
    """A condition under the members of a path."""
    for name in reversed(path.split(".")):
        condition = {name: condition}
    found: Body = condition
    return found


FILTERS: list[tuple[Body, str]] = [
    ({}, "4321"),
    ({"and": []}, "4321"),
    ({"or": []}, ""),
    (at("status.eq", "LOCKED"), "2"),
    (at("status.notEq", "OPEN"), "32"),
    (at("status.in", ["OPEN", "CANCELLED"]), "431"),
    (at("status.in", []), ""),
    (at("tenantOrderId.eq", "shop-1"), "1"),
    (at("tenantOrderId.eq", "SHOP-1"), ""),
    (at("tenantOrderId.notEq", "shop-1"), "432"),
    (at("tenantOrderId.in", ["shop-1", "shop-4", "x"]), "41"),
    (at("tenantOrderId.notIn", ["shop-1", "shop-4", "x"]), "32"),
    (at("orderDate.eq", "2026-11-01T08:00:00.000Z"), "1"),
    (at("orderDate.notEq", "2026-11-01T09:00:00+01:00"), "432"),
    (at("orderDate.gt", "2026-11-02T08:00:00Z"), "43"),
    (at("orderDate.gte", "2026-11-02T08:00:00Z"), "432"),
    (at("orderDate.lt", "2026-11-02T08:00:00Z"), "1"),
    (at("orderDate.lte", "2026-11-02T08:00:00Z"), "21"),
    ({"orderDate": {"gt": "2026-11-01T08:00:00Z", "lt": "2026-11-03T08:00:00Z"}}, "2"),
    (at("orderDate.after", "-P500Y"), "4321"),
    (at("orderDate.before", "-P500Y"), ""),
    (at("orderDate.before", "–P500Y"), ""),
    (at("orderDate.before", "P500Y"), "4321"),
    (at("consumer.consumerId.eq", "c-1"), "1"),
    (at("consumer.consumerId.notIn", ["c-1"]), "432"),
    (at("consumer.addresses.exists", True), "21"),
    (at("consumer.addresses.exists", False), "43"),
    (at(f"{ADDRESSES}.city.eq", "Köln"), "21"),
    (at(f"{ADDRESSES}.city.notEq", "Köln"), "1"),
    (at(f"{ADDRESSES}.addressType.eq", "INVOICE_ADDRESS"), "1"),
    (at(f"{ADDRESSES}.addressType.in", ["PARCEL_LOCKER"]), ""),
    (at(f"{ADDRESSES}.addressType.notEq", "POSTAL_ADDRESS"), "21"),
    (at(f"{ADDRESSES}.companyName.eq", "ACME"), "1"),
    (at(f"{ADDRESSES}.country.in", ["AT"]), "21"),
    (at(f"{ADDRESSES}.email.eq", "ada@example.com"), "1"),
    (at(f"{ADDRESSES}.firstName.eq", "Ada"), "1"),
    (at(f"{ADDRESSES}.houseNumber.eq", "4"), "1"),
    (at(f"{ADDRESSES}.lastName.notIn", ["Müller"]), "21"),
    (at(f"{ADDRESSES}.postalCode.eq", "53111"), "21"),
    (at(f"{ADDRESSES}.province.eq", "NRW"), "1"),
    (at(f"{ADDRESSES}.street.eq", "Main"), "1"),
    # Two conditions, one address: order 1 has the town in one and the name in the other.
    (at(ADDRESSES, {"city": {"eq": "Köln"}, "lastName": {"eq": "Schmidt"}}), "2"),
    ({"and": [at(f"{ADDRESSES}.city.eq", "Köln"), at(f"{ADDRESSES}.lastName.eq", "Schmidt")]}, "21"),
    (at("deliveryPreferences.collect.exists", True), "2"),
    (at("deliveryPreferences.collect.contains.facilityRef.notEq", "x"), "2"),
    (at("deliveryPreferences.collect.contains.paid.eq", True), "2"),
    (at("deliveryPreferences.collect.contains.paid.notEq", True), ""),
    (at(f"{SHIPPING}.serviceLevel.eq", "SAMEDAY"), "3"),
    (at(f"{SHIPPING}.serviceLevel.notEq", "SAMEDAY"), "421"),
    (at(f"{SHIPPING}.desiredDeliveryTime.eq", "2026-11-04T11:00:00Z"), "3"),
    (at(f"{SHIPPING}.desiredDeliveryTime.gt", "2026-11-04T11:00:00Z"), ""),
    (at(f"{SHIPPING}.desiredDeliveryTime.gte", "2026-11-04T11:00:00Z"), "3"),
    (at(f"{SHIPPING}.desiredDeliveryTime.before", "P500Y"), "3"),
    (at("orderLineItems.exists", True), "4321"),
    (at("orderLineItems.contains.article.tenantArticleId.eq", "A-2"), "1"),
    (at("orderLineItems.contains.article.title.eq", "Tea"), "1"),
    (at("orderLineItems.contains.article", {"tenantArticleId": {"eq": "A-1"}, "title": {"eq": "Tea"}}), ""),
    (at("orderLineItems.contains.article.titleLocalized.de_DE.eq", "Kaffee"), "1"),
    (at("orderLineItems.contains.article.titleLocalized.en_US.eq", "Coffee"), "1"),
    (at("orderLineItems.contains.article.titleLocalized.ru_RU.eq", "Кофе"), "1"),
    (at("paymentInfo.currency.eq", "EUR"), "1"),
    (at("paymentInfo.method.eq", "Invoice"), "1"),
    (at("paymentInfo.methodLocalized.de_DE.eq", "Rechnung"), "1"),
    (at("paymentInfo.methodLocalized.en_US.notEq", "Invoice"), "432"),
    (at("paymentInfo.methodLocalized.ru_RU.eq", "Счёт"), "1"),
    (at("tags.contains.value.eq", "B2C"), "3"),
    (at("tags.contains.value.in", ["B2B", "B2C"]), "31"),
    (at("tags.exists", False), "42"),
    (at("customAttributes.ref.eq", "r-1"), "41"),
    (at("customAttributes.ref.notEq", "r-1"), "32"),
    (at("customAttributes.number.eq", 5.0), "1"),
    (at("customAttributes.number.eq", "5"), ""),
    (at("customAttributes.number.gt", 5), "2"),
    (at("customAttributes.number.lte", 5.5), "21"),
    (at("customAttributes.gift.eq", True), "1"),
    (at("customAttributes.gift.notEq", True), "432"),
    (at("customAttributes.since.lt", "2026-01-01T02:00:00+01:00"), "1"),
    (at("customAttributes.since.before", "-P500Y"), ""),
    ({"or": [at("tenantOrderId.eq", "shop-1"), at("status.eq", "CANCELLED")]}, "31"),
    ({"or": [at("status.notEq", "OPEN"), {"and": [at("customAttributes.ref.eq", "r-1"), {"or": [{}]}]}]}, "4321"),
    ({"status": {"eq": "OPEN"}, "or": [at("tags.exists", True), at("tags.exists", False)], "and": [{}]}, "41"),
]

ENDLESS: Body = {}
for _ in range(17):
    ENDLESS = {"or": [ENDLESS]}


REFUSED: list[tuple[Body, list[str]]] = [
    ({}, ["query"]),
    ({"query": {"tenantOrderID": {"eq": "x"}}}, ["query.tenantOrderID"]),
    ({"query": {"status": {"eq": "open"}, "orderDate": {"eq": "x"}}}, ["query.status.eq", "query.orderDate.eq"]),
    ({"query": {"tags": {"contains": {"id": {"eq": "x"}}}}}, ["query.tags.contains.id"]),
    ({"query": {"tenantOrderId": {"like": "x"}}}, ["query.tenantOrderId.like"]),
    ({"query": {"tenantOrderId": {"eq": "x" * 257}}}, ["query.tenantOrderId.eq"]),
    ({"query": {"tenantOrderId": {"in": ["x"] * 26}}}, ["query.tenantOrderId.in"]),
    ({"query": {"and": [{}] * 501}}, ["query.and"]),
    ({"query": {"orderDate": {"after": "yesterday"}}}, ["query.orderDate.after"]),
    ({"query": {"customAttributes": {"a.b": {"eq": 1}}}}, ["query.customAttributes.a.b"]),
    ({"query": {"customAttributes": {"$a": {"eq": 1}}}}, ["query.customAttributes.$a"]),
    ({"query": {"customAttributes": {"a": {"gt": "x"}}}}, ["query.customAttributes.a.gt"]),
    ({"query": ENDLESS}, ["query" + ".or[0]" * 17]),
    ({"query": {"or": [{"tenantOrderId": {"eq": "x"}, "status": {"eq": "OPEN"}}] * 500}}, ["query.or[499].status.eq"]),
    ({"query": {}, "size": 0}, ["size"]),
    ({"query": {}, "size": 251}, ["size"]),
    ({"query": {}, "last": 2, "size": 1}, ["last"]),
    ({"query": {}, "after": "x", "before": "y"}, ["before"]),
    ({"query": {}, "after": "x"}, ["after"]),
    ({"query": {}, "sort": []}, ["sort"]),
    ({"query": {}, "sort": [{"orderDate": "ASC"}, {"status": "ASC"}]}, ["sort"]),
    ({"query": {}, "sort": [{"orderDate": "ASC", "status": "ASC"}]}, ["sort[0]"]),
    ({"query": {}, "sort": [{"id": "ASC"}]}, ["sort[0].id"]),
    ({"query": {}, "options": {"withtotal": True}}, ["options.withtotal"]),
    ({"query": {}, "more": 1}, ["more"]),
]
