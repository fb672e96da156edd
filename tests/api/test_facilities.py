"""Facilities through the API: created, read, listed, searched, changed, replaced, deleted."""

from __future__ import annotations

import asyncio
import urllib.parse
from typing import Any

import httpx
import pytest

from opendoms.app import Hub, actions_of
from opendoms.db.sqlfile import Query
from opendoms.facilities.actions import REFERENCES_INLINE_MAX, FacilityReference
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.conftest import CallerFor

Document = dict[str, Any]

UNKNOWN = "01a00000-0000-7000-8000-000000000000"
URN = "urn:fft:facility:tenantFacilityId:"

ADDRESS: Document = {
    "companyName": "Shop Ltd.",
    "street": "Main",
    "postalCode": "50667",
    "city": "Köln",
    "country": "DE",
}
FACILITY: Document = {"name": "Shop", "tenantFacilityId": "K1", "address": ADDRESS}
REPLACEMENT: Document = {
    "version": 1,
    "type": "MANAGED_FACILITY",
    "status": "ONLINE",
    "name": "New",
    "address": ADDRESS,
    "locationType": "STORE",
    "fulfillmentProcessBuffer": 240,
    "capacityEnabled": False,
}


def facility(number: int, **more: Any) -> Document:
    """A facility with its own business key."""
    return {**FACILITY, "name": f"Shop {number}", "tenantFacilityId": f"K{number}", **more}


async def create(caller: Caller, body: Document) -> Document:
    """The created facility."""
    answer = await caller.post("/api/facilities", body)
    assert answer.status_code == 201, answer.text
    created: Document = answer.json()
    return created


async def events(hub: Hub) -> list[tuple[str, int, str]]:
    """The history: entity, seq, type, oldest first."""
    sql = "select entity_id, seq, type from events order by position"
    return [(row[0], row[1], row[2]) for row in await hub.db.rows(Query("events", sql, sql, ()), {})]


def ids(answer: httpx.Response) -> list[str]:
    """The ids of a page."""
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["facilities"]]


async def test_a_facility_is_created_and_read_back_byte_for_byte(admin: Caller, hub: Hub) -> None:
    """201 with the whole facility and where it is; by its id and by its URN, reading answers the very same bytes."""
    created = await admin.post("/api/facilities", {**FACILITY, "shoeSize": 43, "locationType": "WAREHOUSE"})
    body = created.json()
    assert created.headers["location"] == f"http://hub.test/api/facilities/{body['id']}"
    assert (body["version"], body["status"], body["type"]) == (1, "ONLINE", "MANAGED_FACILITY")
    assert (body["locationType"], body["fulfillmentProcessBuffer"], body["shoeSize"]) == ("WAREHOUSE", 240, 43)
    assert body["created"] == body["lastModified"]
    for reference in (body["id"], f"{URN}K1"):
        read = await admin.get(f"/api/facilities/{reference}")
        assert (read.status_code, read.content) == (200, created.content)
    assert await events(hub) == [(body["id"], 1, "FACILITY_CREATED")]


async def test_a_wrong_body_is_told_every_fault(admin: Caller, hub: Hub) -> None:
    """Each fault names its member, and nothing is stored."""
    bad = {"status": "OPEN", "address": {"country": "Germany"}, "pickingTimes": {"monday": [{"start": {"hour": 24}}]}}
    summaries = await admin.refused(400, "POST", "/api/facilities", bad)
    assert sorted(summary.partition(":")[0] for summary in summaries) == [
        "address.companyName",
        "address.country",
        "name",
        "pickingTimes.monday[0].end",
        "pickingTimes.monday[0].start.hour",
        "pickingTimes.monday[0].start.minute",
        "status",
    ]
    assert await admin.refused(400, "POST", "/api/facilities", {"name": "Shop"}) == [
        "address: is required for a managed facility"
    ]
    assert await events(hub) == []


async def test_a_business_key_names_one_facility(admin: Caller, hub: Hub, caller_for: CallerFor) -> None:
    """The second is refused with 409 and told the holder, on creation and change; another tenant may use it."""
    first, second = await create(admin, facility(1)), await create(admin, facility(2))
    held = [f"tenantFacilityId: K1 is held by facility {first['id']}"]
    assert await admin.refused(409, "POST", "/api/facilities", facility(1)) == held
    path = f"/api/facilities/{second['id']}"
    change = {"version": 1, "type": "MANAGED_FACILITY", "tenantFacilityId": "K1"}
    assert await admin.refused(409, "PATCH", path, change) == held
    steps = {"version": 1, "actions": [{"action": "ModifyFacility", "tenantFacilityId": "K1"}]}
    assert await admin.refused(409, "PATCH", path, steps) == held
    assert await admin.refused(409, "PUT", path, {**REPLACEMENT, "tenantFacilityId": "K1"}) == held
    assert (await admin.get(path)).json() == second
    await create(await caller_for(tenant="other"), facility(1))
    assert [seq for entity, seq, _ in await events(hub) if entity in (first["id"], second["id"])] == [1, 1]


async def test_16_creations_of_one_business_key_have_one_winner(admin: Caller) -> None:
    """They arrive at once; one is created, 15 are told who holds the key."""
    answers = await asyncio.gather(*(admin.post("/api/facilities", facility(1)) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert (await admin.get("/api/facilities")).json()["total"] == 1


async def test_a_change_moves_the_version(admin: Caller, hub: Hub) -> None:
    """By id or URN; the old version is refused with both numbers; what is already so changes nothing."""
    created = await create(admin, {**FACILITY, "mine": 1})
    path, urn = f"/api/facilities/{created['id']}", f"/api/facilities/{URN}K1"
    change = {"version": 1, "type": "MANAGED_FACILITY", "status": "OFFLINE", "tags": [{"id": "a", "value": "b"}]}
    changed = await admin.patch(urn, change)
    assert changed.status_code == 200
    assert changed.json() == {
        **created,
        "version": 2,
        "status": "OFFLINE",
        "tags": [{"id": "a", "value": "b"}],
        "lastModified": changed.json()["lastModified"],
    }
    (fault,) = (await admin.patch(path, change)).json()
    assert (fault["version"], fault["requestVersion"]) == (2, 1)
    again = await admin.patch(path, {**change, "version": 2})
    assert (again.status_code, again.content) == (200, changed.content)
    assert [event[1:] for event in await events(hub)] == [(1, "FACILITY_CREATED"), (2, "FACILITY_UPDATED")]


async def test_the_deprecated_actions_change_a_managed_facility(admin: Caller) -> None:
    """Members of the address one by one."""
    created = await create(admin, FACILITY)
    actions = [
        {
            "action": "ModifyFacility",
            "address": {"street": "New"},
            "closingDays": [{"date": "2026-12-25T01:00:00+01:00", "reason": "Christmas", "recurrence": "YEARLY"}],
        }
    ]
    answer = await admin.patch(f"/api/facilities/{created['id']}", {"version": 1, "actions": actions})
    assert answer.status_code == 200, answer.text
    assert answer.json()["address"] == {**ADDRESS, "street": "New"}
    assert answer.json()["closingDays"][0]["date"] == "2026-12-25T00:00:00.000Z"


async def test_a_change_is_checked_before_the_facility_is_looked_for(admin: Caller, hub: Hub) -> None:
    """A wrong body is 400 also for an unknown id; a right one is 404; nothing changes."""
    created = await create(admin, FACILITY)
    before = await events(hub)
    path = f"/api/facilities/{UNKNOWN}"
    assert await admin.refused(400, "PATCH", path, {"version": 1}) == ["type: is required"]
    assert await admin.refused(400, "PATCH", path, {"version": 1, "type": "SUPPLIER", "contact": None}) == [
        "contact: is not a member of a supplier"
    ]
    assert await admin.refused(400, "PATCH", path, {"type": "MANAGED_FACILITY", "closingDays": None}) == [
        "version: is required"
    ]
    (unknown_member,) = await admin.refused(400, "PATCH", path, {"version": 1, "type": "SUPPLIER", "colour": 1})
    assert unknown_member.startswith("colour: ")
    (unknown,) = await admin.refused(404, "PATCH", path, {"version": 1, "type": "SUPPLIER"})
    assert unknown == f"Unknown facility {UNKNOWN}."
    other_type = {"version": 1, "type": "SUPPLIER"}
    (type_fault,) = await admin.refused(400, "PATCH", f"/api/facilities/{created['id']}", other_type)
    assert type_fault.startswith("type: expected MANAGED_FACILITY")
    assert await events(hub) == before


async def test_a_replacement_describes_the_facility_anew(admin: Caller) -> None:
    """What is left out goes; members that the body has no words for stay; the version is checked."""
    created = await create(admin, {**FACILITY, "services": [{"type": "PICKUP"}], "mine": 1})
    path = f"/api/facilities/{created['id']}"
    replaced = (await admin.put(path, REPLACEMENT)).json()
    assert replaced == {
        **REPLACEMENT,
        "id": created["id"],
        "created": created["created"],
        "mine": 1,
        "version": 2,
        "lastModified": replaced["lastModified"],
    }
    (fault,) = (await admin.put(path, REPLACEMENT)).json()
    assert (fault["version"], fault["requestVersion"]) == (2, 1)
    summaries = await admin.refused(400, "PUT", path, {"type": "MANAGED_FACILITY", "version": 2, "services": 1})
    assert sorted(summary.partition(":")[0] for summary in summaries) == [
        "address",
        "capacityEnabled",
        "fulfillmentProcessBuffer",
        "locationType",
        "name",
        "services",
        "status",
    ]
    assert (await admin.get(path)).json() == replaced


async def test_a_supplier_is_kept_by_its_own_members(admin: Caller) -> None:
    """It needs no address, is listed as a whole, and is replaced by a body of its kind."""
    created = await create(admin, {"name": "Supply", "type": "SUPPLIER", "customAttributes": {"a": 1}})
    assert "fulfillmentProcessBuffer" not in created
    assert (await admin.get("/api/facilities?type=SUPPLIER")).json()["facilities"] == [created]
    body = {"version": 1, "type": "SUPPLIER", "name": "Supply", "status": "OFFLINE"}
    path = f"/api/facilities/{created['id']}"
    assert (await admin.put(path, body)).json()["status"] == "OFFLINE"
    (fault,) = await admin.refused(400, "PUT", path, {**body, "version": 2, "contact": {}})
    assert fault.startswith("contact: ")
    (fault,) = await admin.refused(400, "PUT", path, {**REPLACEMENT, "version": 2})
    assert fault.startswith("type: expected SUPPLIER")


@pytest.mark.parametrize("query", ["", "?forceDeletion=true", "?forceDeletion=false"])
async def test_a_deleted_facility_is_gone_and_its_history_stays(admin: Caller, hub: Hub, query: str) -> None:
    """200; then 404 everywhere, and its business key is free again."""
    created = await create(admin, FACILITY)
    path = f"/api/facilities/{URN}K1"
    assert (await admin.call("DELETE", path + query)).status_code == 200
    for method, body in (("GET", None), ("DELETE", None), ("PUT", REPLACEMENT)):
        await admin.refused(404, method, path, body)
        await admin.refused(404, method, f"/api/facilities/{created['id']}", body)
    assert (await admin.get("/api/facilities")).json() == {"facilities": [], "total": 0}
    again = await create(admin, FACILITY)
    assert await events(hub) == [
        (created["id"], 1, "FACILITY_CREATED"),
        (created["id"], 2, "FACILITY_DELETED"),
        (again["id"], 1, "FACILITY_CREATED"),
    ]


async def test_8_changes_of_one_version_have_one_winner(admin: Caller, hub: Hub) -> None:
    """They arrive at once; one is done, 7 are told both versions."""
    created = await create(admin, FACILITY)
    path = f"/api/facilities/{created['id']}"
    changes = [{"version": 1, "type": "MANAGED_FACILITY", "name": f"Name {number}"} for number in range(8)]
    answers = await asyncio.gather(*(admin.patch(path, change) for change in changes))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    told = [answer.json()[0] for answer in answers if answer.status_code == 409]
    assert [(fault["version"], fault["requestVersion"]) for fault in told] == [(2, 1)] * 7
    assert [event[1:] for event in await events(hub)] == [(1, "FACILITY_CREATED"), (2, "FACILITY_UPDATED")]


async def test_4_deletions_of_one_facility_have_one_winner(admin: Caller, hub: Hub) -> None:
    """One is done, 3 find nothing; its end is told once."""
    created = await create(admin, FACILITY)
    path = f"/api/facilities/{created['id']}"
    answers = await asyncio.gather(*(admin.call("DELETE", path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 3
    assert [event[1:] for event in await events(hub)] == [(1, "FACILITY_CREATED"), (2, "FACILITY_DELETED")]


async def test_facilities_of_another_tenant_do_not_exist(admin: Caller, caller_for: CallerFor) -> None:
    """Neither by id nor by URN, neither in lists nor in searches."""
    created = await create(admin, FACILITY)
    stranger = await caller_for(tenant="stranger")
    for reference in (created["id"], f"{URN}K1"):
        await stranger.refused(404, "GET", f"/api/facilities/{reference}")
        await stranger.refused(404, "DELETE", f"/api/facilities/{reference}")
    assert (await stranger.get("/api/facilities?tenantFacilityId=K1")).json() == {"facilities": [], "total": 0}
    assert ids(await stranger.post("/api/facilities/search", {"query": {}})) == []
    assert (await admin.get(f"/api/facilities/{created['id']}")).json() == created


async def test_references_are_looked_up_in_one_read(api: Api, hub: Hub, admin: Caller) -> None:
    """By id, URN and own id, many at once or few; what is unknown, or of another tenant, is left out."""
    one, two = await create(admin, facility(1)), await create(admin, facility(2, status="OFFLINE"))
    bare = await create(admin, {"name": "Supply", "type": "SUPPLIER"})
    actions = actions_of(hub).facilities
    first = FacilityReference(one["id"], "K1", "ONLINE")
    second = FacilityReference(two["id"], "K2", "OFFLINE")
    third = FacilityReference(bare["id"], None, "ONLINE")
    for more in (0, REFERENCES_INLINE_MAX):
        unknown = [f"unknown-{number}" for number in range(more)]
        result = await actions.find(
            "default",
            ids=[one["id"], f"{URN}K2", f"{URN}K9", bare["id"], "K1", *unknown],
            tenant_facility_ids=["K1", "K9", one["id"], *unknown],
        )
        assert result.by_id == {one["id"]: first, f"{URN}K2": second, bare["id"]: third}
        assert result.by_tenant_facility_id == {"K1": first}
    assert await actions.find("default", ids=[], tenant_facility_ids=[]) == ({}, {})
    assert await actions.find("default", ids=[UNKNOWN], tenant_facility_ids=[]) == ({}, {})
    assert await actions.find("other", ids=[one["id"]], tenant_facility_ids=["K1"]) == ({}, {})


async def test_a_urn_may_hold_any_id(admin: Caller) -> None:
    """Percent-encoded in a path, it names the facility whatever characters its own id has."""
    own = "Café: 1?#&=%"
    created = await create(admin, {**FACILITY, "tenantFacilityId": own})
    read = await admin.get(f"/api/facilities/{urllib.parse.quote(URN + own, safe='')}")
    assert read.json() == created
