"""Safety stocks through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from tests.api.caller import Caller
from tests.api.inventories import available, held, shop, stocked
from tests.api.test_facilities import URN

PATH = "/api/safetystocks"


async def put(caller: Caller, *operations: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of each."""
    answer = await caller.put(PATH, {"operations": list(operations)})
    assert answer.status_code == 207
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def listed(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    """The safety stocks of a list."""
    body = (await caller.get(f"{PATH}?{query}")).json()
    found: list[dict[str, Any]] = body["safetyStocks"]
    return found


async def test_what_is_kept_back_is_not_available(admin: Caller, hub: Hub) -> None:
    """In one facility, or in all that have no safety stock of their own, also where stock comes later."""
    one, two = await shop(admin, 1), await shop(admin, 2)
    await stocked(admin, one, "a", 10)
    every, own = {"tenantArticleId": "a", "value": 3}, {"tenantArticleId": "a", "facilityRef": one, "value": 1}
    assert [each["status"] for each in await put(admin, every, own, {**own, "value": 2.0})] == [
        "CREATED", "CREATED", "UPDATED"
    ]  # fmt: skip
    await stocked(admin, two, "a", 10)
    assert (await available(hub, one, "a"), await available(hub, two, "a")) == (8, 7)
    await put(admin, {**every, "value": 20})
    assert (await available(hub, one, "a"), await available(hub, two, "a")) == (8, 0)
    of_one = next(each for each in await listed(admin) if "facilityRef" in each)
    assert (await admin.call("DELETE", f"{PATH}/{of_one['id']}")).status_code == 200
    assert await available(hub, one, "a") == 0
    (every_left,) = await listed(admin)
    assert (every_left["value"], every_left["version"]) == (20, 2)
    assert (await admin.call("DELETE", f"{PATH}/{every_left['id']}")).status_code == 200
    assert (await available(hub, one, "a"), await available(hub, two, "a")) == (10, 10)
    assert (await admin.refused(404, "DELETE", f"{PATH}/{every_left['id']}")) == [
        f"Unknown safety stock {every_left['id']}."
    ]


async def test_expired_reservations_keep_nothing_from_being_kept_back(admin: Caller, hub: Hub) -> None:
    """In however many facilities they are: they are cleared away."""
    shops = [await shop(admin, number) for number in range(5)]
    for facility in shops:
        await stocked(admin, facility, "a", 2)
        await held(hub, facility, "a", 2, until=hub.clock.now("default") - 1)
    assert [each["status"] for each in await put(admin, {"tenantArticleId": "a", "value": 1})] == ["CREATED"]
    assert [await available(hub, facility, "a") for facility in shops] == [1] * 5
    assert (await admin.get("/api/reservations")).json()["total"] == 0


async def test_what_is_reserved_is_not_kept_back(admin: Caller, hub: Hub) -> None:
    """Decision D42: such a safety stock fails and says why, the others are set; nor may one be removed for a larger."""
    one, two = await shop(admin, 1), await shop(admin, 2)
    await stocked(admin, one, "a", 10)
    await stocked(admin, two, "a", 10)
    await put(admin, {"tenantArticleId": "a", "facilityRef": one, "value": 2})
    await held(hub, one, "a", 7)
    answer = await admin.put(
        PATH,
        {
            "operations": [
                {"tenantArticleId": "a", "facilityRef": two, "value": 4},
                {"tenantArticleId": "a", "facilityRef": f"{URN}K1", "value": 4},
                {"tenantArticleId": "a", "facilityRef": "gone", "value": 4},
                {"tenantArticleId": "a", "value": 9},
            ]
        },
    )
    body = answer.json()
    assert [each["status"] for each in body["results"]] == ["CREATED", "FAILED", "FAILED", "CREATED"]
    assert body["results"][1]["error"] == {
        "type": "NOT_ALLOWED",
        "message": f"tenantArticleId a: 7 of 10 pieces in facility {one} are reserved, and 2 are to be kept back;"
        " this would leave too few",
    }
    assert body["results"][2]["error"]["type"] == "NOT_FOUND"
    assert {name: value for name, value in body.items() if name != "results"} == body["results"][1]
    assert (await available(hub, one, "a"), await available(hub, two, "a")) == (1, 6)
    (of_one,) = await listed(admin, f"facilityRef={one}")
    (fault,) = await admin.refused(409, "DELETE", f"{PATH}/{of_one['id']}")
    assert "7 of 10 pieces" in fault
    assert await available(hub, one, "a") == 1


async def test_stock_that_comes_while_it_changes_is_kept_back_too(admin: Caller, hub: Hub) -> None:
    """Facilities get their first stock of an article while its safety stock changes: in the end all agree with it."""
    shops = [await shop(admin, number) for number in range(1, 7)]
    writes = [stocked(admin, each, "a", 50) for each in shops]
    changes = [put(admin, {"tenantArticleId": "a", "value": value}) for value in (3, 5)]
    await asyncio.gather(*writes[:3], changes[0], *writes[3:], changes[1])
    (stored,) = await listed(admin)
    assert {await available(hub, each, "a") for each in shops} == {50 - stored["value"]}


async def test_lists_are_filtered_and_paged(admin: Caller) -> None:
    """By article and facility, newest first."""
    one, two = await shop(admin, 1), await shop(admin, 2)
    operations = [
        {"tenantArticleId": "a", "value": 1},
        {"tenantArticleId": "a", "facilityRef": one, "value": 2},
        {"tenantArticleId": "b", "facilityRef": one, "value": 3},
        {"tenantArticleId": "b", "facilityRef": two, "value": 4},
    ]
    await put(admin, *operations)

    async def values(query: str) -> list[int]:
        return [each["value"] for each in await listed(admin, query)]

    assert await values("") == [4, 3, 2, 1]
    assert await values("tenantArticleId=a") == [2, 1]
    assert await values(f"facilityRef={one}") == [3, 2]
    assert await values(f"facilityRef={URN}K1&tenantArticleId=b") == [3]
    assert await values("facilityRef=gone") == []
    first = await listed(admin, "size=2")
    assert await values(f"size=2&startAfterId={first[-1]['id']}") == [2, 1]
    assert (await admin.get(f"{PATH}?size=1&facilityRef={one}")).json()["total"] == 2


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ({"tenantArticleId": "a", "value": -1}, "operations[0].value"),
        ({"tenantArticleId": "a", "value": 1.5}, "operations[0].value"),
        ({"tenantArticleId": "", "value": 1}, "operations[0].tenantArticleId"),
    ],
)
async def test_what_is_wrong_is_told_by_path(admin: Caller, operation: dict[str, Any], path: str) -> None:
    """And nothing is stored."""
    (fault,) = await admin.refused(400, "PUT", PATH, {"operations": [operation]})
    assert fault.startswith(f"{path}: ")
    assert await listed(admin) == []
