"""Believable orders for looking around and for load: bodies of POST /api/orders, the same ones for the same arguments.

They refer to nothing that has to exist first (no facilities, tags, sources or carriers).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.money import half_up
from opendoms.orders.seed_catalogue import ARTICLES, REGIONS, Article, Region

_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS
SPREAD_MS: Final = 120 * _DAY_MS

# How many orders of 100 have 1, 2, … 12 lines, and how many lines of 100 have 1, 2, … 6 pieces.
_LINES: Final = tuple(n for n, share in enumerate((38, 24, 14, 8, 5, 3, 2, 2, 1, 1, 1, 1), 1) for _ in range(share))
_PIECES: Final = tuple(n for n, share in enumerate((74, 15, 5, 3, 1, 2), 1) for _ in range(share))

# Net prices in euro cents.
_FREE_SHIPPING_FROM: Final = 7_500
_SHIPPING_FEE: Final = 416

_PAYMENTS: Final = (
    ("Credit card", "Kreditkarte"),
    ("Invoice", "Rechnung"),
    ("Direct debit", "Lastschrift"),
    ("Wallet", "Wallet"),
    ("Prepayment", "Vorkasse"),
)
_CHANNELS: Final = ("web", "web", "web", "app", "app", "marketplace", "phone")
_TIERS: Final = ("basic", "basic", "silver", "gold")
_PRODUCTS: Final = ("STANDARD", "STANDARD", "STANDARD", "VALUE", "EXPRESS")
# Key, English and German name of at most 14 characters, colour, priority.
_STICKERS: Final = (
    ("express", "Express", "Eilig", "#c62828", 10),
    ("gift", "Gift", "Geschenk", "#6a1b9a", 50),
    ("vip", "VIP", "VIP", "#f9a825", 20),
    ("fragile", "Fragile", "Zerbrechlich", "#1565c0", 100),
)


def orders(count: int, seed: int, now_ms: int) -> Iterator[Document]:
    """`count` orders with dates in the last four months before the instant `now_ms`, oldest first.

    The same three arguments give the same orders. No two share a `tenantOrderId`, nor do orders of another seed or
    another instant. Every order is made of fresh objects, which the caller may change.
    """
    draw = _Draw(seed)
    for number in range(count):
        at = now_ms - SPREAD_MS + int(SPREAD_MS * (number + draw.share()) / count)
        yield _order(draw, f"WEB-{now_ms:x}-{seed}-{number + 1:06d}", at)


class _Draw:
    """Draws from a table, cheaper than the library's methods, which make more of evenness than a sample needs."""

    def __init__(self, seed: int) -> None:
        self.share = random.Random(seed).random  # noqa: S311 - made-up data, no secret

    def below(self, bound: int) -> int:
        """An integer from 0 to bound - 1."""
        return int(self.share() * bound)

    def percent(self, chance: int) -> bool:
        """True in `chance` of 100 draws."""
        return self.share() * 100 < chance


def _order(draw: _Draw, tenant_order_id: str, at: int) -> Document:
    region = REGIONS[draw.below(len(REGIONS))]
    priced = draw.percent(75)
    lines, net = _lines(draw, region, priced=priced)
    method, method_de = _PAYMENTS[draw.below(len(_PAYMENTS))]
    express = draw.percent(8)
    order: Document = {
        "tenantOrderId": tenant_order_id,
        "orderDate": text_of(at),
        "consumer": _consumer(draw, region),
        "orderLineItems": lines,
        "deliveryPreferences": {
            "shipping": {
                "serviceLevel": "DELIVERY",
                "carrierProductCategory": "EXPRESS" if express else _PRODUCTS[draw.below(len(_PRODUCTS))],
                "desiredDeliveryTime": text_of(at + (1 if express else 2 + draw.below(4)) * _DAY_MS),
            }
        },
        "paymentInfo": {"currency": region.currency, "methodLocalized": {"en_US": method, "de_DE": method_de}},
        "customAttributes": {
            "channel": _CHANNELS[draw.below(len(_CHANNELS))],
            "loyaltyTier": _TIERS[draw.below(len(_TIERS))],
            "giftWrap": draw.percent(6),
        },
    }
    if priced:
        order["pricing"] = _pricing(draw, region, net)
    if express or draw.percent(10):
        order["stickers"] = [_sticker(0 if express else 1 + draw.below(len(_STICKERS) - 1))]
    if draw.percent(2):
        order["status"] = "LOCKED"
        order["statusReasons"] = [{"status": "LOCKED", "reason": "Payment is being checked"}]
    return order


def _consumer(draw: _Draw, region: Region) -> Document:
    postal = _address(draw, region)
    first, last = (names[draw.below(len(names))] for names in (region.first_names, region.last_names))
    person = {
        "firstName": first.text,
        "lastName": last.text,
        "email": f"{first.mailbox}.{last.mailbox}@example.com",
    }
    addresses = [{"addressType": "POSTAL_ADDRESS", **person, **postal}]
    if region.phone is not None and draw.percent(40):
        addresses[0]["phoneNumbers"] = [{"type": "PHONE", "value": region.phone.format(draw.below(100))}]
    if draw.percent(15):
        addresses.append({"addressType": "INVOICE_ADDRESS", **person, **_address(draw, region)})
    return {"consumerId": f"C-{draw.below(900_000) + 100_000}", "addresses": addresses}


def _address(draw: _Draw, region: Region) -> Document:
    place = region.places[draw.below(len(region.places))]
    address = {
        "street": region.streets[draw.below(len(region.streets))],
        "houseNumber": str(draw.below(180) + 1),
        "postalCode": place.postal_code,
        "city": place.city,
        "country": region.country,
    }
    if place.province is not None:
        address["province"] = place.province
    return address


def _lines(draw: _Draw, region: Region, *, priced: bool) -> tuple[list[Document], int]:
    """The lines of one order, each of another article, and what they cost net of their discounts."""
    lines: list[Document] = []
    net, taken = 0, set()
    for _ in range(_LINES[draw.below(len(_LINES))]):
        place = draw.below(len(ARTICLES))
        while place in taken:
            place = (place + 1) % len(ARTICLES)
        taken.add(place)
        article, quantity = ARTICLES[place], _PIECES[draw.below(len(_PIECES))]
        line = _line(article, quantity)
        if priced:
            percentage = 5 * (1 + draw.below(6)) if draw.percent(12) else 0
            price = half_up(article.price * region.euro_percent, 100)
            base = price * quantity
            net += base - half_up(base * percentage, 100)
            line["article"]["attributes"] += _price_attributes(price, region.currency, percentage)
        if draw.percent(4):
            line["allowedSubstitutes"] = []
        lines.append(line)
    return lines, net


def _line(article: Article, quantity: int) -> Document:
    return {
        "quantity": quantity,
        "article": {
            "tenantArticleId": article.tenant_article_id,
            "title": article.title,
            "titleLocalized": {"en_US": article.title, "de_DE": article.title_de},
            "weight": article.weight,
            "attributes": [
                {"category": "descriptive", "key": key, "value": value, "priority": priority}
                for priority, (key, value) in enumerate(article.attributes, 1)
            ],
        },
        "measurementUnitKey": "piece",
        "scannableCodes": [article.code],
    }


def _price_attributes(price: int, currency: str, percentage: int) -> list[Document]:
    attributes: list[Document] = [
        {"category": "basePrice", "key": "value", "value": str(price), "type": "CURRENCY"},
        {"category": "basePrice", "key": "currency", "value": currency, "type": "STRING"},
    ]
    if percentage:
        attributes.append({"category": "discount", "key": "percentage", "value": str(percentage), "type": "NUMBER"})
    return attributes


def _pricing(draw: _Draw, region: Region, net: int) -> Document:
    """The order-level prices of lines that cost `net`: taxes on what is left after discounts and with the fee."""
    pricing: Document = {}
    taxable = net
    if draw.percent(12):
        percentage = 5 * (1 + draw.below(4))
        taxable -= half_up(net * percentage, 100)
        code = f"SAVE{percentage}"
        pricing["discounts"] = [{"type": "PERCENTAGE", "percentage": percentage, "code": code, "context": "CART"}]
    elif draw.percent(8):
        voucher = min(net, half_up(500 * region.euro_percent, 100))
        taxable -= voucher
        pricing["discounts"] = [{"type": "ABSOLUTE", "value": _money(voucher, region), "code": "WELCOME"}]
    if net < half_up(_FREE_SHIPPING_FROM * region.euro_percent, 100):
        fee = half_up(_SHIPPING_FEE * region.euro_percent, 100)
        taxable += fee
        pricing["fees"] = [{"name": "Shipping", "value": _money(fee, region)}]
    pricing["taxes"] = [
        {
            "type": region.tax_type,
            "ratePercent": region.tax_percent,
            "taxableValue": _money(taxable, region),
            "value": _money(half_up(taxable * region.tax_percent, 100), region),
        }
    ]
    return pricing


def _money(value: int, region: Region) -> Document:
    return {"value": value, "currency": region.currency, "decimalPlaces": 2}


def _sticker(place: int) -> Document:
    key, name, name_de, colour, priority = _STICKERS[place]
    return {"key": key, "nameLocalized": {"en_US": name, "de_DE": name_de}, "color": colour, "priority": priority}
