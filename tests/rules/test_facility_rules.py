"""Rules of facilities: what is filled in, what is refused, what a change leaves alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from opendoms.facilities.rules import change, creation
from opendoms.facilities.rules.whole import TimeZone
from opendoms.facilities.time_zones import zones_of
from opendoms.kernel.decision import Decision
from opendoms.kernel.facility_urn import tenant_facility_id_of, urn_of
from opendoms.kernel.refusal import Invalid, VersionConflict

Document = dict[str, Any]

NOW = 1_700_000_000_000
CREATED = "2023-11-14T22:13:20.000Z"
LATER = "2023-11-14T22:13:21.000Z"

ADDRESS: Document = {
    "companyName": "Shop Ltd.",
    "street": "Main",
    "postalCode": "50667",
    "city": "Köln",
    "country": "DE",
}
SHOP: Document = {"name": "Shop", "address": ADDRESS}
SUPPLIER: Document = {"name": "Supply", "type": "SUPPLIER"}
UNKNOWN_ZONE = "address.resolvedTimeZone.timeZoneId: expected a time zone of the IANA database, such as Europe/Berlin"
BERLIN = {"Europe/Berlin": TimeZone("CET", 3600)}


def created(facility: Document, zones: dict[str, TimeZone] | None = None) -> Document:
    """The facility as it is stored."""
    ids = (f"id-{number}" for number in itertools.count(1))
    return creation.create(facility, zones=zones or {}, now=NOW, new_id=lambda: next(ids)).document


def refused_creation(facility: Document) -> list[str]:
    """The summaries of a creation that must be refused."""
    with pytest.raises(Invalid) as caught:
        created(facility)
    return [fault.summary for fault in caught.value.faults]


def changed(stored: Document, body: Document) -> Decision:
    """What a change does, one second later."""
    change.check_change(body, {})
    return change.change(stored, body, zones={}, now=NOW + 1000)


def refused_change(stored: Document, body: Document) -> list[str]:
    """The summaries of a change that must be refused."""
    with pytest.raises(Invalid) as caught:
        changed(stored, body)
    return [fault.summary for fault in caught.value.faults]


def test_a_managed_facility_gets_what_the_contract_names() -> None:
    """Status, type, kind of place, buffer and capacity; nothing else is made up."""
    assert created(SHOP) == {
        **SHOP,
        "id": "id-1",
        "version": 1,
        "created": CREATED,
        "lastModified": CREATED,
        "type": "MANAGED_FACILITY",
        "status": "ONLINE",
        "locationType": "STORE",
        "fulfillmentProcessBuffer": 240,
        "capacityEnabled": False,
    }


def test_what_the_caller_says_is_kept() -> None:
    """Values of their own, and members that we do not know; not what only the server makes."""
    facility = {
        **SHOP,
        "status": "OFFLINE",
        "fulfillmentProcessBuffer": 0,
        "colour": {"deep": [1]},
        "version": 9,
        "id": 5,
    }
    stored = created(facility)
    assert (stored["status"], stored["fulfillmentProcessBuffer"], stored["colour"]) == ("OFFLINE", 0, {"deep": [1]})
    assert (stored["id"], stored["version"]) == ("id-1", 1)


def test_a_supplier_gets_no_members_of_a_managed_facility() -> None:
    """It needs a name and nothing else."""
    stored = created(SUPPLIER)
    assert stored == {
        **SUPPLIER,
        "status": "ONLINE",
        "id": "id-1",
        "version": 1,
        "created": CREATED,
        "lastModified": CREATED,
    }


@pytest.mark.parametrize(
    ("facility", "summaries"),
    [
        ({"name": "Shop"}, ["address: is required for a managed facility"]),
        (
            {"name": "Shop", "address": {"companyName": "Shop Ltd.", "country": "DE"}},
            [f"address.{name}: is required for a managed facility" for name in ("street", "postalCode", "city")],
        ),
        (
            {**SUPPLIER, "address": {"companyName": "S", "country": "DE", "emailAddresses": [{"value": "nobody"}]}},
            ["address.emailAddresses[0].value: expected an e-mail address"],
        ),
        (
            {**SHOP, "customAttributes": {"$a": 1}, "contact": {"customAttributes": {"b.c": 1}}},
            [
                "customAttributes: a key must not start with $ and must not contain a dot",
                "contact.customAttributes: a key must not start with $ and must not contain a dot",
            ],
        ),
        (
            {**SHOP, "address": {**ADDRESS, "resolvedTimeZone": {"timeZoneId": "Mars/Base"}}},
            [UNKNOWN_ZONE],
        ),
    ],
)
def test_a_facility_that_cannot_work_is_refused(facility: Document, summaries: list[str]) -> None:
    """Every fault is told, each with its path."""
    assert refused_creation(facility) == summaries


def time(hour: int, minute: int = 0) -> Document:
    return {"hour": hour, "minute": minute}


def test_picking_times_must_not_overlap() -> None:
    """Parts of a day may touch, in any order; one that reaches into another is refused, and one without length."""
    day = [{"start": time(13), "end": time(18)}, {"start": time(8), "end": time(13)}]
    assert created({**SHOP, "pickingTimes": {"monday": day}})["pickingTimes"] == {"monday": day}
    over = [*day, {"start": time(17, 59), "end": time(20)}]
    assert refused_creation({**SHOP, "pickingTimes": {"monday": day, "friday": over}}) == [
        "pickingTimes.friday[2]: overlaps with pickingTimes.friday[0]"
    ]
    assert refused_creation({**SHOP, "pickingTimes": {"monday": [{"start": time(8), "end": time(8)}]}}) == [
        "pickingTimes.monday[0].end: expected a time after the start"
    ]


def test_further_members_of_open_objects_are_not_looked_at() -> None:
    """They are the caller's own, whatever they hold."""
    facility = {**SHOP, "pickingTimes": {"holidays": {"q": 1}}, "contact": {"x": [1]}, "scanningRule": {"y": None}}
    stored = created(facility)
    assert {name: stored[name] for name in facility} == facility


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), (None, 2)])
def test_costs_get_the_places_of_their_currency(currency: str | None, places: int) -> None:
    """Unless the caller says them."""
    cost = {"value": 100, "currency": currency}
    assert created({**SHOP, "operativeCosts": [cost]})["operativeCosts"] == [{**cost, "decimalPlaces": places}]
    said = {**cost, "decimalPlaces": 7}
    assert created({**SHOP, "operativeCosts": [said]})["operativeCosts"] == [said]


def test_a_time_zone_is_answered_with_name_and_offset() -> None:
    """The offset is that of its standard time; what else the caller said there is kept."""
    named = {"timeZoneId": "Europe/Berlin", "mine": 1}
    stored = created({**SHOP, "address": {**ADDRESS, "resolvedTimeZone": named}}, BERLIN)
    assert stored["address"]["resolvedTimeZone"] == {
        "timeZoneId": "Europe/Berlin",
        "mine": 1,
        "timeZoneName": "CET",
        "offsetInSeconds": 3600,
        "source": "IANA time zone database",
    }


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", TimeZone("CET", 3600)),
        ("America/Los_Angeles", TimeZone("PST", -28_800)),
        ("Australia/Sydney", TimeZone("AEDT", 36_000)),
        ("UTC", TimeZone("UTC", 0)),
        ("Mars/Base", None),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_time_zones_come_from_the_machine(name: str, zone: TimeZone | None) -> None:
    """By their names only, and never another file."""
    expected = {} if zone is None else {name: zone}
    assert zones_of({"address": {"resolvedTimeZone": {"timeZoneId": name}}}) == expected
    assert zones_of({"actions": [{}, {"address": {"resolvedTimeZone": {"timeZoneId": name}}}]}) == expected


def test_a_change_sets_what_is_named_and_leaves_the_rest() -> None:
    """Version and time move on; one event is told."""
    stored = created({**SHOP, "colour": "blue", "tags": [{"id": "a", "value": "b"}]})
    decision = changed(stored, {"type": "MANAGED_FACILITY", "version": 1, "name": "New", "status": "SUSPENDED"})
    assert decision.document == {**stored, "name": "New", "status": "SUSPENDED", "version": 2, "lastModified": LATER}
    assert decision.happening is not None
    assert decision.happening.type == "FACILITY_UPDATED"


def test_null_takes_a_member_away_or_back_to_its_default() -> None:
    """What has a default gets it again."""
    stored = created({**SHOP, "fulfillmentProcessBuffer": 5, "contact": {"firstName": "A", "lastName": "B"}})
    body = {"type": "MANAGED_FACILITY", "version": 1, "fulfillmentProcessBuffer": None, "contact": None}
    document = changed(stored, body).document
    assert document["fulfillmentProcessBuffer"] == 240
    assert "contact" not in document


def test_a_change_to_what_is_already_so_writes_nothing() -> None:
    """Neither version nor time moves, and nothing is told."""
    stored = created(SHOP)
    same = {"type": "MANAGED_FACILITY", "version": 1, "name": "Shop", "address": ADDRESS, "contact": None}
    assert changed(stored, same) == Decision(stored)
    assert changed(stored, {"version": 1, "actions": [{"action": "ModifyFacility"}]}) == Decision(stored)


def test_actions_are_taken_one_after_the_other() -> None:
    """Members of the address are set one by one; an empty list of tags takes them away."""
    stored = created({**SHOP, "tags": [{"id": "a", "value": "b"}]})
    actions = [
        {"action": "ModifyFacility", "name": "First", "address": {"street": "New"}},
        {"action": "ModifyFacility", "name": "Second", "tags": []},
    ]
    document = changed(stored, {"version": 1, "actions": actions}).document
    assert (document["name"], document["address"]) == ("Second", {**ADDRESS, "street": "New"})
    assert "tags" not in document
    assert document["version"] == 2


@pytest.mark.parametrize(
    ("stored", "body", "summaries"),
    [
        (SHOP, {}, ["type: is required"]),
        (SHOP, {"actions": [], "name": "x"}, ["name: cannot stand together with actions"]),
        (SHOP, {"type": "MANAGED_FACILITY", "address": None}, ["address: is required for a managed facility"]),
        (
            SHOP,
            {"type": "MANAGED_FACILITY", "address": {"companyName": "S", "country": "DE", "city": "B", "street": "S"}},
            ["address.postalCode: is required for a managed facility"],
        ),
        (SHOP, {"type": "SUPPLIER"}, ["type: expected MANAGED_FACILITY, which the facility is; a type cannot change"]),
        (SUPPLIER, {"type": "SUPPLIER", "services": []}, ["services: is not a member of a supplier"]),
        (
            SUPPLIER,
            {"actions": [{"action": "ModifyFacility"}]},
            ["actions: change managed facilities only, and this is a supplier"],
        ),
        (
            SHOP,
            {"actions": [{"action": "ModifyFacility", "address": {"phoneNumbers": [{"value": "1"}]}}]},
            ["address.phoneNumbers[0].type: is required"],
        ),
        (
            SHOP,
            {"actions": [{"action": "ModifyFacility", "address": {"resolvedTimeZone": {"timeZoneId": "Nowhere"}}}]},
            [f"actions[0].{UNKNOWN_ZONE}"],
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(stored: Document, body: Document, summaries: list[str]) -> None:
    """Each with its path."""
    assert refused_change(created(stored), {"version": 1, **body}) == summaries


def test_an_old_version_is_told_both_numbers() -> None:
    """Whether something is changed, stepwise or not, or replaced."""
    stored = {**created(SHOP), "version": 3}
    bodies: list[Document] = [
        {"type": "MANAGED_FACILITY", "version": 2},
        {"version": 2, "actions": [{"action": "ModifyFacility"}]},
    ]
    for body in bodies:
        with pytest.raises(VersionConflict) as caught:
            changed(stored, body)
        assert (caught.value.request_version, caught.value.version) == (2, 3)
    with pytest.raises(VersionConflict):
        change.replace(stored, {**SHOP, "type": "MANAGED_FACILITY", "version": 2}, zones={}, now=NOW)


def test_a_replacement_drops_what_it_does_not_say() -> None:
    """Save what it has no words for: costs, and what we do not know."""
    cost = {"value": 1, "currency": "EUR", "decimalPlaces": 2}
    stored = created({**SHOP, "tenantFacilityId": "K1", "services": [], "colour": "blue", "operativeCosts": [cost]})
    body = {
        "version": 1,
        "type": "MANAGED_FACILITY",
        "status": "OFFLINE",
        "name": "New",
        "address": ADDRESS,
        "locationType": "WAREHOUSE",
        "fulfillmentProcessBuffer": 1,
        "capacityEnabled": True,
    }
    document = change.replace(stored, body, zones={}, now=NOW + 1000).document
    kept = {name: stored[name] for name in ("id", "created", "colour", "operativeCosts")}
    assert document == {**body, **kept, "version": 2, "lastModified": LATER}


def test_a_urn_holds_the_callers_own_id() -> None:
    """And an id is no URN."""
    assert tenant_facility_id_of(urn_of("K:1/ä")) == "K:1/ä"
    assert tenant_facility_id_of("01a00000-0000-7000-8000-000000000000") is None
