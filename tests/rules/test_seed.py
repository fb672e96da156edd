"""Made-up orders: they are accepted, believable, reproducible, and refer to nothing that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from opendoms.kernel import document as documents
from opendoms.kernel.clock import instant_from
from opendoms.kernel.ids import new_id
from opendoms.orders.pricing import totals
from opendoms.orders.rules import creation
from opendoms.orders.seed import SPREAD_MS, orders
from opendoms.orders.seed_catalogue import ARTICLES, REGIONS
from opendoms.orders.wire import OrderForCreation

NOW = 1_795_600_000_000
SAMPLE = list(orders(2_000, 7, NOW))


def members(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every member of nested JSON with its path, indexes left out."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield f"{path}.{name}".lstrip("."), member
            yield from members(member, f"{path}.{name}")
    elif isinstance(value, list):
        for member in value:
            yield from members(member, path)


def test_every_order_is_a_valid_body() -> None:
    """All of 2,000 orders decode into the wire type, unchanged, and pass the rules of creation."""
    decoder = msgspec.json.Decoder(OrderForCreation)
    for order in SAMPLE:
        sent = documents.encode(order)
        body = decoder.decode(sent)
        assert len(body.order_line_items) == len(order["orderLineItems"])
        assert documents.decode(sent) == order
        created = creation.create(order, now=NOW, new_id=new_id)
        assert created.document["tenantOrderId"] == order["tenantOrderId"]


def test_the_same_arguments_give_the_same_orders() -> None:
    """Seed, count and time decide everything; another seed gives other orders."""
    assert list(orders(2_000, 7, NOW)) == SAMPLE
    other = list(orders(2_000, 8, NOW))
    assert [order["consumer"] for order in other] != [order["consumer"] for order in SAMPLE]


def test_no_order_shares_its_number() -> None:
    """Numbers are unique within a run, between seeds, and between runs at different times."""
    runs = [orders(500, 1, NOW), orders(500, 2, NOW), orders(500, 1, NOW + 1)]
    assert len({order["tenantOrderId"] for run in runs for order in run}) == 1_500


def test_nothing_is_asked_for_no_orders() -> None:
    """A count of zero gives no order."""
    assert list(orders(0, 7, NOW)) == []


def test_order_dates_rise_through_the_last_months() -> None:
    """Orders come oldest first, one in each even share of the four months before now."""
    dates = [instant_from(order["orderDate"]) for order in SAMPLE]
    assert [(date - (NOW - SPREAD_MS)) * 2_000 // SPREAD_MS for date in dates] == list(range(2_000))


def test_orders_refer_to_nothing_that_must_exist() -> None:
    """No order names a facility, a tag, a source, a carrier or a custom service."""
    names = {path.rpartition(".")[2] for order in SAMPLE for path, _ in members(order)}
    assert names.isdisjoint(
        {
            "facilityRef",
            "tenantFacilityId",
            "collect",
            "preselectedFacilities",
            "supplyingFacilities",
            "tags",
            "source",
            "preferredCarriers",
            "preferredCarriersWithProduct",
            "customServices",
        }
    )


def test_every_kind_of_content_occurs() -> None:
    """Among 2,000 orders are all regions and articles, 1 to 12 lines, 1 to 6 pieces, and every optional member."""
    paths = {path for order in SAMPLE for path, _ in members(order)}
    assert paths >= {
        "status",
        "statusReasons.reason",
        "stickers.nameLocalized.de_DE",
        "customAttributes.channel",
        "paymentInfo.methodLocalized.en_US",
        "pricing.discounts.percentage",
        "pricing.discounts.value.value",
        "pricing.fees.value.value",
        "pricing.taxes.taxableValue.value",
        "consumer.addresses.province",
        "consumer.addresses.phoneNumbers.value",
        "orderLineItems.allowedSubstitutes",
        "deliveryPreferences.shipping.desiredDeliveryTime",
    }
    assert {"pricing" in order for order in SAMPLE} == {True, False}
    lines = [line for order in SAMPLE for line in order["orderLineItems"]]
    assert {len(order["orderLineItems"]) for order in SAMPLE} == set(range(1, 13))
    assert {line["quantity"] for line in lines} == set(range(1, 7))
    assert {line["article"]["tenantArticleId"] for line in lines} == {article.tenant_article_id for article in ARTICLES}
    countries = {address["country"] for order in SAMPLE for address in order["consumer"]["addresses"]}
    assert countries == {region.country for region in REGIONS}
    assert {order["paymentInfo"]["currency"] for order in SAMPLE} == {"EUR", "USD", "PLN"}


def test_an_order_names_each_article_once() -> None:
    """No order has two lines of one article."""
    for order in SAMPLE:
        articles = [line["article"]["tenantArticleId"] for line in order["orderLineItems"]]
        assert len(set(articles)) == len(articles)


def test_mail_goes_nowhere() -> None:
    """Every e-mail address is in the domain that is kept free for examples, and plain ASCII."""
    mails = {member for order in SAMPLE for path, member in members(order) if path.endswith(".email")}
    assert {mail.partition("@")[2] for mail in mails} == {"example.com"}
    assert [mail for mail in mails if not mail.isascii() or " " in mail or mail.startswith((".", "@"))] == []


def test_item_codes_are_sound() -> None:
    """Every article has its own EAN-13 with a right check digit, in the range for use inside a shop."""
    assert len({article.code for article in ARTICLES}) == len(ARTICLES)
    for article in ARTICLES:
        digits = [int(digit) for digit in article.code]
        assert len(digits) == 13
        assert article.code.startswith("200")
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_prices_add_up() -> None:
    """The total of a priced order is its taxable amount and the tax on it; the others have no total."""
    for order in SAMPLE:
        found = totals(order)
        if "pricing" not in order:
            assert found is None
            continue
        (tax,) = order["pricing"]["taxes"]
        assert found is not None
        assert found["total"] == {
            "value": tax["taxableValue"]["value"] + tax["value"]["value"],
            "currency": order["paymentInfo"]["currency"],
            "decimalPlaces": 2,
        }


def test_orders_share_no_object() -> None:
    """Whoever changes one order changes no other, nor the next run."""
    first, second = (
        {id(member) for order in half for _, member in members(order) if isinstance(member, dict | list)}
        for half in (SAMPLE[:100], SAMPLE[100:200])
    )
    assert first.isdisjoint(second)
