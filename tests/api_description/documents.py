"""Bodies that use every member there is, and random changes to them."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

Json = Any
Place = tuple[str | int, ...]

AMOUNT: Json = {"value": 1999, "currency": "EUR", "decimalPlaces": 2}
LOCALES: Json = {"de_DE": "Wert", "en_US": "value"}
CUSTOM: Json = {"source": "shop", "nested": {"list": [1, 2.5, None, True]}}
ATTRIBUTE: Json = {
    "key": "size",
    "value": "42",
    "category": "descriptive",
    "type": "STRING",
    "priority": 10,
    "keyLocalized": LOCALES,
    "valueLocalized": LOCALES,
    "context": {"type": "FACILITY", "value": "f1"},
}
TOLERANCES: Json = {
    "overPickSoftTolerancePercentage": 5,
    "overPickHardTolerancePercentage": 120.5,
    "shortPickSoftTolerancePercentage": 0,
    "shortPickHardTolerancePercentage": 100,
}
CONSUMER: Json = {
    "consumerId": "c-1",
    "email": "consumer@example.com",
    "facilityRef": "f1",
    "tenantFacilityId": "store-1",
    "customAttributes": CUSTOM,
    "loyaltyLevel": "an open object keeps members that nobody named",
    "addresses": [
        {
            "street": "Hauptstraße",
            "houseNumber": "1a",
            "city": "Köln",
            "postalCode": "50667",
            "province": "NRW",
            "country": "DE",
            "additionalAddressInfo": "2nd floor",
            "addressType": "POSTAL_ADDRESS",
            "salutation": "",
            "personalTitle": "Dr.",
            "firstName": "Ada",
            "lastName": "Example",
            "companyName": "Example GmbH",
            "email": "ada@example.com",
            "coordinates": {"lat": 50.9, "lon": 6},
            "customAttributes": CUSTOM,
            "phoneNumbers": [{"type": "MOBILE", "value": "+49 1", "label": "work", "customAttributes": CUSTOM}],
        }
    ],
}
PRICING: Json = {
    "discounts": [
        {
            "type": "ABSOLUTE",
            "value": AMOUNT,
            "percentage": 12.5,
            "name": "Summer",
            "nameLocalized": LOCALES,
            "code": "S24",
            "context": "cart",
            "tenantDiscountId": "d1",
        }
    ],
    "fees": [{"name": "Shipping", "value": AMOUNT}],
    "taxes": [{"value": AMOUNT, "type": "VAT", "ratePercent": 19, "scope": "ORDER", "taxableValue": AMOUNT}],
}
LINE: Json = {
    "article": {
        "tenantArticleId": "4711",
        "title": "Shoe",
        "titleLocalized": LOCALES,
        "imageUrl": "https://images.example.com/4711.png",
        "weight": 350.5,
        "attributes": [ATTRIBUTE],
        "customAttributes": None,
    },
    "quantity": 2,
    "scannableCodes": ["4006381333931"],
    "measurementUnitKey": "piece",
    "secondaryMeasurementUnitKey": "gram",
    "secondaryQuantity": 0,
    "measurementValidation": TOLERANCES,
    "allowedSubstitutes": [
        {
            "tenantArticleId": "4712",
            "title": "Other shoe",
            "priority": 1.5,
            "imageUrl": "https://images.example.com/4712.png",
            "scannableCodes": ["1"],
            "attributes": [ATTRIBUTE],
            "measurementUnitKey": "piece",
            "secondaryMeasurementUnitKey": "gram",
            "measurementValidation": TOLERANCES,
        }
    ],
    "shopPrice": 19.99,
    "tags": [{"id": "t1", "value": "v1"}],
    "customAttributes": CUSTOM,
}
FACILITY: Json = {"facilityRef": "f1"}
SERVICE: Json = {
    "customServiceDefinition": {
        "customServiceRef": "s1",
        "tenantCustomServiceId": "gift-wrap",
        "isBundled": False,
        "additionalInformation": [
            {"additionalInformationRef": "a1", "tenantAdditionalInformationId": "text", "value": "Happy birthday"},
            {"additionalInformationRef": "a2", "value": 3},
        ],
        "customAttributes": CUSTOM,
    },
    "articleItems": [{"tenantArticleRef": "4711", "quantity": 1.5}],
    "customServiceItems": [
        {"customServiceDefinition": {"isBundled": True}, "articleItems": [], "customServiceItems": []},
    ],
}

CREATION: Json = {
    "orderDate": "2024-05-01T12:00:00.123456+02:00",
    "tenantOrderId": "R-4711",
    "status": "OPEN",
    "statusReasons": [{"status": "LOCKED", "reason": "payment"}],
    "source": {"sourceRef": "src1"},
    "consumer": CONSUMER,
    "orderLineItems": [LINE, {"article": {"tenantArticleId": "1", "title": ""}, "quantity": 1}],
    "deliveryPreferences": {
        "collect": [
            {
                "facilityRef": "f1",
                "tenantFacilityId": "store-1",
                "paid": True,
                "provisioningTime": "2024-05-02T12:00:00Z",
                "supplyingFacilities": ["f2"],
                "supplyingFacilitiesConfigurations": [
                    {
                        "facilityRef": "f2",
                        "deliveryEvents": [{"deliveryTarget": "SHIP_TO_STORE", "deliveryTrigger": "DEFAULT"}],
                    }
                ],
            }
        ],
        "shipping": {
            "serviceLevel": "DELIVERY",
            "carrierProductCategory": "STANDARD",
            "desiredDeliveryTime": "2024-05-03T12:00:00Z",
            "preferredCarriers": ["DHL"],
            "preferredCarriersWithProduct": [
                {"carrierKey": "DHL", "carrierProduct": "V01PAK", "carrierServices": ["SIGNATURE"]}
            ],
            "preselectedFacilities": [FACILITY, {"tenantFacilityId": "store-2"}],
            "servicetype": "BEST_EFFORT",
        },
        "targetTime": "2024-05-03T12:00:00.000Z",
        "estimatedDeliveryDate": "2024-05-04T00:00:00-05:00",
        "reservationPreferences": {"mode": "SCHEDULED", "reservationTime": "2024-05-02T08:00:00Z"},
        "sourcingOptionRefs": ["o1"],
        "supplyingFacilities": ["f2"],
    },
    "paymentInfo": {"currency": "EUR", "methodLocalized": LOCALES},
    "pricing": PRICING,
    "promisesOptions": {"validUntil": "2024-05-01T13:00:00Z"},
    "customServices": [SERVICE],
    "stickers": [{"key": "k", "nameLocalized": LOCALES, "priority": 1, "color": "#19b6b5", "name": "Wert"}],
    "tags": [{"id": "t1", "value": "v1"}],
    "customAttributes": CUSTOM,
}
UPDATE: Json = {
    "version": 3,
    "comment": "as agreed",
    "consumer": CONSUMER,
    "customAttributes": None,
    "preferredHandlingTime": "2024-05-03T12:00:00Z",
    "pricing": PRICING,
    "orderLineItems": [
        {"id": "l1"},
        {"quantity": 2, "article": LINE["article"]},
        {"id": "l2", "quantity": 3.0, "article": {"title": "Shoe"}},
    ],
}
CONFIGURATION: Json = {
    "version": 0,
    "allowOrderLineItemModification": True,
    "id": "c1",
    "created": "2024-05-01T12:00:00Z",
}
RECORD: Json = {
    "tenantOrderRecordId": "sale-1",
    "orderRecordDate": "2024-05-01T12:00:00.123456+02:00",
    "facilityRef": "f1",
    "consumer": {
        "consumerId": "c-1",
        "email": "not checked",
        "addresses": [
            {
                "firstName": "Ada",
                "lastName": "Example",
                "companyName": "Example GmbH",
                "street": "Hauptstraße",
                "houseNumber": "1a",
                "additionalAddressInfo": "2nd floor",
                "postalCode": "50667",
                "city": "Köln",
                "province": "NRW",
                "country": "Germany",
            }
        ],
    },
    "lineItems": [
        {
            "article": {
                "tenantArticleId": "4711",
                "title": "Shoe",
                "attributes": [{name: value for name, value in ATTRIBUTE.items() if name != "context"}],
            },
            "quantity": -1.5,
            "measurementUnitKey": "piece",
            "warranty": {"warrantyStartDate": "2024-05-01T12:00:00Z", "warrantyPeriod": "-P1Y2M3DT4H5M6S"},
            "returnPolicy": {"isReturnable": True, "returnWindowEndDate": "2024-06-01T12:00:00Z"},
            "customAttributes": CUSTOM,
        },
        {"article": {"tenantArticleId": "", "attributes": []}, "quantity": 0, "customAttributes": None},
    ],
    "origin": {"type": "POS", "terminalId": "7", "cashierId": "12"},
    "payments": [
        {
            "value": AMOUNT,
            "status": "COMPLETED",
            "paymentMethod": "card",
            "transactionId": "t1",
            "receiptNumber": "r1",
            "taxValue": AMOUNT,
        }
    ],
    "pricing": PRICING,
    "customAttributes": CUSTOM,
}

# What a member may be turned into: every JSON type, values at and beyond the bounds, and texts that nearly fit.
VALUES: tuple[Json, ...] = (
    None,
    True,
    0,
    1,
    -1,
    100,
    101,
    1001,
    10_001,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    0.5,
    2.0,
    2.5,
    "",
    " ",
    "x",
    "x" * 14,
    "x" * 15,
    "x" * 256,
    "x" * 257,
    "two\nlines",
    "line\n",
    "nul\u0000",
    "DE",
    "de",
    "DE\n",
    "OPEN",
    "open",
    "EUR",
    "a@example.com",
    "a@@example.com",
    "a..b@example.com",
    "a@example.com\n",
    "P2Y",
    "P2Y\n",
    "P٣D",
    "2024-05-01T12:00:00Z",
    "2024-05-01t12:00:00.1234567890123z",
    "2024-05-01T12:00:00+23:59",
    "2024-05-01 12:00:00Z",
    "2024-05-01T12:00:00+0200",
    "2024-05-01T12:00:00",
    "2024-05-01",
    "2024-13-01T12:00:00Z",
    [],
    [None],
    ["x"],
    [{}],
    {},
    {"x": "y"},
    {"x": 1},
    {"facilityRef": "f1"},
    {"title": "t"},
)


def places(document: Json, at: Place = ()) -> list[Place]:
    """Every place in a document but the document itself."""
    found: list[Place] = []
    steps = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for step, value in steps:
        found += [(*at, step), *places(value, (*at, step))]
    return found


@st.composite
def changed(draw: st.DrawFn, document: Json) -> Json:
    """The document after one to four changes: a part replaced, removed, repeated, or a member added."""
    result = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        where = places(result)
        if not where:
            break
        *way, last = draw(st.sampled_from(where))
        parent = result
        for step in way:
            parent = parent[step]
        match draw(st.sampled_from(("replace", "replace", "remove", "repeat", "add"))):
            case "replace":
                parent[last] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case "remove":
                del parent[last]
            case "repeat" if isinstance(parent[last], list) and parent[last]:
                parent[last] = parent[last][:1] * draw(st.sampled_from((2, 40, 41, 100, 101, 500, 501)))
            case _ if isinstance(parent, dict):
                parent[draw(st.sampled_from(("unknown", "tenantSourceId", "facilityRef", "odd name")))] = "x"
            case _:
                parent.append(copy.deepcopy(draw(st.sampled_from(VALUES))))
    return result
