"""Orders and order records that are full of a person, each of whose words is like no other."""

from __future__ import annotations

import itertools
from typing import Any, Final

MARK: Final = "CANARY"
_numbers = itertools.count(1)


def word() -> str:
    """A text about a person that stands nowhere else."""
    return f"{MARK}{next(_numbers)}x"


def mail() -> str:
    """An e-mail address of a person."""
    return f"{word()}@example.com"


def address(**more: Any) -> dict[str, Any]:
    """An address with every member, and one that the API does not name."""
    return {
        **{name: word() for name in ("street", "city", "postalCode", "houseNumber", "province")},
        **{name: word() for name in ("additionalAddressInfo", "salutation", "personalTitle")},
        **{name: word() for name in ("firstName", "lastName", "companyName")},
        "country": "DE",
        "email": mail(),
        "phoneNumbers": [{"type": "PHONE", "value": word(), "label": word(), "customAttributes": {"x": word()}}],
        "coordinates": {"lat": 1.0, "lon": 2.0, "of": word()},
        "customAttributes": {word(): word()},
        "doorCode": word(),
        **more,
    }


def consumer() -> dict[str, Any]:
    """A consumer with two addresses."""
    return {
        "consumerId": word(),
        "email": mail(),
        "addresses": [address(addressType="POSTAL_ADDRESS"), address(addressType="INVOICE_ADDRESS")],
        "customAttributes": {"loyalty": [word(), {word(): word()}]},
        "nickname": word(),
    }


def line(**more: Any) -> dict[str, Any]:
    """A line of an order, with what a caller may say of a person in it."""
    article = {"tenantArticleId": "A-1", "title": "Ring", "customAttributes": {"engraving": word()}, "for": word()}
    return {"quantity": 1, "article": article, "customAttributes": {"wrap": word()}, **more}


def pricing() -> dict[str, Any]:
    """A discount that was given to one person."""
    value = {"value": 10, "currency": "EUR", "giver": word()}
    discount = {"type": "ABSOLUTE", "value": value, "code": word(), "context": word(), "tenantDiscountId": word()}
    return {"discounts": [{**discount, "owner": word()}]}


def order(**more: Any) -> dict[str, Any]:
    """An order with a person wherever there is room for one."""
    definition = {
        "isBundled": False,
        "additionalInformation": [{"additionalInformationRef": "text", "value": word()}],
        "customAttributes": {"y": word()},
    }
    service = {"customServiceDefinition": definition, "articleItems": [], "customServiceItems": []}
    return {
        "tenantOrderId": "shop-1",
        "orderDate": "2025-10-09T08:00:00Z",
        "consumer": consumer(),
        "orderLineItems": [line(), line()],
        "statusReasons": [{"status": "OPEN", "reason": word()}],
        "pricing": pricing(),
        "customServices": [service],
        "stickers": [{"key": word(), "nameLocalized": {"en_US": word()[-13:]}, "priority": 1}],
        "customAttributes": {"gift": {"note": word()}},
        **more,
    }


def sale(facility_id: str, **more: Any) -> dict[str, Any]:
    """An order record with a person wherever there is room for one."""
    article = {"tenantArticleId": "A-1", "attributes": [], "title": "Ring", "for": word()}
    names = ("street", "city", "postalCode", "houseNumber", "province", "additionalAddressInfo", "country")
    return {
        "tenantOrderRecordId": "sale-1",
        "orderRecordDate": "2025-10-09T08:00:00Z",
        "facilityRef": facility_id,
        "consumer": {
            "consumerId": word(),
            "email": word(),
            "addresses": [{name: word() for name in (*names, "firstName", "lastName", "companyName", "doorCode")}],
            "nickname": word(),
        },
        "lineItems": [{"article": article, "quantity": 1, "customAttributes": {"x": word()}, "note": word()}],
        "origin": {"type": "POS", "terminalId": "7", "cashierId": word(), "shift": word()},
        "payments": [
            {
                "value": {"value": 10, "currency": "EUR"},
                "transactionId": word(),
                "receiptNumber": word(),
                "iban": word(),
            }
        ],
        "pricing": pricing(),
        "customAttributes": {"till": word()},
        "taxNumber": word(),
        **more,
    }
