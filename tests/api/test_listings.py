"""Listings through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from tests.api.caller import Caller
from tests.api.inventories import shop
from tests.api.test_cancelation_reasons import history
from tests.api.test_facilities import URN

OF_K1 = f"/api/facilities/{URN}K1/listings"
START = "2030-01-01T00:00:00.000Z"
PREORDER = {"preorder": {"availabilityTimeframe": {"start": START}}}
RESTOCK = {"restock": {"restockableInDays": 7}}


async def put(caller: Caller, *listings: dict[str, Any], path: str = OF_K1) -> list[dict[str, Any]]:
    """What became of listings of the shop K1."""
    answer = await caller.put(path, {"listings": list(listings)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()
    return results


async def test_a_listing_is_made_and_read_back(admin: Caller) -> None:
    """What was sent is kept and answered; the facility may be named by its URN."""
    facility = await shop(admin)
    sent = {
        "tenantArticleId": "a",
        "title": "Shoe",
        "titleLocalized": {"de_DE": "Schuh", "en_US": "Shoe"},
        "attributes": [{"key": "size", "value": "42", "category": "descriptive", "keyLocalized": {"de_DE": "Größe"}}],
        "outOfStockBehaviour": "PREORDER_AND_RESTOCK",
        "outOfStockConfig": {**PREORDER, **RESTOCK},
        "recordableAttributes": [{"keyLocalized": {"de_DE": "Nummer", "en_US": "Number"}, "recordingRule": "OPTIONAL"}],
        "customAttributes": {"x": [1]},
        "price": 19.99,
        "mine": True,
    }
    (result,) = await put(admin, sent)
    listing = result["listing"]
    assert result["status"] == "CREATED"
    assert listing == {
        **sent,
        "status": "ACTIVE",
        "id": listing["id"],
        "facilityId": facility,
        "version": 1,
        "created": listing["created"],
        "lastModified": listing["created"],
    }
    for path in (f"{OF_K1}/a", f"/api/facilities/{facility}/listings/a"):
        read = (await admin.get(path)).json()
        assert read.pop("recordableAttributes")[0]["key"] == "Number"
        assert read == {name: value for name, value in listing.items() if name != "recordableAttributes"}
    german = (await admin.get(f"{OF_K1}/a?locale=de_DE")).json()
    assert (german["title"], german["recordableAttributes"][0]["key"]) == ("Schuh", "Nummer")


async def test_listings_are_written_together_or_not_at_all(admin: Caller, hub: Hub) -> None:
    """Made, replaced or unchanged; one stale version leaves all as they were."""
    await shop(admin)
    first = {"tenantArticleId": "a", "title": "A", "imageUrl": "https://images.test/a"}
    second = {"tenantArticleId": "b", "title": "B", "status": "INACTIVE"}
    await put(admin, first, second)
    replaced = {"tenantArticleId": "a", "title": "A2", "version": 1}
    results = await put(admin, replaced, second, {"tenantArticleId": "c"})
    assert [(each["status"], each["listing"]["version"]) for each in results] == [
        ("UPDATED", 2), ("UNCHANGED", 1), ("CREATED", 1)
    ]  # fmt: skip
    assert "imageUrl" not in results[0]["listing"]
    told = await history(hub)
    body = {"listings": [{"tenantArticleId": "d"}, {"tenantArticleId": "a", "version": 1}]}
    assert await admin.refused(409, "PUT", OF_K1, body) == ["version: expected 2, got 1"]
    body["listings"][1] = {"tenantArticleId": "e", "version": 1}
    assert await admin.refused(400, "PUT", OF_K1, body) == ["version: there is no listing of e yet"]
    body["listings"][1] = {"tenantArticleId": "d"}
    assert await admin.refused(400, "PUT", OF_K1, body) == ["listings: d is there twice for one facility"]
    assert await history(hub) == told
    (result,) = await put(admin, {"tenantArticleId": "a", "title": "whatever"})
    assert result["listing"]["version"] == 3


async def test_the_same_listing_made_at_once_is_one(admin: Caller) -> None:
    """Eight callers write the same new articles: one makes them, the others find them as they are to be."""
    await shop(admin)
    body = [{"tenantArticleId": article, "title": "x"} for article in ("a", "b")]
    results = await asyncio.gather(*(put(admin, *body) for _ in range(8)))
    statuses = sorted(each["status"] for result in results for each in result)
    assert statuses == ["CREATED"] * 2 + ["UNCHANGED"] * 14
    assert (await admin.get(OF_K1)).json()["total"] == 2


@pytest.mark.parametrize(
    ("listing", "paths"),
    [
        ({"tenantArticleId": ""}, ["tenantArticleId"]),
        ({"title": ""}, ["title"]),
        ({"stockinformation": {"stock": 3}}, ["stockinformation"]),
        (
            {"partialStocks": [{"tenantPartialStockId": "x", "stockinformation": {"stock": 1}}]},
            ["partialStocks"],
        ),
        ({"outOfStockBehaviour": "PREORDER"}, ["outOfStockConfig.preorder"]),
        ({"outOfStockBehaviour": "RESTOCK", "outOfStockConfig": PREORDER}, ["outOfStockConfig.restock"]),
        ({"outOfStockConfig": {"restock": {"restockableInDays": -1}}}, ["outOfStockConfig.restock.restockableInDays"]),
        (
            {"attributes": [{"key": "k", "value": "v", "keyLocalized": {"de_DE": "K"}}]},
            ["attributes[0].keyLocalized"],
        ),
        (
            {
                "outOfStockBehaviourByContexts": [
                    {"outOfStockBehaviour": "RESTOCK", "priority": 1, "context": []},
                ]
            },
            ["outOfStockBehaviourByContexts[0].outOfStockConfig.restock", "outOfStockBehaviourByContexts[0].context"],
        ),
        ({"legal": {"hsCode": "x" * 51}}, ["legal.hsCode"]),
        ({"customAttributes": {"$x": 1}}, ["customAttributes"]),
    ],
)
async def test_what_is_wrong_is_told_by_path(
    admin: Caller, hub: Hub, listing: dict[str, Any], paths: list[str]
) -> None:
    """Every fault, and nothing is stored."""
    await shop(admin)
    told = await history(hub)
    body = {"listings": [{"tenantArticleId": "fine"}, {"tenantArticleId": "a", **listing}]}
    summaries = await admin.refused(400, "PUT", OF_K1, body)
    assert [summary.partition(":")[0] for summary in summaries] == [f"listings[1].{path}" for path in paths]
    assert await history(hub) == told


async def test_a_change_keeps_what_it_does_not_say(admin: Caller) -> None:
    """Several actions are one change; null takes a member away; what breaks a rule is refused."""
    await shop(admin)
    (result,) = await put(
        admin, {"tenantArticleId": "a", "title": "A", "measurementUnitKey": "m", "customAttributes": {"x": 1}}
    )
    path = f"{OF_K1}/a"

    def change(version: int, *actions: dict[str, Any]) -> dict[str, Any]:
        return {"version": version, "actions": [{"action": "ModifyListing", **action} for action in actions]}

    (changed,) = (
        await admin.patch(
            path,
            change(1, {"title": "B", "status": "INACTIVE"}, {"measurementUnitKey": None, "customAttributes": None}),
        )
    ).json()
    kept = {
        name: value
        for name, value in result["listing"].items()
        if name not in ("measurementUnitKey", "customAttributes")
    }
    assert changed == {
        **kept, "title": "B", "status": "INACTIVE", "version": 2, "lastModified": changed["lastModified"]
    }  # fmt: skip
    assert (await admin.patch(path, change(2, {"title": "B"}))).json() == [changed]
    assert await admin.refused(409, "PATCH", path, change(1, {"title": "C"})) == ["version: expected 2, got 1"]
    (fault,) = await admin.refused(400, "PATCH", path, change(2, {"outOfStockBehaviour": "RESTOCK"}))
    assert fault.startswith("outOfStockConfig.restock: ")
    (fault,) = await admin.refused(400, "PATCH", path, change(2, {"tenantArticleId": "z"}))
    assert fault.startswith("actions[0].tenantArticleId: ")
    assert (await admin.refused(404, "PATCH", f"{OF_K1}/b", change(1, {"title": "C"}))) == ["Unknown listing b."]
    assert (await admin.get(path)).json() == changed


async def test_listings_are_removed_one_by_one_and_all_at_once(admin: Caller) -> None:
    """Those of other facilities stay; a facility without listings is no fault, one that does not exist is."""
    await shop(admin, 1)
    await shop(admin, 2)
    await put(admin, *({"tenantArticleId": article} for article in "abc"))
    await put(admin, {"tenantArticleId": "a"}, path=OF_K1.replace("K1", "K2"))
    assert (await admin.call("DELETE", f"{OF_K1}/a")).status_code == 200
    assert await admin.refused(404, "DELETE", f"{OF_K1}/a") == ["Unknown listing a."]
    for _ in range(2):
        assert (await admin.call("DELETE", OF_K1)).status_code == 200
    assert (await admin.get(OF_K1)).json() == {"listings": [], "total": 0}
    assert (await admin.get(OF_K1.replace("K1", "K2"))).json()["total"] == 1
    assert len(await admin.refused(404, "DELETE", OF_K1.replace("K1", "K9"))) == 1


async def test_lists_are_filtered_paged_and_counted(admin: Caller) -> None:
    """In short, newest first; by articles, joined by commas or repeated, and by code."""
    await shop(admin)
    codes = {"a": ["1", "2"], "b": ["2"], "c": []}
    results = await put(
        admin, *({"tenantArticleId": article, "scannableCodes": found} for article, found in codes.items())
    )

    async def listed(query: str) -> tuple[str, int]:
        body = (await admin.get(f"{OF_K1}?{query}")).json()
        return "".join(each["tenantArticleId"] for each in body["listings"]), body["total"]

    assert await listed("") == ("cba", 3)
    assert await listed("tenantArticleIds=a,c,x") == ("ca", 2)
    assert await listed("tenantArticleIds=a&tenantArticleIds=b") == ("ba", 2)
    assert await listed("scannableCode=2") == ("ba", 2)
    assert await listed("scannableCode=2&tenantArticleIds=a") == ("a", 1)
    page = (await admin.get(f"{OF_K1}?size=2")).json()
    assert page["nextCursor"] == results[1]["listing"]["id"]
    assert await listed(f"size=2&startAfterId={page['nextCursor']}") == ("a", 3)
    assert await listed(f"scannableCode=2&startAfterId={page['nextCursor']}") == ("a", 2)
    assert set(page["listings"][0]) == {
        "id", "version", "created", "lastModified", "facilityId", "tenantArticleId", "status"
    }  # fmt: skip


async def test_many_facilities_list_the_same_article(admin: Caller, hub: Hub) -> None:
    """By selectors or one by one, with what was done in numbers; all are written, or none."""
    one, two = await shop(admin, 1), await shop(admin, 2)
    both = {
        "targetingStrategy": "MULTI_SELECTOR",
        "tenantArticleId": "a",
        "title": "A",
        "outOfStockBehaviour": "RESTOCK",
        "outOfStockConfig": RESTOCK,
        "selector": [{"facility": {"facilityRef": one}}, {"facility": {"tenantFacilityId": "K2"}}],
    }
    single = {
        "targetingStrategy": "SINGLE_FACILITY",
        "tenantArticleId": "b",
        "title": "B",
        "facility": {"facilityRef": f"{URN}K2"},
    }
    answer = (await admin.put("/api/listings", {"listings": [both, single]})).json()
    assert answer["summary"] == {"created": 3, "updated": 0, "unchanged": 0}
    assert [(each["status"], each["result"]["facilityId"]) for each in answer["listings"]] == [
        ("CREATED", one), ("CREATED", two), ("CREATED", two)
    ]  # fmt: skip
    assert not {"selector", "targetingStrategy", "facility"} & set(answer["listings"][0]["result"])
    changed = {**single, "title": "B2", "version": 1.0}
    answer = (await admin.put("/api/listings", {"listings": [both, changed]})).json()
    assert answer["summary"] == {"created": 0, "updated": 1, "unchanged": 2}
    told = await history(hub)
    refusals: list[tuple[int, list[Any], str]] = [
        (409, [changed], "version: expected 2, got 1"),
        (400, [both, {**single, "facility": {"facilityRef": "x"}}], "listings[1].facility.facilityRef: there is no"),
        (
            400,
            [{**both, "selector": [*both["selector"], {"facility": {"tenantFacilityId": "K9"}}]}],
            "listings[0].selector[2].facility.tenantFacilityId: there is no",
        ),
        (404, [{**single, "facility": {"facilityRef": "x"}}], "listings[0].facility.facilityRef: there is no"),
        (400, [single, single], "listings: b is there twice"),
        (400, [both] * 13, "listings: expected at most 25 with their facilities, got 26"),
        (400, [{**single, "outOfStockBehaviour": "PREORDER"}], "listings[0].outOfStockConfig.preorder: is required"),
    ]
    for status, listings, expected in refusals:
        (fault,) = await admin.refused(status, "PUT", "/api/listings", {"listings": listings})
        assert fault.startswith(expected)
    assert await history(hub) == told


SEARCHES: list[tuple[dict[str, Any], str]] = [
    ({}, "abc"),
    ({"tenantArticleId": {"in": ["a", "c"]}}, "ac"),
    ({"status": {"notEq": "ACTIVE"}}, "b"),
    ({"outOfStockBehaviour": {"eq": "RESTOCK"}}, "a"),
    ({"availabilityTimeframe": {"start": {"lt": "2031-01-01T00:00:00Z"}}}, "b"),
    ({"categoryRefs": {"contains": {"eq": "shoes"}}}, "ac"),
    ({"tags": {"contains": {"id": {"eq": "Line"}, "value": {"eq": "new"}}}}, "c"),
    ({"tags": {"exists": False}}, "ab"),
    ({"price": {"gte": 10, "notIn": [20]}}, "b"),
    ({"weight": {"in": [1.5]}}, "c"),
    ({"and": [{"customAttributes": {"x": {"eq": 1}}}, {"created": {"after": "-P1D"}}]}, "a"),
]


async def test_searches_find_what_they_ask_for(admin: Caller) -> None:
    """By each kind of member."""
    await shop(admin)
    await put(
        admin,
        {
            "tenantArticleId": "a",
            "outOfStockBehaviour": "RESTOCK",
            "outOfStockConfig": RESTOCK,
            "categoryRefs": ["shoes"],
            "price": 20,
            "customAttributes": {"x": 1},
        },
        {"tenantArticleId": "b", "status": "INACTIVE", "availabilityTimeframe": {"start": START}, "price": 10.5},
        {
            "tenantArticleId": "c",
            "tags": [{"id": "Line", "value": "new"}],
            "categoryRefs": ["x", "shoes"],
            "weight": 1.5,
        },
    )
    for query, expected in SEARCHES:
        body = {"query": query, "sort": [{"tenantArticleId": "ASC"}]}
        answer = (await admin.post("/api/listings/search", body)).json()
        assert "".join(each["tenantArticleId"] for each in answer["listings"]) == expected, query


async def test_a_search_goes_on_behind_what_is_gone(admin: Caller) -> None:
    """`startAfterId` in an order by article, of a listing that was removed in the meantime."""
    await shop(admin)
    results = await put(admin, *({"tenantArticleId": article} for article in "abc"))
    assert (await admin.call("DELETE", f"{OF_K1}/b")).status_code == 200
    body = {"query": {}, "sort": [{"tenantArticleId": "ASC"}], "startAfterId": results[1]["listing"]["id"]}
    found = (await admin.post("/api/listings/search", body)).json()["listings"]
    assert [each["tenantArticleId"] for each in found] == ["c"]
    (fault,) = await admin.refused(400, "POST", "/api/listings/search", {**body, "startAfterId": "x"})
    assert fault.startswith("startAfterId: ")
