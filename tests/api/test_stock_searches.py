"""Searches of listings, stocks and reservations look at what comes into question alone, and say where they end."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.inventory.actions import searching
from tests.api.caller import Caller
from tests.api.inventories import held, stocked
from tests.api.promising import stocked_shop

Document = dict[str, Any]

KINDS = ("listings", "stocks", "reservations")


async def found(admin: Caller, kind: str, query: Document) -> list[tuple[str, str]]:
    """The places (article, facility) of what a search finds, on as many pages as it takes, newest first."""
    places: list[tuple[str, str]] = []
    body: Document = {"query": query, "size": 3, "options": {"withTotal": True}}
    for _ in range(10):
        answer = await admin.post(f"/api/{kind}/search", body)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        places += [(each["tenantArticleId"], each.get("facilityRef", each.get("facilityId"))) for each in page[kind]]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["total"] == len(places)
            return places
        body["after"] = page["pageInfo"]["endCursor"]
    raise AssertionError("the pages do not end")


async def ids(admin: Caller, kind: str) -> list[str]:
    """The ids of all of a kind, newest first."""
    answer = await admin.post(f"/api/{kind}/search", {"query": {}, "size": 100})
    return [each["id"] for each in answer.json()[kind]]


async def test_a_search_by_what_is_indexed_looks_at_nothing_else(
    admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much else is stored; what is found is the same, also batch by batch. Without, it is refused and says how.

    Two shops have three articles each, with one stock and one reservation of each.
    """
    shops = [await stocked_shop(admin, number, dict.fromkeys("abc", 5)) for number in (1, 2)]
    for shop in shops:
        for article in "abc":
            await held(hub, shop, article, 1, f"o-{article}")
    await stocked(admin, shops[0], "d", 1, locationRef="p")
    first = {kind: (await ids(admin, kind))[0] for kind in KINDS}
    monkeypatch.setattr(searching, "SEARCH_BATCH", 1)
    monkeypatch.setattr(searching, "SEARCHED_MAX", 4)
    expected = {("b", shop) for shop in shops}
    for kind in KINDS:
        assert set(await found(admin, kind, {"tenantArticleId": {"eq": "b"}})) == expected
        narrower = {"tenantArticleId": {"in": ["b", "c"]}, "facilityRef": {"eq": shops[1]}}
        assert set(await found(admin, kind, narrower)) == {("b", shops[1]), ("c", shops[1])}
        assert len(await found(admin, kind, {"id": {"eq": first[kind]}})) == 1
        assert await found(admin, kind, {"id": {"eq": "none"}}) == []
    for kind in ("listings", "stocks"):
        assert set(await found(admin, kind, {"facilityRef": {"eq": shops[1]}})) == {(each, shops[1]) for each in "abc"}
    assert await found(admin, "stocks", {"locationRef": {"eq": "p"}}) == [("d", shops[0])]
    assert set(await found(admin, "stocks", {"tenantFacilityId": {"eq": "K2"}})) == {(each, shops[1]) for each in "abc"}
    by_order = {"relatedRefs": {"orderRefs": {"contains": {"eq": "o-b"}}}}
    assert set(await found(admin, "reservations", by_order)) == expected


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("listings", "id, tenantArticleId, facilityRef"),
        ("stocks", "id, tenantArticleId, locationRef, facilityRef, tenantFacilityId"),
        ("reservations", "id, relatedRefs.orderRefs.contains, tenantArticleId"),
    ],
)
async def test_a_search_of_too_much_says_how_to_narrow_it(
    admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch, kind: str, names: str
) -> None:
    """By count and by time; nothing that is stored is left out in silence."""
    shop = await stocked_shop(admin, 1, {"a": 5, "b": 5})
    for article in "ab":
        await held(hub, shop, article, 1)
    hint = f"Name one of these by eq or in: {names}; or list them."
    for name, value, summary in (
        ("SEARCHED_MAX", 1, f"More than 1 {kind} come into question: too many to search."),
        ("SEARCH_S_MAX", 0, "The search takes longer than 0 s: too many to search."),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(searching, name, value)
            answer = await admin.post(f"/api/{kind}/search", {"query": {"facilityRef": {"notEq": "x"}}})
        assert answer.status_code == 400
        (fault,) = answer.json()
        assert (fault["summary"], fault["description"]) == (summary, hint)
