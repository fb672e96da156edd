"""Carriers through the API: created, read, listed, changed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.sqlfile import Query
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_facilities import UNKNOWN, events

Document = dict[str, Any]

BIKE: Document = {"key": "CUSTOM_BIKE", "name": "Bike courier"}


async def create(caller: Caller, **members: Any) -> Document:
    """The created carrier."""
    answer = await caller.post("/api/carriers", {**BIKE, **members})
    assert answer.status_code == 201, answer.text
    created: Document = answer.json()
    return created


async def test_a_carrier_is_created_with_its_defaults_and_read_back(admin: Caller, hub: Hub) -> None:
    """201 with where it is; what was not said is filled in, further members stay; reading answers the same bytes."""
    size = {"nameLocalized": {"de_DE": "Klein", "en_US": "Small"}, "dimensions": {"width": 10.5}}
    answer = await admin.post("/api/carriers", {**BIKE, "mine": 1, "parcelLabelClassifications": [size]})
    body = answer.json()
    assert answer.headers["location"] == f"http://hub.test/api/carriers/{body['id']}"
    assert body == {
        **BIKE,
        "id": body["id"],
        "version": 1,
        "created": body["created"],
        "lastModified": body["created"],
        "mine": 1,
        "status": "INACTIVE",
        "deliveryType": "DELIVERY",
        "lifecycle": "GA",
        "defaultParcelWidthInCm": 35,
        "defaultParcelLengthInCm": 25,
        "defaultParcelHeightInCm": 10,
        "defaultParcelWeightInGram": 1000,
        "parcelLabelClassifications": [{**size, "name": "Small"}],
    }
    read = await admin.get(f"/api/carriers/{body['id']}")
    assert (read.status_code, read.content) == (200, answer.content)
    assert await events(hub) == [(body["id"], 1, "CARRIER_CREATED")]


async def test_a_wrong_carrier_is_told_every_fault(admin: Caller, hub: Hub) -> None:
    """By path; the keys that there are are named; nothing is stored."""
    summaries = await admin.refused(400, "POST", "/api/carriers", {"status": "ON", "defaultParcelWidthInCm": 0})
    assert [summary.partition(":")[0] for summary in summaries] == ["key", "name", "status", "defaultParcelWidthInCm"]
    for key in ("DHL", "CUSTOM_", "custom_bike", ""):
        (summary,) = await admin.refused(400, "POST", "/api/carriers", {**BIKE, "key": key})
        assert summary.startswith("key: expected one of DHL_V2, ")
    size = {"nameLocalized": {"german": ""}, "dimensions": None}
    summaries = await admin.refused(
        400, "POST", "/api/carriers", {"key": "DHL", "name": "D", "parcelLabelClassifications": [size]}
    )
    assert [summary.partition(":")[0] for summary in summaries] == [
        "key",
        *["parcelLabelClassifications[0].nameLocalized.german"] * 2,
    ]
    assert await events(hub) == []


async def test_a_key_names_one_carrier(admin: Caller, caller_for: CallerFor) -> None:
    """Of eight at once one is created, the others are told who holds the key; another tenant may use it."""
    answers = await asyncio.gather(*(admin.unjudged("POST", "/api/carriers", BIKE) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    (holder,) = (answer.json()["id"] for answer in answers if answer.status_code == 201)
    refused = {answer.json()[0]["summary"] for answer in answers if answer.status_code == 409}
    assert refused == {f"key: CUSTOM_BIKE is held by carrier {holder}"}
    assert (await admin.get("/api/carriers")).json()["total"] == 1
    await create(await caller_for(tenant="other"))


async def test_a_change_moves_the_version(admin: Caller, hub: Hub) -> None:
    """Actions in their order, all or none; a stale version is refused; what is already so changes nothing."""
    created = await create(admin, mine=1)
    path = f"/api/carriers/{created['id']}"
    actions = [
        {"action": "ModifyCarrier", "status": "ACTIVE", "name": "First"},
        {"action": "ModifyCarrier", "name": "Second", "deliveryType": "SAMEDAY", "id": "mine", "version": 9},
    ]
    changed = await admin.patch(path, {"version": 1, "actions": actions})
    assert changed.json() == {
        **created,
        "version": 2,
        "status": "ACTIVE",
        "name": "Second",
        "deliveryType": "SAMEDAY",
        "lastModified": changed.json()["lastModified"],
    }
    (fault,) = (await admin.patch(path, {"version": 1, "actions": actions})).json()
    assert (fault["version"], fault["requestVersion"]) == (2, 1)
    again = await admin.patch(path, {"version": 2, "actions": actions[1:]})
    assert (again.status_code, again.content) == (200, changed.content)
    assert [event[1:] for event in await events(hub)] == [(1, "CARRIER_CREATED"), (2, "CARRIER_UPDATED")]


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ({"action": "ModifyCarrier", "key": "UPS"}, "actions[1].key"),
        ({"action": "ModifyCarrier", "defaultParcelWidthInCm": 0}, "actions[1].defaultParcelWidthInCm"),
        ({"action": "Remove"}, "actions[1].action"),
        (
            {"action": "ModifyCarrier", "parcelLabelClassifications": [{"nameLocalized": {}, "dimensions": None}]},
            "actions[1].parcelLabelClassifications[0].nameLocalized",
        ),
    ],
)
async def test_a_wrong_change_changes_nothing(admin: Caller, action: Document, path: str) -> None:
    """Not even what stood before the wrong action; the key of a carrier stays for ever."""
    created = await create(admin)
    body = {"version": 1, "actions": [{"action": "ModifyCarrier", "name": "First"}, action]}
    (summary,) = await admin.refused(400, "PATCH", f"/api/carriers/{created['id']}", body)
    assert summary.partition(":")[0] == path
    assert (await admin.get(f"/api/carriers/{created['id']}")).json() == created


async def test_credentials_are_not_kept(admin: Caller, hub: Hub) -> None:
    """Only their key is answered; the secrets are in no table, whether sent at creation or later."""
    secret = {"key": "BIKE", "apiKey": "hunter2"}
    created = await create(admin, credentials=secret)
    assert created["credentials"] == {"key": "BIKE"}
    action = {"action": "ModifyCarrier", "status": "ACTIVE", "credentials": {"key": "OTHER", "password": "hunter2"}}
    changed = await admin.patch(f"/api/carriers/{created['id']}", {"version": 1, "actions": [action]})
    assert changed.json()["credentials"] == {"key": "OTHER"}
    assert await stored_anywhere(hub, "hunter2") == 0
    assert await stored_anywhere(hub, "OTHER") == 2


async def stored_anywhere(hub: Hub, text: str) -> int:
    """How many documents, those of history included, hold a text."""
    rows = []
    for table in ("carriers", "facility_carrier_connections", "events"):
        sql = f"select document from {table}"  # noqa: S608 - the names stand one line above
        rows += await hub.db.rows(Query("test", sql, sql, ()), {})
    return sum(text.encode() in row[0] for row in rows)


async def test_the_list_pages_newest_first(admin: Caller) -> None:
    """In short, with the total and where to go on; a position behind the last is an empty page."""
    made = [await create(admin, key=f"CUSTOM_{number}", credentials={"key": "x"}) for number in range(3)]
    first = (await admin.get("/api/carriers?size=2")).json()
    assert [each["id"] for each in first["carriers"]] == [made[2]["id"], made[1]["id"]]
    assert (first["total"], first["nextCursor"]) == (3, made[1]["id"])
    assert first["carriers"][0] == {
        name: made[2][name]
        for name in ("id", "version", "created", "lastModified", "key", "name", "status", "deliveryType", "lifecycle")
    }
    second = (await admin.get(f"/api/carriers?size=2.0&startAfterId={first['nextCursor']}")).json()
    assert [each["id"] for each in second["carriers"]] == [made[0]["id"]]
    assert "nextCursor" not in second
    assert (await admin.get("/api/carriers?startAfterId=0")).json() == {"carriers": [], "total": 3}
    for size in ("0", "501", "2.5", "x"):
        assert await admin.refused(400, "GET", f"/api/carriers?size={size}")


async def test_what_is_unknown_is_404(admin: Caller, caller_for: CallerFor) -> None:
    """An id that nothing has, and the id of another tenant's carrier."""
    created = await create(admin)
    stranger = await caller_for(tenant="other")
    body = {"version": 1, "actions": [{"action": "ModifyCarrier", "name": "Mine now"}]}
    for caller, carrier_id in ((admin, UNKNOWN), (stranger, created["id"])):
        for method, sent in (("GET", None), ("PATCH", body)):
            (summary,) = await caller.refused(404, method, f"/api/carriers/{carrier_id}", sent)
            assert summary == f"Unknown carrier {carrier_id}."
    assert (await admin.get(f"/api/carriers/{created['id']}")).json() == created
