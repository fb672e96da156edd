"""The calendar of promises, and the network that it is of: what they say is what calendar and documents say."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opendoms.calendar.delivery import Receiving, Transit, delivery
from opendoms.calendar.hand_over import Cutoffs, hand_over
from opendoms.calendar.hours import DaysOff, FulfilmentHours, work_done
from opendoms.carriers.rules import carrier as carrier_rules
from opendoms.carriers.rules import connection as connection_rules
from opendoms.facilities.rules import creation
from opendoms.facilities.time_zones import zones_of
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import new_id
from opendoms.promises.model import Cost, Product
from opendoms.promises.model import Transit as Days
from opendoms.promises.network import Carriage, Hours, Memos, Network, Pickup, Region, Work, connection_of, network_of
from opendoms.promises.timetable import DAYS_KEPT_MAX, Receiver, Timetable
from opendoms.retail.retailer import retailer
from tests.rules import calendars as made

EPOCH = datetime.date(1970, 1, 1).toordinal()


def network(hours: FulfilmentHours, cutoffs: Cutoffs, buffer: int, configuration: dict[str, Any]) -> Network:
    """One facility "f" with one connection "c"."""
    shared = Hours(hours)
    connection = {"id": "c", "deliveryType": "DELIVERY", "configuration": configuration}
    carriage = Carriage(Pickup(shared, cutoffs), connection, {"deliveryType": "DELIVERY"}, {})
    return Network((), {"f": Work(shared, buffer)}, {"c": carriage}, {"f": Region("DE", None)}, Memos())


@given(made.hours, made.cutoffs, made.instants(), st.integers(0, 3_000), st.lists(st.integers(0, 10**8), max_size=3))
def test_it_says_what_the_calendar_says(
    hours: FulfilmentHours, cutoffs: Cutoffs, start: int, buffer: int, later: list[int]
) -> None:
    """Whatever was asked before: opening, work and hand-over are those of the calendar."""
    timetable = Timetable(network(hours, cutoffs, buffer, {}), Receiver(Region("DE", None), hours.zone))
    for instant in (start, *(start + more for more in later), start):
        assert timetable.opens("f", instant) == work_done(hours, instant, 0)
        assert timetable.ready("f", instant) == work_done(hours, instant, buffer)
        assert timetable.hand_over("f", "c", instant) == hand_over(hours, cutoffs, instant)


@given(made.hours, made.instants(), st.integers(0, 5), st.integers(0, 5), st.booleans())
def test_goods_arrive_on_days_of_delivery_that_the_receiver_works_on(
    hours: FulfilmentHours,
    at: int,
    least: int,
    more: int,
    to_store: bool,  # noqa: FBT001 - one of the two cases
) -> None:
    """Not on Sundays where nobody says otherwise; at a store, not on days on which it is closed either."""
    receiver = Receiver(Region("DE", None), hours.zone, Hours(hours) if to_store else None)
    arrival = Timetable(network(hours, Cutoffs(((720,),) * 7), 0, {}), receiver).arrival(
        "f", "c", Days(least, least + more), at
    )
    sundays = DaysOff(weekdays=frozenset({6}))
    receiving = Receiving(hours.zone, lambda day: not sundays.holds(day) and (not to_store or hours.works_on(day)))
    expected = delivery(at, Transit(least, least + more), receiving)
    assert (arrival is None) == (expected is None)
    if arrival is not None and expected is not None:
        days = expected.first.toordinal() - EPOCH, expected.last.toordinal() - EPOCH
        assert arrival == (*days, expected.earliest, expected.latest)


def test_the_days_that_are_kept_are_bounded() -> None:
    """Years of asking keep no more than so many days."""
    hours = FulfilmentHours(made.ZONES[0])
    kept = network(hours, Cutoffs(((720,),) * 7), 60, {})
    timetable = Timetable(kept, Receiver(Region("DE", None), hours.zone))
    for day in range(2 * DAYS_KEPT_MAX):
        assert timetable.hand_over("f", "c", day * 86_400_000) is not None
        assert timetable.ready("f", day * 86_400_000) is not None
    assert len(kept.works["f"].hours.openings) <= DAYS_KEPT_MAX
    assert len(kept.carriages["c"].pickup.hand_overs) <= DAYS_KEPT_MAX


def test_a_stored_retailer_becomes_a_network() -> None:
    """Each facility with its hours, work and connections; equal hours and cut-offs are there once."""
    world, now = retailer(7), 1_795_600_000_000
    carriers = {body["key"]: carrier_rules.create(body, now=now, new_id=new_id).document for body in world.carriers}
    facilities, connected = [], {}
    for body in world.facilities:
        document = creation.create(body, zones=zones_of(body), now=now, new_id=new_id).document
        facilities.append(decode(encode(document)))
        connected[document["id"]] = [
            (
                connection_rules.connect(
                    link, facility_id=document["id"], carrier=carriers[key], connections=0, now=now, new_id=new_id
                ).document,
                carriers[key],
            )
            for own, key, link in world.connections
            if own == body["tenantFacilityId"]
        ]
    made_of = network_of(reversed(facilities), connected)
    assert [facility.id for facility in made_of.facilities] == sorted(each["id"] for each in facilities)
    berlin = next(facility for facility in made_of.facilities if facility.tenant_id == "S-001")
    assert (berlin.services, berlin.status) == (frozenset({"SHIP_FROM_STORE", "PICKUP"}), "ONLINE")
    assert [connection.carrier_key for connection in berlin.connections] == ["DHL_V2", "GLS", "CUSTOM_COURIER"]
    assert [connection.same_day for connection in berlin.connections] == [False, False, True]
    assert all(connection.active for connection in berlin.connections)
    assert len(made_of.carriages) == len(world.connections)
    assert made_of.works[berlin.id].buffer in (120, 180, 240)
    assert made_of.regions[berlin.id] == Region("DE", "BE")
    assert len({id(work.hours) for work in made_of.works.values()}) < len(made_of.works)
    assert len({id(each.pickup) for each in made_of.carriages.values()}) < len(made_of.carriages)


def test_what_a_configuration_tells_of_a_product_is_read_and_what_is_no_such_thing_is_not() -> None:
    """Decision D73; documents from before these members were judged may hold anything there."""
    carrier = {"id": "c", "key": "DHL_V2", "name": "DHL", "status": "ACTIVE", "deliveryType": "DELIVERY"}

    def product(**configuration: Any) -> Product:
        connection = decode(encode({"id": "x", "status": "ACTIVE", "configuration": configuration}))
        return connection_of(connection, carrier).products[0]

    costs = [{"cost": 4.90, "currency": "EUR"}]
    told = product(carrierProductCategory="EXPRESS", deliveryCosts=costs)
    assert (told.category, told.costs) == ("EXPRESS", (Cost("4.9", "EUR"),))
    assert product() == product(carrierProductCategory=7, deliveryCosts="dear") == Product("STANDARD")
    assert product(deliveryCosts=[{"cost": "4"}, 3, *costs]).costs == (Cost("4.9", "EUR"),)
