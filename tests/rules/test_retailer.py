"""The made-up retailer: every body is accepted, the same seed makes the same world, and goods get somewhere in it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opendoms.calendar.delivery import Receiving, Transit, delivery
from opendoms.calendar.hand_over import hand_over
from opendoms.calendar.hours import work_done
from opendoms.carriers.rules import carrier as carrier_rules
from opendoms.carriers.rules import connection as connection_rules
from opendoms.carriers.rules.serving import covers, cutoffs_of, days_without_delivery, transit_of
from opendoms.carriers.wire import CarrierForCreation, FacilityCarrierConnectionForCreation
from opendoms.facilities.rules import creation
from opendoms.facilities.rules.hours import hours_of, processing_minutes
from opendoms.facilities.time_zones import zones_of
from opendoms.facilities.wire import FacilityForCreation
from opendoms.kernel import document as documents
from opendoms.kernel.ids import new_id
from opendoms.orders.seed_catalogue import ARTICLES as ORDERED
from opendoms.retail.retailer import retailer
from opendoms.tags.wire import TagForCreation
from tests.rules.calendars import instant

NOW = instant("2026-11-20T10:00:00+01:00")
MADE = retailer(7)
FACILITIES = {body["tenantFacilityId"]: body for body in MADE.facilities}
CARRIERS = {body["key"]: carrier_rules.create(body, now=NOW, new_id=new_id).document for body in MADE.carriers}


def valid(body: dict[str, Any], type_: Any) -> None:
    """Holds a body against its wire type; it has to come through JSON unchanged."""
    sent = documents.encode(body)
    msgspec.json.decode(sent, type=type_)
    assert msgspec.json.decode(sent) == body


def test_every_body_is_valid() -> None:
    """Tags, carriers, facilities and connections decode into their wire types and pass the rules."""
    for tag in MADE.tags:
        valid(tag, TagForCreation)
    for carrier in MADE.carriers:
        valid(carrier, CarrierForCreation)
    for facility in MADE.facilities:
        valid(facility, FacilityForCreation)
        assert creation.create(facility, zones=zones_of(facility), now=NOW, new_id=new_id).document["version"] == 1
    for _, _, connection in MADE.connections:
        valid(connection, FacilityCarrierConnectionForCreation)
        connection_rules.check(connection)


def test_there_are_30_shops_2_warehouses_and_5000_articles() -> None:
    """Each with a name of its own; what refers to something refers to what is there, tags included."""
    assert sum(own.startswith("S-") for own in FACILITIES) == 30
    assert sum(own.startswith("W-") for own in FACILITIES) == 2
    assert len({body["name"] for body in MADE.facilities}) == 32
    assert len({article.tenant_article_id for article in MADE.articles}) == 5_000
    assert len({article.code for article in MADE.articles}) == 5_000
    assert MADE.articles[: len(ORDERED)] == ORDERED
    assert {own for own, _, _ in MADE.connections} == set(FACILITIES)
    assert {key for _, key, _ in MADE.connections} == set(CARRIERS)
    assert len({(own, key) for own, key, _ in MADE.connections}) == len(MADE.connections)
    allowed = {(tag["id"], value) for tag in MADE.tags for value in tag["allowedValues"]}
    tagged = [*MADE.facilities, *(body for _, _, body in MADE.connections)]
    assert {(tag["id"], tag["value"]) for body in tagged for tag in body["tags"]} == allowed


def test_listings_and_stocks_belong_together() -> None:
    """A facility has stocks of what it lists alone, each once and of at least one piece; warehouses list everything."""
    listed, stocked = {}, {}
    for own in FACILITIES:
        listed[own] = [listing["tenantArticleId"] for listing in MADE.listings(own)]
        stocks = list(MADE.stocks(own))
        stocked[own] = [stock["tenantArticleId"] for stock in stocks]
        assert len(set(listed[own])) == len(listed[own])
        assert len(set(stocked[own])) == len(stocked[own])
        assert set(stocked[own]) < set(listed[own])
        assert {stock["tenantFacilityId"] for stock in stocks} == {own}
        assert min(stock["value"] for stock in stocks) == 1
    assert [len(listed[own]) for own in ("W-1", "S-001", "S-007", "S-030")] == [5_000, 1_800, 720, 360]
    assert sum(map(len, listed.values())) == sum(len(articles) for articles in MADE.assortments.values())
    assert 0.85 < len(stocked["S-001"]) / len(listed["S-001"]) < 0.91


def test_the_same_seed_makes_the_same_world() -> None:
    """Another one stocks and opens otherwise, in the same places."""
    again, other = retailer(7), retailer(8)
    assert again == MADE
    assert list(again.stocks("S-004")) == list(MADE.stocks("S-004"))
    assert list(other.stocks("W-1")) != list(MADE.stocks("W-1"))
    assert other.facilities != MADE.facilities
    assert [body["name"] for body in other.facilities] == [body["name"] for body in MADE.facilities]


@pytest.mark.parametrize("own", FACILITIES)
def test_goods_get_from_every_facility_to_somebody_nearby(own: str) -> None:
    """Within a week, on a working day, by at least one carrier that delivers in the same country."""
    facility = FACILITIES[own]
    country, postal_code = facility["address"]["country"], facility["address"]["postalCode"]
    hours = hours_of(facility)
    ready = work_done(hours, NOW, processing_minutes(facility))
    assert ready is not None
    arrivals = []
    for at, key, connection in MADE.connections:
        if at == own and covers(connection, country, postal_code):
            carrier = CARRIERS[key]
            taken = hand_over(hours, cutoffs_of(connection), ready)
            transit = transit_of(connection, carrier)
            assert taken is not None
            assert transit is not None
            off = days_without_delivery(connection, carrier, country, None)
            found = delivery(taken, transit, Receiving(hours.zone, lambda day, off=off: not off.holds(day)))  # type: ignore[misc]  # a default binds the loop's value
            assert found is not None
            assert NOW < taken <= found.earliest <= found.latest
            arrivals.append((found.last, transit))
    assert arrivals
    assert all((last.weekday() != 6 or transit == Transit(0, 0)) for last, transit in arrivals)
    assert min(last for last, _ in arrivals).isoformat() <= "2026-11-27"
