"""Connections of carriers to facilities through the API, and what becomes of them when the facility goes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from opendoms.app import Hub, actions_of
from opendoms.carriers.connected import ConnectedCarriers
from opendoms.carriers.rules import connection as connection_rules
from opendoms.db.entity import Writer
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_carriers import create as create_carrier
from tests.api.test_carriers import stored_anywhere
from tests.api.test_facilities import FACILITY, UNKNOWN, URN, events
from tests.api.test_facilities import create as create_facility
from tests.tree import ROOT

Document = dict[str, Any]

CUTOFFS: Document = {
    "weekdays": [{"day": "MONDAY", "cutoffConfigurations": [{"time": "16:00", "capacity": 20}]}],
    "overwrites": [{"date": "2026-12-24", "cutoffConfigurations": []}],
}
WHOLE: Document = {
    "name": "Bike from the shop",
    "status": "ACTIVE",
    "cutoffTime": {"hour": 16, "minute": 30},
    "cutoffTimes": CUTOFFS,
    "deliveryAreas": [{"country": "DE", "postalCode": "506*"}],
    "validDeliveryTargets": ["SHIP_TO_CUSTOMER"],
    "configuration": {"transitTime": {"minTransitDays": 1, "maxTransitDays": 2}, "account": "4711"},
    "tags": [{"id": "speed", "value": "slow"}],
    "mine": 1,
}


async def pair(caller: Caller, **carrier: Any) -> tuple[Document, Document, str]:
    """A facility and a carrier, and the path of their connection."""
    facility, made = await create_facility(caller, FACILITY), await create_carrier(caller, **carrier)
    return facility, made, f"/api/facilities/{facility['id']}/carriers/{made['id']}"


async def connect(caller: Caller, path: str, **members: Any) -> Document:
    """The created connection."""
    answer = await caller.post(path, members)
    assert answer.status_code == 201, answer.text
    created: Document = answer.json()
    return created


async def test_a_carrier_is_connected_and_read_back(admin: Caller, hub: Hub) -> None:
    """201 with where it is, all members as sent, by id or URN of the facility; what is not said is filled in."""
    facility, carrier, path = await pair(admin)
    urn = f"/api/facilities/{URN}K1/carriers/{carrier['id']}"
    answer = await admin.post(urn, WHOLE)
    body = answer.json()
    assert answer.headers["location"] == f"http://hub.test{path}"
    assert body == {
        **WHOLE,
        "id": body["id"],
        "version": 1,
        "created": body["created"],
        "lastModified": body["created"],
        "facilityRef": facility["id"],
        "carrierRef": carrier["id"],
        "key": "CUSTOM_BIKE",
    }
    for reference in (path, urn):
        assert (await admin.get(reference)).content == answer.content
    assert (await events(hub))[2:] == [(body["id"], 1, "FACILITY_CARRIER_CONNECTION_CREATED")]
    bare = await create_carrier(admin, key="UPS", name="United")
    made = await connect(admin, f"/api/facilities/{facility['id']}/carriers/{bare['id']}")
    assert (made["name"], made["status"], made["key"]) == ("United", "INACTIVE", "UPS")


async def test_the_bodies_of_the_how_to_are_accepted(admin: Caller) -> None:
    """As they are printed: a carrier, its change, and its connection with everything."""
    page = (ROOT / "docs" / "how-to" / "connect-carriers.md").read_text("utf-8")
    carrier, change, connection = (json.loads(block.partition("```")[0]) for block in page.split("```json\n")[1:])
    facility = await create_facility(admin, FACILITY)
    made = (await admin.post("/api/carriers", carrier)).json()
    changed = await admin.patch(f"/api/carriers/{made['id']}", change)
    assert changed.json()["status"] == "INACTIVE"
    connected = await connect(admin, f"/api/facilities/{facility['id']}/carriers/{made['id']}", **connection)
    assert {name: connected[name] for name in connection} == connection


async def test_a_pair_is_connected_once(admin: Caller, hub: Hub) -> None:
    """Of eight at once one is created; the others are told to change it instead."""
    *_, path = await pair(admin)
    answers = await asyncio.gather(*(admin.unjudged("POST", path, {}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len(await events(hub)) == 3
    (summary,) = {answer.json()[0]["summary"] for answer in answers if answer.status_code == 409}
    assert summary == "The carrier is connected to this facility already."


async def test_a_change_keeps_what_is_not_sent(admin: Caller, hub: Hub) -> None:
    """Null takes cut-offs away; a stale version is refused; what is already so changes nothing."""
    *_, path = await pair(admin)
    created = await connect(admin, path, **WHOLE)
    body = {"version": 1, "status": "INACTIVE", "cutoffTimes": None, "facilityRef": "mine", "key": "UPS"}
    changed = await admin.put(path, body)
    kept = {name: value for name, value in created.items() if name != "cutoffTimes"}
    assert changed.json() == {
        **kept,
        "version": 2,
        "status": "INACTIVE",
        "lastModified": changed.json()["lastModified"],
    }
    (fault,) = (await admin.put(path, body)).json()
    assert (fault["version"], fault["requestVersion"]) == (2, 1)
    again = await admin.put(path, {**body, "version": 2.0})
    assert (again.status_code, again.content) == (200, changed.content)
    assert [event[1:] for event in await events(hub)][2:] == [
        (1, "FACILITY_CARRIER_CONNECTION_CREATED"),
        (2, "FACILITY_CARRIER_CONNECTION_UPDATED"),
    ]
    assert await admin.refused(400, "PUT", path, {"status": "ACTIVE"}) == ["version: is required"]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"cutoffTime": {"hour": 24}}, ["cutoffTime.hour", "cutoffTime.minute"]),
        ({"cutoffTimes": {"weekdays": CUTOFFS["weekdays"] * 2, "overwrites": []}}, ["cutoffTimes.weekdays[1].day"]),
        (
            {"cutoffTimes": {"weekdays": [], "overwrites": [{"date": "2026-02-30", "cutoffConfigurations": []}] * 2}},
            [
                "cutoffTimes.overwrites[1].date",
                "cutoffTimes.overwrites[0].date",
                "cutoffTimes.overwrites[1].date",
            ],
        ),
        (
            {"cutoffTimes": {"weekdays": [{"day": "MONDAY", "cutoffConfigurations": [{"time": "24:00"}]}]}},
            ["cutoffTimes.weekdays[0].cutoffConfigurations[0].time", "cutoffTimes.overwrites"],
        ),
        ({"deliveryAreas": [{"country": "Germany"}]}, ["deliveryAreas[0].country", "deliveryAreas[0].postalCode"]),
        ({"validDeliveryTargets": ["MOON"]}, ["validDeliveryTargets[0]"]),
        (
            {"configuration": {"transitTime": {"minTransitDays": 3, "maxTransitDays": 2}}},
            ["configuration.transitTime.maxTransitDays"],
        ),
        (
            {"configuration": {"threshold": {"from": 10, "to": 9, "currency": "EUR", "decimalPlaces": 2}}},
            ["configuration.threshold.to"],
        ),
        (
            {
                "configuration": {
                    "nonDeliveryDays": [
                        {
                            "country": "DE",
                            "nonDeliveryDays": [{"nonDeliveryDay": "2026-13-01"}],
                            "recurringNonDeliveryWeekdays": [],
                            "nonDeliveryDaysPerProvince": [
                                {
                                    "province": "BY",
                                    "nonDeliveryDays": [{"nonDeliveryDay": "2026-02-29"}],
                                    "recurringNonDeliveryWeekdays": [],
                                }
                            ],
                        }
                    ]
                }
            },
            [
                "configuration.nonDeliveryDays[0].nonDeliveryDays[0].nonDeliveryDay",
                "configuration.nonDeliveryDays[0].nonDeliveryDaysPerProvince[0].nonDeliveryDays[0].nonDeliveryDay",
            ],
        ),
        ({"parcelLabelClassifications": [{"nameLocalized": {"de_DE": ""}, "dimensions": None}]}, None),
    ],
)
async def test_a_wrong_connection_is_told_every_fault(
    admin: Caller, hub: Hub, body: Document, paths: list[str] | None
) -> None:
    """By path, on creation and on change, before anything is looked for; nothing is stored."""
    *_, path = await pair(admin)
    before = await events(hub)
    for method, unknown in (("POST", UNKNOWN), ("PUT", path)):
        at = path if unknown == path else f"/api/facilities/{unknown}/carriers/{unknown}"
        summaries = await admin.refused(400, method, at, {**body, "version": 1})
        expected = paths or ["parcelLabelClassifications[0].nameLocalized.de_DE"]
        assert [summary.partition(":")[0] for summary in summaries] == expected
    assert await events(hub) == before


async def test_what_is_unknown_is_404(admin: Caller, caller_for: CallerFor, hub: Hub) -> None:
    """The facility, the carrier, or the connection of both; another tenant's is as unknown."""
    facility, carrier, path = await pair(admin)
    before = await events(hub)
    for method, body in (("GET", None), ("PUT", {"version": 1})):
        (summary,) = await admin.refused(404, method, path, body)
        assert summary == f"The facility is not connected to a carrier {carrier['id']}."
    nowhere = f"/api/facilities/{UNKNOWN}/carriers/{carrier['id']}"
    for method, body in (("GET", None), ("PUT", {"version": 1}), ("POST", {})):
        assert await admin.refused(404, method, nowhere, body) == [f"Unknown facility {UNKNOWN}."]
    nobody = f"/api/facilities/{facility['id']}/carriers/{UNKNOWN}"
    assert await admin.refused(404, "POST", nobody, {}) == [f"Unknown carrier {UNKNOWN}."]
    stranger = await caller_for(tenant="other")
    for method, body in (("GET", None), ("PUT", {"version": 1}), ("POST", {})):
        assert await stranger.refused(404, method, path, body) == [f"Unknown facility {facility['id']}."]
    for method, end, body in (("GET", "", None), ("POST", "/prioritization", {})):
        answer = await admin.unjudged(method, f"/api/facilities/{UNKNOWN}/carriers{end}", body)
        assert (answer.status_code, answer.json()[0]["summary"]) == (404, f"Unknown facility {UNKNOWN}.")
    assert await events(hub) == before


async def test_credentials_of_a_connection_are_not_kept(admin: Caller, hub: Hub) -> None:
    """Neither in the connection nor in its history."""
    *_, path = await pair(admin)
    created = await connect(admin, path, credentials={"key": "BIKE", "apiKey": "hunter2"})
    assert created["credentials"] == {"key": "BIKE"}
    changed = await admin.put(path, {"version": 1, "credentials": {"password": "hunter2"}})
    assert "hunter2" not in changed.text
    assert await stored_anywhere(hub, "hunter2") == 0


async def test_the_list_of_a_facility_says_who_is_active_there(admin: Caller) -> None:
    """In the order of connecting; ACTIVE where connection and carrier are; delivering as from this facility."""
    facility, bike, path = await pair(admin, status="ACTIVE")
    base = f"/api/facilities/{facility['id']}/carriers"
    assert (await admin.get(base)).json() == {"carriers": [], "total": 0}
    asleep = await create_carrier(admin, key="UPS")
    await connect(admin, f"{base}/{asleep['id']}", status="ACTIVE")
    await connect(admin, path, status="ACTIVE", deliveryType="SAMEDAY")
    listed = (await admin.get(f"/api/facilities/{URN}K1/carriers")).json()
    assert listed["total"] == 2
    assert [(each["id"], each["status"], each["deliveryType"]) for each in listed["carriers"]] == [
        (asleep["id"], "INACTIVE", "DELIVERY"),
        (bike["id"], "ACTIVE", "SAMEDAY"),
    ]


async def test_carriers_are_ranked_for_a_parcel(admin: Caller) -> None:
    """Thresholds that hold the value come first, narrow before wide; who is inactive or does not fit comes after."""
    facility = await create_facility(admin, FACILITY)
    base = f"/api/facilities/{facility['id']}/carriers"

    def meant_for(start: int, end: int) -> Document:
        return {"threshold": {"from": start, "to": end, "currency": "EUR", "decimalPlaces": 2}}

    configurations: dict[str, Document] = {
        "CUSTOM_ANY": {},
        "CUSTOM_WIDE": meant_for(0, 50_000),
        "CUSTOM_NARROW": meant_for(1_000, 2_000),
        "CUSTOM_DEAR": meant_for(40_000, 50_000),
        "CUSTOM_ASLEEP": meant_for(1_000, 1_001),
    }
    for key, configuration in configurations.items():
        carrier = await create_carrier(admin, key=key, status="ACTIVE")
        status = "INACTIVE" if key == "CUSTOM_ASLEEP" else "ACTIVE"
        await connect(admin, f"{base}/{carrier['id']}", status=status, configuration=configuration)

    async def ranked(body: Document) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        answer = await admin.post(f"{base}/prioritization", body)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return tuple(  # type: ignore[return-value]  # of two lists
            [(each["priority"], each["carrier"]["key"]) for each in found[name]]
            for name in ("recommendedCarriers", "otherCarriers")
        )

    worth = {"productValue": {"value": 1_500, "currency": "EUR", "decimalPlaces": 2}}
    assert await ranked(worth) == (
        [(1, "CUSTOM_NARROW"), (2, "CUSTOM_WIDE"), (3, "CUSTOM_ANY")],
        [(1, "CUSTOM_ASLEEP"), (2, "CUSTOM_DEAR")],
    )
    same = {"productValue": {"value": 15_000, "currency": "EUR", "decimalPlaces": 3}}
    assert await ranked(same) == await ranked(worth)
    for silent in ({}, {"productValue": {"value": 1_500, "currency": "USD", "decimalPlaces": 2}}):
        assert (await ranked(silent))[0] == [(1, "CUSTOM_ANY")]
    await admin.refused(400, "POST", f"{base}/prioritization", {"productValue": {"value": 0}})


async def test_a_facility_with_connections_is_deleted_by_force_only(admin: Caller, hub: Hub) -> None:
    """Without, it is refused and says why; with it, the connections end in the same breath and tell so."""
    facility, carrier, path = await pair(admin)
    other = await create_carrier(admin, key="UPS")
    first = await connect(admin, path)
    place = f"/api/facilities/{facility['id']}"
    answer = await admin.unjudged("DELETE", place)
    assert (answer.status_code, answer.json()[0]["summary"]) == (
        409,
        "The facility still has 1 connection to a carrier.",
    )
    second = await connect(admin, f"{place}/carriers/{other['id']}")
    before = await events(hub)
    (fault,) = (await admin.unjudged("DELETE", f"{place}?forceDeletion=false")).json()
    assert fault["summary"] == "The facility still has 2 connections to carriers."
    assert await events(hub) == before
    assert (await admin.get(path)).json() == first
    assert (await admin.call("DELETE", f"{place}?forceDeletion=true")).status_code == 200
    assert sorted((await events(hub))[len(before) :]) == sorted(
        [
            (facility["id"], 2, "FACILITY_DELETED"),
            (first["id"], 2, "FACILITY_CARRIER_CONNECTION_DELETED"),
            (second["id"], 2, "FACILITY_CARRIER_CONNECTION_DELETED"),
        ]
    )
    assert await admin.refused(404, "GET", path) == [f"Unknown facility {facility['id']}."]
    connected = ConnectedCarriers(hub.db, Writer(hub.db, hub.clock, hub.new_id))
    assert await connected.count("default", facility["id"]) == 0
    assert (await admin.get(f"/api/carriers/{carrier['id']}")).json() == carrier


async def test_connections_of_several_facilities_are_read_at_once(admin: Caller, hub: Hub) -> None:
    """By facility, each with its carrier, oldest first; nothing of a facility to which nobody comes, or of others."""
    one, bike, path = await pair(admin)
    two = await create_facility(admin, {**FACILITY, "tenantFacilityId": "K2"})
    ups = await create_carrier(admin, key="UPS")
    made = [
        await connect(admin, f"/api/facilities/{one['id']}/carriers/{ups['id']}"),
        await connect(admin, path),
    ]
    connected = ConnectedCarriers(hub.db, Writer(hub.db, hub.clock, hub.new_id))
    assert await connected.of_facilities("default", [one["id"], two["id"]]) == {
        one["id"]: [(made[0], ups), (made[1], bike)],
        two["id"]: [],
    }
    assert await connected.of_facilities("default", []) == {}
    assert await connected.of_facilities("other", [one["id"]]) == {one["id"]: []}
    keys = await connected.keys("default", [one["id"], two["id"]])
    assert {facility: sorted(found) for facility, found in keys.items()} == {one["id"]: ["CUSTOM_BIKE", "UPS"]}


async def test_facilities_are_found_by_the_carriers_that_come_to_them(admin: Caller) -> None:
    """Which is what the search's `referenced` asks."""
    one, _, path = await pair(admin)
    two = await create_facility(admin, {**FACILITY, "tenantFacilityId": "K2"})
    await connect(admin, path)

    async def found(**operator: Any) -> list[str]:
        query = {"referenced": {"facilityCarrierConnection": {"carrierKey": operator}}}
        answer = await admin.post("/api/facilities/search", {"query": query})
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["facilities"]]

    assert await found(eq="CUSTOM_BIKE") == [one["id"]]
    assert await found(notEq="CUSTOM_BIKE") == [two["id"]]
    assert await found(eq="UPS") == []


async def test_a_facility_has_so_many_carriers_and_no_more(
    admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is refused and nothing is stored."""
    monkeypatch.setattr(connection_rules, "CONNECTIONS_MAX", 1)
    facility, _, path = await pair(admin)
    await connect(admin, path)
    other = await create_carrier(admin, key="UPS")
    before = await events(hub)
    (summary,) = await admin.refused(400, "POST", f"/api/facilities/{facility['id']}/carriers/{other['id']}", {})
    assert summary == "The facility is connected to 1 carriers already: no more are kept."
    assert await events(hub) == before
    assert len(await actions_of(hub).connections.list("default", facility["id"])) == 1
