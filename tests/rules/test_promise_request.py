"""Order documents as the decision gets them."""

from __future__ import annotations

import pytest

from opendoms.kernel.decision import Document
from opendoms.promises.model import (
    LEVEL_DEFAULT,
    Address,
    CarrierWish,
    Collect,
    Line,
    Order,
    Point,
    Service,
    Shipping,
    SupplyingFacility,
)
from opendoms.promises.request import address_of, order_of
from tests.rules.orders import NOW, NOW_TEXT, stored


def test_an_order_without_wishes_is_sent_to_its_address() -> None:
    """Lines keep their ids; what is not said is left open."""
    document = stored()
    first, second = (line["id"] for line in document["orderLineItems"])
    assert order_of(document) == Order(
        (Line(first, "A-1", 2, "Article A-1"), Line(second, "A-2", 5, "Article A-2")), address=Address("DE", "50667")
    )
    assert order_of(document).level == LEVEL_DEFAULT
    assert order_of(document, {"resourceInvestment": {"level": 0.7}}).level == 0.7
    assert order_of(document, {"includeListingCustomAttributes": True}).level == LEVEL_DEFAULT
    assert order_of(document, receiver=Address("NL")).address == Address("NL")


def test_wishes_for_shipping_are_taken_over() -> None:
    """Both ways of naming carriers count, and facilities by their ids."""
    shipping = {
        "serviceLevel": "SAMEDAY",
        "carrierProductCategory": "EXPRESS",
        "desiredDeliveryTime": NOW_TEXT,
        "preferredCarriers": ["GLS"],
        "preferredCarriersWithProduct": [
            {"carrierKey": "DHL_V2", "carrierProduct": "PAKET", "carrierServices": ["SIGNATURE"]}
        ],
        "preselectedFacilities": [{"facilityRef": "f-2"}, {"facilityRef": "f-1", "tenantFacilityId": "one"}],
    }
    order = order_of({**stored(), "deliveryPreferences": {"shipping": shipping, "targetTime": NOW_TEXT}})
    assert order.target_time == NOW
    assert order.shipping == Shipping(
        ("f-2", "f-1"),
        True,
        "EXPRESS",
        (CarrierWish("GLS"), CarrierWish("DHL_V2", "PAKET", frozenset({"SIGNATURE"}))),
        NOW,
    )


def test_collecting_names_the_facility_and_its_suppliers() -> None:
    """With their targets; suppliers named in the two older ways send to the store."""
    to_both = [
        {"deliveryTarget": target, "deliveryTrigger": "DEFAULT"} for target in ("SHIP_TO_CUSTOMER", "SHIP_TO_STORE")
    ]
    collect = {
        "facilityRef": "f-1",
        "provisioningTime": NOW_TEXT,
        "supplyingFacilitiesConfigurations": [
            {"facilityRef": "f-2", "deliveryEvents": to_both},
            {"facilityRef": "f-3", "deliveryEvents": to_both[:1]},
        ],
        "supplyingFacilities": ["f-4"],
    }
    order = order_of({**stored(), "deliveryPreferences": {"collect": [collect], "supplyingFacilities": ["f-5"]}})
    assert order.collect == Collect(
        "f-1",
        (
            SupplyingFacility("f-2", ("SHIP_TO_STORE", "SHIP_TO_CUSTOMER")),
            SupplyingFacility("f-3", ("SHIP_TO_CUSTOMER",)),
            SupplyingFacility("f-4", ("SHIP_TO_STORE",)),
            SupplyingFacility("f-5", ("SHIP_TO_STORE",)),
        ),
        NOW,
    )
    assert order_of(stored(deliveryPreferences={"collect": []})).collect is None


def entry(definition: Document, *items: tuple[str, float], nested: tuple[Document, ...] = ()) -> Document:
    """A custom service as it is sent."""
    return {
        "customServiceDefinition": definition,
        "articleItems": [{"tenantArticleRef": article, "quantity": quantity} for article, quantity in items],
        "customServiceItems": list(nested),
    }


def test_everything_below_a_bundle_belongs_to_it() -> None:
    """Services inside are asked for as well; parts of a piece count as the whole piece."""
    engraving = entry({"customServiceRef": "engraving"}, ("A-2", 1.5))
    gift = entry({"isBundled": True, "tenantCustomServiceId": "gift"}, ("A-1", 1), nested=(engraving,))
    assert order_of(stored(customServices=[gift])).services == (
        Service((("A-1", 1), ("A-2", 2)), bundled=True),
        Service((("A-1", 1),), "gift"),
        Service((("A-2", 2),), "engraving"),
    )
    assert order_of(stored(customServices=[entry({}, ("A-1", 1))])).services == ()


@pytest.mark.parametrize(
    ("types", "postal_code"),
    [
        (["POSTAL_ADDRESS", "PARCEL_LOCKER"], "1"),
        (["INVOICE_ADDRESS", "POSTAL_ADDRESS"], "1"),
        ([None, "INVOICE_ADDRESS"], "0"),
        ([None, "POSTAL_ADDRESS"], "0"),
        (["INVOICE_ADDRESS"], None),
        ([], None),
    ],
)
def test_goods_go_to_the_parcel_locker_or_else_to_the_postal_address(
    types: list[str | None], postal_code: str | None
) -> None:
    """An address without a type is a postal one; the one for the invoice is none to send to."""
    addresses = [
        {"country": "DE", "postalCode": str(place), **({} if kind is None else {"addressType": kind})}
        for place, kind in enumerate(types)
    ]
    assert order_of({**stored(), "consumer": {"addresses": addresses}}).address.postal_code == postal_code
    assert order_of({**stored(), "consumer": {}}).address == Address()


def test_coordinates_are_those_of_the_address_or_those_found_for_it() -> None:
    """Facilities answer the latter."""
    point = {"lat": 50.9, "lon": 7}
    assert address_of({"coordinates": point}).point == Point(50.9, 7.0)
    assert address_of({"resolvedCoordinates": point, "country": "DE"}) == Address("DE", None, Point(50.9, 7.0))
