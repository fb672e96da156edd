"""Stocks through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.sqlfile import parse
from opendoms.kernel.clock import text_of
from tests.api.caller import Caller
from tests.api.inventories import TENANT, available, held, shop, stock, stocked
from tests.api.test_facilities import URN

PATH = "/api/stocks"
LEVELS = parse("-- name: levels\nselect 1 from stock_levels where tenant = :tenant limit 1")["levels"]
LONG_AGO = "2020-01-01T00:00:00.000Z"


def entry(article: str = "a", value: int = 1, **members: Any) -> dict[str, Any]:
    """A stock in the shop K1."""
    return {"tenantArticleId": article, "value": value, "facility": {"tenantFacilityId": "K1"}, **members}


async def test_a_stock_is_created_and_read_back(admin: Caller, hub: Hub) -> None:
    """201 with where it is; what was sent is kept, and beside it stands what is reserved and available."""
    facility = await shop(admin)
    sent = entry(
        value=5,
        tenantStockId="S-1",
        locationRef="shelf 1",
        properties={"expiry": "2030-01-01", "batch": "7"},
        customAttributes={"x": 1},
        mine=[1],
    )
    created = await admin.post(PATH, sent)
    body = created.json()
    assert created.status_code == 201
    assert created.headers["location"] == f"http://hub.test{PATH}/{body['id']}"
    del sent["facility"]
    assert body == {
        **sent,
        "id": body["id"],
        "version": 1,
        "created": body["created"],
        "lastModified": body["created"],
        "receiptDate": body["created"],
        "facilityRef": facility,
        "facility": {"facilityRef": facility, "tenantFacilityId": "K1"},
        "serializedProperties": '{"batch":"7","expiry":"2030-01-01"}',
        "traits": ["PICKABLE", "ACCESSIBLE"],
        "reserved": 0,
        "available": 5,
        "facilityWideReserved": 0,
    }
    assert await stock(admin, body["id"]) == body
    assert await available(hub, facility, "a") == 5


@pytest.mark.parametrize("by", ["facility", "old id", "old own id", "urn"])
async def test_a_facility_has_many_names(admin: Caller, by: str) -> None:
    """Its id, its URN, the caller's own id; in an object, or in the older members."""
    facility = await shop(admin)
    body = entry()
    if by != "facility":
        del body["facility"]
        body |= {
            "old id": {"facilityRef": facility},
            "old own id": {"tenantFacilityId": "K1"},
            "urn": {"facilityRef": f"{URN}K1"},
        }[by]
    answer = await admin.post(PATH, body)
    assert (answer.status_code, answer.json()["facilityRef"]) == (201, facility)


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"value": -1}, ["value"]),
        ({"value": 2**31}, ["value"]),
        ({"value": 1.5}, ["value"]),
        ({"tenantArticleId": ""}, ["tenantArticleId"]),
        ({"tenantArticleId": "x" * 257}, ["tenantArticleId"]),
        ({"tenantArticleId": "a\0"}, ["tenantArticleId"]),
        ({"facility": {"facilityRef": "gone"}}, ["facility.facilityRef"]),
        ({"facility": {}}, ["facility"]),
        ({"facility": {"facilityRef": "x", "tenantFacilityId": "K1"}}, ["facility"]),
        ({"facilityRef": "x"}, ["facilityRef"]),
        ({"traitConfig": [{"trait": "PICKABEL", "enabled": True}]}, ["traitConfig[0].trait"]),
        ({"properties": {"batch": 7}}, ["properties.batch"]),
        ({"customAttributes": {"a.b": 1}}, ["customAttributes"]),
        ({"availableUntil": "soon"}, ["availableUntil"]),
        ({"conditions": ["BROKEN"]}, ["conditions[0]"]),
    ],
)
async def test_what_is_wrong_is_told_by_path(admin: Caller, hub: Hub, change: dict[str, Any], paths: list[str]) -> None:
    """Every fault, and nothing is stored."""
    await shop(admin)
    summaries = await admin.refused(400, "POST", PATH, {**entry(), **change})
    assert [summary.partition(":")[0] for summary in summaries] == paths
    assert (await admin.get(PATH)).json()["total"] == 0
    assert await hub.db.rows(LEVELS, {"tenant": TENANT}) == []


async def test_a_change_keeps_what_it_does_not_say(admin: Caller, hub: Hub) -> None:
    """Null takes a member away; asking for what is already so moves no version; the level follows."""
    facility = await shop(admin)
    created = await stocked(admin, facility, "a", 5, locationRef="shelf 1", customAttributes={"x": 1}, mine=1)
    path = f"{PATH}/{created['id']}"
    changed = (await admin.put(path, {"value": 7, "version": 1, "locationRef": None, "customAttributes": None})).json()
    for member in ("locationRef", "customAttributes"):
        del created[member]
    assert changed == {
        **created,
        "value": 7,
        "available": 7,
        "version": 2,
        "lastModified": changed["lastModified"],
    }
    assert (await admin.put(path, {"value": 7})).json() == changed
    assert await available(hub, facility, "a") == 7
    (fault,) = await admin.refused(409, "PUT", path, {"value": 9, "version": 1})
    assert fault == "version: expected 2, got 1"
    assert await admin.refused(400, "PUT", path, {"value": 9, "tenantArticleId": "b"}) == [
        "tenantArticleId: cannot be changed"
    ]
    assert await stock(admin, created["id"]) == changed


async def test_what_cannot_be_promised_is_not_available(admin: Caller, hub: Hub) -> None:
    """Decision D41: defective, not pickable, not to be reached, or too late; and again when that has changed."""
    facility = await shop(admin)
    no_picking = {"traitConfig": [{"trait": "PICKABLE", "enabled": False}]}
    unusable = [
        await stocked(admin, facility, "a", 1, conditions=["DEFECTIVE"]),
        await stocked(admin, facility, "a", 2, **no_picking),
        await stocked(admin, facility, "a", 4, traitConfig=[{"trait": "ACCESSIBLE", "enabled": False}]),
        await stocked(admin, facility, "a", 8, availableUntil=LONG_AGO),
    ]
    assert [each["available"] for each in unusable] == [0, 0, 0, 0]
    assert unusable[1]["traits"] == ["ACCESSIBLE"]
    assert await available(hub, facility, "a") == 0
    await admin.put(f"{PATH}/{unusable[0]['id']}", {"value": 1, "conditions": []})
    await admin.put(f"{PATH}/{unusable[1]['id']}", {"value": 2, "traitConfig": []})
    assert await available(hub, facility, "a") == 3
    await admin.put(f"{PATH}/{unusable[1]['id']}", {"value": 2, **no_picking})
    assert await available(hub, facility, "a") == 1


async def test_a_listing_says_until_when_new_stock_may_be_promised(admin: Caller, hub: Hub) -> None:
    """From the expiry or the creation on, by an ISO 8601 duration; a stock that says so itself is right."""
    facility = await shop(admin)
    for article, definition in {
        "milk": {"calculationBase": "EXPIRY", "modifier": "-P3D"},
        "bread": {"calculationBase": "CREATION", "modifier": "P1D"},
    }.items():
        await admin.put(
            f"/api/facilities/{facility}/listings",
            {"listings": [{"tenantArticleId": article, "stockAvailableUntil": definition}]},
        )
    milk = await stocked(admin, facility, "milk", 1, properties={"expiry": "2030-01-10"})
    assert milk["availableUntil"] == "2030-01-07T00:00:00.000Z"
    assert "availableUntil" not in await stocked(admin, facility, "milk", 1, properties={"expiry": "sometime"})
    late = "2031-01-01T00:00:00.000Z"
    own = await stocked(admin, facility, "milk", 1, properties={"expiry": "2030-01-10"}, availableUntil=late)
    assert own["availableUntil"] == late
    bread = await stocked(admin, facility, "bread", 1)
    assert bread["availableUntil"] > text_of(hub.clock.now(TENANT))
    assert bread["available"] == 1


async def test_what_is_reserved_is_laid_over_the_stocks(admin: Caller, hub: Hub) -> None:
    """Decision D40: first over what may be promised for the shortest time, then over what came first."""
    facility = await shop(admin)
    late = await stocked(admin, facility, "a", 3)
    soon = await stocked(admin, facility, "a", 2, availableUntil="2100-01-01T00:00:00.000Z")
    await stocked(admin, facility, "a", 9, conditions=["DEFECTIVE"])
    await held(hub, facility, "a", 4)
    shown = {each["value"]: each for each in (await admin.get(f"{PATH}?facilityRef={facility}")).json()["stocks"]}
    assert {value: (each["reserved"], each["available"]) for value, each in shown.items()} == {
        2: (2, 0),
        3: (2, 1),
        9: (0, 0),
    }
    assert {each["facilityWideReserved"] for each in shown.values()} == {4}
    (reservation,) = (await admin.get("/api/reservations")).json()["reservations"]
    assert reservation["host"] == {"type": "STOCK", "reference": soon["id"]}
    assert late["id"] != soon["id"]


async def test_what_is_reserved_cannot_be_taken_away(admin: Caller, hub: Hub) -> None:
    """Decision D42: 409 that names what is reserved, by whichever way; and nothing has changed."""
    facility = await shop(admin)
    created = await stocked(admin, facility, "a", 5)
    other = await stocked(admin, facility, "b", 5)
    await held(hub, facility, "a", 4)
    path = f"{PATH}/{created['id']}"
    before = await stock(admin, created["id"])
    wanted = f"tenantArticleId a: 4 of 5 pieces in facility {facility} are reserved; this would leave too few"
    attempts: list[tuple[str, str, Any]] = [
        ("PUT", path, {"value": 3}),
        ("PUT", path, {"value": 5, "conditions": ["DEFECTIVE"]}),
        ("DELETE", path, None),
        ("PUT", PATH, {"stocks": [{"id": other["id"], "value": 6}, {"id": created["id"], "value": 3}]}),
        ("POST", f"{PATH}/actions", {"action": {"name": "DELETE_BY_IDS", "ids": [other["id"], created["id"]]}}),
    ]
    for method, at, body in attempts:
        assert await admin.refused(409, method, at, body) == [wanted]
    assert await stock(admin, created["id"]) == before
    assert (await stock(admin, other["id"]))["value"] == 5
    assert (await admin.put(path, {"value": 4})).status_code == 200
    assert await available(hub, facility, "a") == 0


async def test_an_expired_reservation_is_in_nobodys_way(admin: Caller, hub: Hub) -> None:
    """Stock may be taken away that only expired promises still have, of however many articles at once."""
    facility = await shop(admin)
    created = [await stocked(admin, facility, article, 5) for article in "abcde"]
    for article in "abcde":
        await held(hub, facility, article, 5, until=hub.clock.now(TENANT) - 1)
    assert (await stock(admin, created[0]["id"]))["available"] == 5
    assert (await admin.get("/api/reservations")).json()["total"] == 5
    action = {"name": "DELETE_BY_IDS", "ids": [each["id"] for each in created]}
    assert (await admin.post(f"{PATH}/actions", {"action": action})).status_code == 200
    assert (await admin.get("/api/reservations")).json()["total"] == 0


async def test_many_stocks_are_written_together(admin: Caller, hub: Hub) -> None:
    """Those with an id are changed, the others made; one that is wrong leaves all as they were."""
    facility = await shop(admin)
    first = await stocked(admin, facility, "a", 1)
    body: dict[str, list[Any]] = {
        "stocks": [
            {"id": first["id"], "value": 2, "version": 1},
            entry("a", 3),
            entry("b", 4),
            {"id": (await stocked(admin, facility, "c", 1))["id"], "value": 1},
        ]
    }
    results = (await admin.put(PATH, body)).json()
    assert [result["status"] for result in results] == ["UPDATED", "CREATED", "CREATED", "UNCHANGED"]
    assert await available(hub, facility, "a") == 5
    assert await available(hub, facility, "b") == 4
    for wrong, at in (
        ({"id": "gone", "value": 1}, "stocks[1].id"),
        ({"id": first["id"], "value": 1, "availableUntil": LONG_AGO}, "stocks[1].availableUntil"),
        (entry(facility={"tenantFacilityId": "K9"}), "stocks[1].facility.tenantFacilityId"),
        ({"value": 1}, "stocks[1]"),
        ({"id": first["id"], "value": -1}, "stocks[1].value"),
    ):
        (fault,) = await admin.refused(400, "PUT", PATH, {"stocks": [entry("d", 1), wrong]})
        assert fault.startswith(f"{at}: ")
    (fault,) = await admin.refused(409, "PUT", PATH, {"stocks": [entry("d", 1), {**body["stocks"][0]}]})
    assert fault == "version: expected 2, got 1"
    twice = [{"id": first["id"], "value": 1}] * 2
    assert await admin.refused(400, "PUT", PATH, {"stocks": twice}) == [f"stocks: {first['id']} is there twice"]
    assert (await admin.get(f"{PATH}?tenantArticleId=d")).json()["total"] == 0


async def test_first_stocks_of_an_article_may_come_at_once(admin: Caller, hub: Hub) -> None:
    """Sixteen callers who bring the first stock of the same articles are all served, and every piece counts."""
    facility = await shop(admin)
    bodies = [{"stocks": [entry("a", 1), entry("b", 2)]} for _ in range(16)]
    answers = await asyncio.gather(*(admin.put(PATH, body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * 16
    assert await available(hub, facility, "a") == 16
    assert await available(hub, facility, "b") == 32


async def test_lists_are_filtered_paged_and_counted(admin: Caller) -> None:
    """By facility, article and place; newest first; total counts all that match."""
    one, two = await shop(admin, 1), await shop(admin, 2)
    made = [
        await stocked(admin, facility, article, 1, locationRef=place)
        for facility, article, place in (
            (one, "a", "p"), (one, "b", "q"), (two, "a", "p"), (two, "b", "p"), (one, "a", "q")
        )
    ]  # fmt: skip
    numbers = {each["id"]: number for number, each in enumerate(made)}

    async def listed(query: str) -> tuple[list[int], int]:
        body = (await admin.get(f"{PATH}?{query}")).json()
        return [numbers[each["id"]] for each in body["stocks"]], body["total"]

    assert await listed("") == ([4, 3, 2, 1, 0], 5)
    assert await listed(f"facilityRef={one}") == ([4, 1, 0], 3)
    assert await listed("tenantFacilityId=K2") == ([3, 2], 2)
    assert await listed(f"facilityRef={URN}K2&tenantFacilityId=K2") == ([3, 2], 2)
    assert await listed(f"facilityRef={one}&tenantFacilityId=K2") == ([], 0)
    assert await listed("facilityRef=gone") == ([], 0)
    assert await listed("tenantArticleId=a&tenantArticleId=x") == ([4, 2, 0], 3)
    assert await listed(f"tenantArticleId=a&locationRef=p&facilityRef={two}") == ([2], 1)
    assert await listed("locationRef=p") == ([3, 2, 0], 3)
    assert await listed(f"size=2&startAfterId={made[3]['id']}") == ([2, 1], 5)
    assert await listed(f"size=2&locationRef=q&startAfterId={made[4]['id']}") == ([1], 2)
    page = (await admin.get(f"{PATH}?size=2")).json()["pageInfo"]
    assert (page["hasNextPage"], page["hasPreviousPage"]) == (True, False)
    assert await listed(f"size=2&startAfterId={page['endCursor']}") == ([2, 1], 5)
    for wrong in ("size=0", "size=101", "facilityref=x"):
        assert (await admin.call("GET", f"{PATH}?{wrong}")).status_code == 400


SEARCHES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3]),
    ({"tenantArticleId": {"eq": "a"}}, [1, 3]),
    ({"value": {"in": [1, 3]}}, [1, 3]),
    ({"value": {"gt": 1, "lte": 2}}, [2]),
    ({"tenantFacilityId": {"eq": "K1"}}, [1, 2, 3]),
    ({"tenantFacilityId": {"in": ["K9"]}}, []),
    ({"or": [{"tenantFacilityId": {"notEq": "K1"}}, {"value": {"eq": 2}}]}, [2]),
    ({"tenantFacilityId": {"notIn": ["K9"]}}, [1, 2, 3]),
    ({"conditions": {"contains": {"eq": "DEFECTIVE"}}}, [2]),
    ({"traits": {"contains": {"eq": "KEEP_ON_ZERO"}}}, [3]),
    ({"availableUntil": {"gt": "2090-01-01T00:00:00Z"}}, [1]),
    ({"properties": {"batch": {"eq": "7"}}}, [1]),
    ({"properties": {"batch": {"in": ["7", "8"]}}}, [1, 2]),
    ({"properties": {"batch": {"notIn": ["7"]}}}, [2, 3]),
    ({"properties": {"batch": {"exists": False}}}, [3]),
    ({"properties": {"expiry": {"lt": "2031-01-01T00:00:00Z"}}}, [2]),
    ({"or": [{"locationRef": {"eq": "p"}}, {"customAttributes": {"x": {"eq": 1}}}]}, [1, 2]),
]


async def test_searches_find_what_they_ask_for(admin: Caller) -> None:
    """By each kind of member, in the order that was asked for."""
    facility = await shop(admin)
    keep = [{"trait": "KEEP_ON_ZERO", "enabled": True}]
    await stocked(
        admin, facility, "a", 1, locationRef="p", availableUntil="2100-01-01T00:00:00Z", properties={"batch": "7"}
    )
    properties = {"batch": "8", "expiry": "2030-01-01T00:00:00Z"}
    await stocked(admin, facility, "b", 2, conditions=["DEFECTIVE"], customAttributes={"x": 1}, properties=properties)
    await stocked(admin, facility, "a", 3, traitConfig=keep)
    for query, expected in SEARCHES:
        body = {"query": query, "sort": [{"value": "ASC"}], "options": {"withTotal": True}}
        answer = (await admin.post(f"{PATH}/search", body)).json()
        assert [each["value"] for each in answer["stocks"]] == expected, query
        assert answer["total"] == len(expected)
        assert all("available" in each for each in answer["stocks"])


async def test_a_stock_tells_what_its_facility_is_called_now(admin: Caller) -> None:
    """Where the facility's own id changes, stocks that were there before are shown and found by the new one."""
    facility = await shop(admin)
    created = await stocked(admin, facility, "a", 1)
    renamed = {"version": 1, "type": "MANAGED_FACILITY", "tenantFacilityId": "K9"}
    assert (await admin.patch(f"/api/facilities/{facility}", renamed)).status_code == 200
    told = (await stock(admin, created["id"]))["facility"]
    assert told == {"facilityRef": facility, "tenantFacilityId": "K9"}
    for own_id, expected in (("K1", []), ("K9", [created["id"]])):
        found = (await admin.post(f"{PATH}/search", {"query": {"tenantFacilityId": {"eq": own_id}}})).json()["stocks"]
        assert [each["id"] for each in found] == expected
        assert [each["facility"] for each in found] == [told] * len(expected)
