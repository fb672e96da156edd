"""Acting on many stocks, and summing them up."""

from __future__ import annotations

from typing import Any

from opendoms.app import Hub
from tests.api.caller import Caller
from tests.api.inventories import available, held, shop, stocked
from tests.api.test_facilities import URN
from tests.api.test_stocks import PATH, entry


async def test_pieces_move_between_places(admin: Caller, hub: Hub) -> None:
    """They make a new stock there, or join one that they cannot be told apart from; the level stays as it was."""
    facility = await shop(admin)
    source = await stocked(admin, facility, "a", 5, locationRef="p", properties={"batch": "7"})
    await stocked(admin, facility, "a", 5, locationRef="q", properties={"batch": "8"})

    async def move(amount: int, **options: bool) -> dict[str, Any]:
        action = {"name": "MOVE_TO_LOCATION", "fromStockId": source["id"], "toLocationRef": "q", "amount": amount}
        answer = await admin.post(f"{PATH}/actions", {"action": {**action, "options": options}})
        assert answer.status_code == 200, answer.text
        assert answer.json()["name"] == "MOVE_TO_LOCATION"
        result: dict[str, Any] = answer.json()["result"]
        return result

    first = await move(2)
    assert (first["toStock"]["value"], first["toStock"]["locationRef"], first["fromStock"]["value"]) == (2, "q", 3)
    second = await move(1)
    assert (second["toStock"]["id"], second["toStock"]["value"]) == (first["toStock"]["id"], 3)
    last = await move(2, deleteFromStockIfZero=True)
    assert (last["toStock"]["value"], "fromStock" in last) == (5, False)
    assert (await admin.unjudged("GET", f"{PATH}/{source['id']}")).status_code == 404
    assert await available(hub, facility, "a") == 10
    for change, at in (
        ({"fromStockId": "gone"}, "action.fromStockId"),
        ({"amount": 6}, "action.amount"),
        ({"toLocationRef": "q"}, "action.toLocationRef"),
    ):
        action = {"name": "MOVE_TO_LOCATION", "fromStockId": first["toStock"]["id"], "toLocationRef": "z", "amount": 1}
        (fault,) = await admin.refused(400, "POST", f"{PATH}/actions", {"action": {**action, **change}})
        assert fault.startswith(f"{at}: ")


async def test_stocks_are_removed_by_id_place_and_article(admin: Caller, hub: Hub) -> None:
    """Several removals are one; what does not exist is passed over; the pieces are gone."""
    facility = await shop(admin)
    made = [
        await stocked(admin, facility, article, 1, locationRef=place)
        for article, place in (("a", "p"), ("b", "p"), ("b", "q"), ("c", "q"), ("d", "q"))
    ]
    actions = [
        {"name": "DELETE_BY_LOCATIONS", "locationRefs": ["p"]},
        {"name": "DELETE_BY_PRODUCTS", "facilityRef": f"{URN}K1", "tenantArticleIds": ["b"]},
        {"name": "DELETE_BY_IDS", "ids": [made[3]["id"], "gone"]},
    ]
    answer = (await admin.post(f"{PATH}/actions", {"actions": actions})).json()
    assert answer["name"] == "DELETE_BY_LOCATIONS"
    assert sorted(answer["result"]["ids"]) == sorted(each["id"] for each in made[:4])
    assert [each["id"] for each in (await admin.get(PATH)).json()["stocks"]] == [made[4]["id"]]
    assert [await available(hub, facility, article) for article in "abcd"] == [0, 0, 0, 1]
    wrong: list[dict[str, Any]] = [{}, {"action": actions[0], "actions": actions}, {"actions": []}]
    for body in wrong:
        assert (await admin.call("POST", f"{PATH}/actions", body)).status_code == 400


async def test_stocks_are_written_without_versions(admin: Caller) -> None:
    """Decision D43: the first result where the contract has room for one, and all of them beside it."""
    facility = await shop(admin)
    old = await stocked(admin, facility, "a", 1)
    stocks = [{"operationType": "UPDATE", "id": old["id"], "value": 3}, {"operationType": "CREATE", **entry("b", 2)}]
    answer = await admin.post(f"{PATH}/actions", {"action": {"name": "UPDATE_VERSIONLESS", "stocks": stocks}})
    result = answer.json()["result"]
    assert [(each["status"], each["stock"]["value"]) for each in result["results"]] == [("UPDATED", 3), ("CREATED", 2)]
    assert result["operationResults"] == result["results"][0]
    assert "operationType" not in result["results"][1]["stock"]


async def test_summaries_tell_what_is_there_over_facilities(admin: Caller, hub: Hub) -> None:
    """Decision D44: every number, over all facilities or those that are asked for."""
    one = await shop(admin, 1, services=[{"type": "PICKUP"}])
    two = await shop(admin, 2, status="OFFLINE")
    await admin.put(
        f"/api/facilities/{one}/listings",
        {"listings": [{"tenantArticleId": "a", "title": "Shoe", "imageUrl": "https://images.test/a"}]},
    )
    await stocked(admin, one, "a", 10)
    await stocked(admin, one, "a", 3, traitConfig=[{"trait": "PICKABLE", "enabled": False}])
    await stocked(admin, one, "a", 2, conditions=["DEFECTIVE"])
    await stocked(admin, two, "a", 5)
    await stocked(admin, two, "b", 1)
    await admin.put("/api/safetystocks", {"operations": [{"tenantArticleId": "a", "facilityRef": two, "value": 9}]})
    await held(hub, one, "a", 4)

    async def summed(query: str = "") -> dict[str, dict[str, Any]]:
        body = (await admin.get(f"{PATH}/summaries?{query}")).json()
        assert body["total"] >= len(body["stockSummaries"])
        return {each["article"]["tenantArticleId"]: each for each in body["stockSummaries"]}

    every = await summed("channelRefs=UNALLOCATED&channelRefs=web")
    assert list(every) == ["a", "b"]
    assert every["a"]["article"] == {
        "tenantArticleId": "a", "title": "Shoe", "imageUrl": "https://images.test/a"
    }  # fmt: skip
    assert every["a"]["includedFacilityRefs"] == sorted([one, two])
    assert every["a"]["details"] == {
        "totalAmount": 20,
        "stockOnHand": 20,
        "reserved": 4,
        "safetyStock": 9,
        "availableOnStock": 9,
        "availableForPicking": 6,
        "available": 6,
        "availableToPromise": 6,
        "readyToPick": 6,
        "byTrait": {"PICKABLE": 17, "ACCESSIBLE": 20},
        "channelAdjusted": [
            {"channelRef": "UNALLOCATED", "availableForPicking": 6, "availableOnStock": 9},
            {"channelRef": "web", "availableForPicking": 0, "availableOnStock": 0},
        ],
    }
    assert every["b"]["article"]["title"] == "b"
    for query, expected in {
        f"facilityRefs={two}": {"a": 5, "b": 1},
        f"facilityRefs={URN}K1": {"a": 15},
        "facilityStatus=OFFLINE,SUSPENDED": {"a": 5, "b": 1},
        "facilityServiceTypes=PICKUP": {"a": 15},
        "facilityServiceTypes=PICKUP&facilityStatus=OFFLINE": {},
        "facilityGroupRefs=g": {},
        "tenantArticleIds=b&tenantArticleIds=x": {"b": 1},
        f"tenantArticleIds=b&facilityRefs={one}": {},
        "size=1": {"a": 20},
        "maxPageSize=1&startAfterId=a": {"b": 1},
        "startAfterId=b": {},
    }.items():
        found = await summed(query)
        assert {article: each["details"]["totalAmount"] for article, each in found.items()} == expected, query
    assert (await admin.get(f"{PATH}/summaries?facilityRefs={one}")).json()["total"] == 1
