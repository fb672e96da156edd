"""Order records as callers send them, and a hub that takes them in."""

from __future__ import annotations

from typing import Any

from opendoms.app import Hub
from opendoms.db.sqlfile import Query
from tests.api.caller import Caller

PATH = "/api/orderrecords"
SWITCH = "/api/configurations/orderrecords"
URN = "urn:fft:facility:tenantFacilityId:"

FULL: dict[str, Any] = {
    "tenantOrderRecordId": "sale-1",
    "orderRecordDate": "2026-11-20T10:00:00+02:00",
    "consumer": {
        "consumerId": "c-1",
        "email": "not checked",
        "addresses": [{"firstName": "Ada", "lastName": "Example", "country": "DE", "shoeSize": 43}],
    },
    "lineItems": [
        {
            "quantity": 1.5,
            "measurementUnitKey": "kg",
            "article": {
                "tenantArticleId": "A-1",
                "title": "Käse 🧀",
                "attributes": [
                    {"category": "basePrice", "key": "value", "value": "1000", "type": "CURRENCY", "priority": -3},
                    {"category": "basePrice", "key": "currency", "value": "EUR"},
                    {"category": "descriptive", "key": "k", "value": "v", "keyLocalized": {"de_DE": "k"}},
                ],
            },
            "warranty": {"warrantyStartDate": "2026-11-20T08:00:00Z", "warrantyPeriod": "P2Y"},
            "returnPolicy": {"isReturnable": True, "returnWindowEndDate": "2026-12-20T00:00:00Z"},
            "customAttributes": None,
        }
    ],
    "origin": {"type": "POS", "terminalId": "7", "cashierId": "12"},
    "payments": [
        {
            "value": {"value": 1510, "currency": "EUR", "decimalPlaces": 2},
            "status": "COMPLETED",
            "paymentMethod": "card",
            "transactionId": "t-1",
            "receiptNumber": "r-1",
            "taxValue": {"value": 241, "currency": "EUR"},
        }
    ],
    "pricing": {
        "discounts": [{"type": "COUPON", "code": "X", "nameLocalized": {"en_US": "Coupon"}}],
        "fees": [{"name": "bag", "value": {"value": 10, "currency": "EUR"}}],
        "taxes": [{"value": {"value": 0, "currency": "EUR"}, "ratePercent": 7.0}],
    },
    "customAttributes": {"till": {"software": 1.10}},
}


def sale(number: int = 1, **more: Any) -> dict[str, Any]:
    """A small sale with its own number; it lacks the facility."""
    line = {"quantity": 1, "article": {"tenantArticleId": f"A-{number}", "attributes": []}}
    return {
        "tenantOrderRecordId": f"sale-{number}",
        "orderRecordDate": "2026-11-20T08:00:00Z",
        "lineItems": [line],
        **more,
    }


async def facility(caller: Caller, key: str = "store-1") -> str:
    """The id of a new facility."""
    body = {
        "name": "Store",
        "tenantFacilityId": key,
        "address": {"companyName": "S", "street": "Main", "postalCode": "50667", "city": "Köln", "country": "DE"},
    }
    created = await caller.post("/api/facilities", body)
    assert created.status_code == 201, created.text
    facility_id: str = created.json()["id"]
    return facility_id


async def switched_on(caller: Caller) -> str:
    """Lets order records in and answers the id of a facility to sell at."""
    assert (await caller.put(SWITCH, {"isOrderRecordsEnabled": True, "version": 0})).status_code == 201
    return await facility(caller)


async def put(caller: Caller, *records: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of taking records in; the summary must agree with them."""
    answer = await caller.put(PATH, {"operations": list(records)})
    assert answer.status_code == 200, answer.text
    details: list[dict[str, Any]] = answer.json()["details"]
    statuses = [detail["status"] for detail in details]
    assert len(statuses) == len(records)
    assert answer.json()["summary"] == {
        "created": statuses.count("CREATED"),
        "updated": 0,
        "unchanged": statuses.count("UNCHANGED"),
    }
    return details


def statuses(details: list[dict[str, Any]]) -> list[str]:
    """The results in short."""
    return [detail["status"] for detail in details]


async def history(hub: Hub) -> list[tuple[str, int, str, str]]:
    """Entity, seq, type and actor of every event of order records, oldest first."""
    sql = "select entity_id, seq, type, actor from events where entity_kind = 'ORDER_RECORD' order by position"
    return [(row[0], row[1], row[2], row[3]) for row in await hub.db.rows(Query("events", sql, sql, ()), {})]
