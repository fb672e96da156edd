"""Facilities in lists and searches."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.facilities import actions as facility_actions
from tests.api.caller import Caller
from tests.api.test_facilities import ADDRESS, FACILITY, UNKNOWN, URN, Document, create, facility, ids


async def found(caller: Caller, query: Document, **envelope: Any) -> list[str]:
    """The names of what a search finds, by name."""
    body = {"query": query, "sort": [{"name": "ASC"}], **envelope}
    answer = await caller.post("/api/facilities/search", body)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["facilities"]]


async def test_a_list_shows_managed_facilities_in_short(admin: Caller) -> None:
    """Some members, and those of the address beside them."""
    created = await create(admin, {**FACILITY, "services": [{"type": "PICKUP"}], "customAttributes": {"a": 1}})
    (row,) = (await admin.get("/api/facilities")).json()["facilities"]
    shown = ("id", "version", "created", "lastModified", "type", "status", "name", "tenantFacilityId")
    address = {name: value for name, value in ADDRESS.items() if name != "companyName"}
    assert row == {**{name: created[name] for name in shown}, **address}


async def test_lists_are_filtered_and_counted(admin: Caller) -> None:
    """By own id (or its URN), by several statuses and types; total counts all that match, unknown values match none."""
    one = await create(admin, facility(1))
    two = await create(admin, facility(2, status="OFFLINE"))
    three = await create(admin, facility(3, status="SUSPENDED", type="SUPPLIER"))
    path = "/api/facilities"
    assert ids(await admin.get(path)) == [three["id"], two["id"], one["id"]]
    assert ids(await admin.get(f"{path}?status=OFFLINE&status=ONLINE")) == [two["id"], one["id"]]
    assert ids(await admin.get(f"{path}?type=SUPPLIER")) == [three["id"]]
    assert ids(await admin.get(f"{path}?type=SUPPLIER&status=ONLINE")) == []
    assert ids(await admin.get(f"{path}?status=CLOSED")) == []
    for own in ("K2", f"{URN}K2"):
        assert ids(await admin.get(f"{path}?tenantFacilityId={own}")) == [two["id"]]
    assert ids(await admin.get(f"{path}?tenantFacilityId=K2&status=ONLINE")) == []
    assert ids(await admin.get(f"{path}?tenantFacilityId=K2&type=SUPPLIER")) == []
    assert ids(await admin.get(f"{path}?tenantFacilityId=K9")) == []
    assert ids(await admin.get(f"{path}?tenantFacilityId=K2&startAfterId={two['id']}")) == []
    page = (await admin.get(f"{path}?size=1&type=MANAGED_FACILITY")).json()
    assert (page["total"], page["nextCursor"]) == (2, two["id"])
    for wrong in ("size=0", "size=501", "size=x", "type=SHOP", "orderBy=SIZE", "tenantFacilityID=K1"):
        (fault,) = await admin.refused(400, "GET", f"{path}?{wrong}")
        assert fault.startswith(wrong.partition("=")[0] + ":")


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("&orderBy=CREATED", [1, 2, 3, 4, 5]),
        ("&orderBy=NAME", [4, 1, 2, 5, 3]),
        ("&orderBy=POSTAL_CODE_ASC", [3, 5, 1, 4, 2]),
    ],
)
async def test_pages_of_a_list_hold_every_facility_once(admin: Caller, order_by: str, expected: list[int]) -> None:
    """In each order, with equal names and missing postal codes, also where the facility a page ended with is gone."""
    names = ["b", "b", "ä", "a", "b2"]
    codes = ["2", "9", None, "2", "10"]
    created = [
        await create(
            admin,
            facility(number, name=name, address={**ADDRESS, "postalCode": code})
            if code
            else facility(number, name=name, type="SUPPLIER", address={"companyName": "S", "country": "DE"}),
        )
        for number, (name, code) in enumerate(zip(names, codes, strict=True))
    ]
    wanted = [created[place - 1]["id"] for place in expected]
    assert ids(await admin.get(f"/api/facilities?size=5{order_by}")) == wanted
    first = ids(await admin.get(f"/api/facilities?size=2{order_by}"))
    assert (await admin.call("DELETE", f"/api/facilities/{first[-1]}")).status_code == 200
    second = ids(await admin.get(f"/api/facilities?size=2{order_by}&startAfterId={first[-1]}"))
    third = ids(await admin.get(f"/api/facilities?size=2{order_by}&startAfterId={second[-1]}"))
    assert [*first, *second, *third] == wanted


async def test_a_list_by_name_cannot_begin_after_nothing(admin: Caller) -> None:
    """By id any text is a position; in another order what never was has none."""
    created = await create(admin, FACILITY)
    assert ids(await admin.get("/api/facilities?startAfterId=zzz")) == [created["id"]]
    for order_by in ("NAME", "POSTAL_CODE_ASC"):
        (fault,) = await admin.refused(400, "GET", f"/api/facilities?startAfterId=zzz&orderBy={order_by}")
        assert fault == "startAfterId: no facility has or had the id zzz"


async def test_a_search_finds_by_every_member(admin: Caller) -> None:
    """One filter per member that the contract names."""
    one = await create(
        admin,
        facility(
            1,
            services=[{"type": "PICKUP"}],
            contact={"firstName": "Ada", "lastName": "L"},
            tags=[{"id": "size", "value": "big"}, {"id": "kind", "value": "new"}],
            customAttributes={"area": 120.5, "open": True, "since": "2020-01-01T00:00:00Z", "text": "x"},
            address={
                **ADDRESS,
                "province": "NRW",
                "houseNumber": "1a",
                "emailAddresses": [{"value": "a@b.de", "recipient": "all"}],
                "customAttributes": {"floor": 2},
            },
        ),
    )
    await create(admin, {"name": "Supply", "type": "SUPPLIER", "status": "OFFLINE"})
    queries: list[Document] = [
        {"id": {"eq": one["id"]}},
        {"id": {"eq": f"{URN}K1"}},
        {"id": {"in": [UNKNOWN, f"{URN}K1"]}},
        {"tenantFacilityId": {"eq": "K1"}},
        {"tenantFacilityId": {"in": [f"{URN}K1"]}},
        {"name": {"like": "^Shop"}},
        {"status": {"in": ["ONLINE", "SUSPENDED"]}},
        {"type": {"notEq": "SUPPLIER"}},
        {"locationType": {"eq": "STORE"}},
        {"services": {"contains": {"type": {"eq": "PICKUP"}}}},
        {"services": {"exists": True}},
        {"contact": {"firstName": {"eq": "Ada"}, "lastName": {"notEq": "X"}}},
        {"tags": {"contains": {"id": {"eq": "size"}, "value": {"eq": "big"}}}},
        {"customAttributes": {"area": {"gt": 120}, "open": {"eq": True}, "text": {"eq": "x"}}},
        {"customAttributes": {"since": {"lt": "2020-01-01T00:00:00.001Z", "before": "-P1D"}}},
        {"address": {"city": {"like": "(?i)KÖLN"}, "country": {"in": ["DE", "AT"]}, "postalCode": {"like": "^506"}}},
        {"address": {"street": {"eq": "Main"}, "province": {"eq": "NRW"}, "houseNumber": {"eq": "1a"}}},
        {"address": {"companyName": {"eq": "Shop Ltd."}, "customAttributes": {"floor": {"lte": 2}}}},
        {"address": {"emailAddresses": {"contains": {"value": {"eq": "a@b.de"}, "recipient": {"notEq": "x"}}}}},
        {"and": [{"name": {"like": "S"}}, {"or": [{"id": {"eq": UNKNOWN}}, {"tenantFacilityId": {"eq": "K1"}}]}]},
    ]
    for query in queries:
        assert await found(admin, query) == ["Shop 1"], query
    nobodies: list[Document] = [
        {"id": {"notIn": [f"{URN}K1"]}, "type": {"eq": "MANAGED_FACILITY"}},
        {"tags": {"contains": {"id": {"eq": "size"}, "value": {"eq": "new"}}}},
        {"facilityGroupIds": {"contains": {"eq": "g"}}},
        {"referenced": {"facilityCarrierConnection": {"carrierKey": {"eq": "dhl"}}}},
        {"or": []},
    ]
    for nobody in nobodies:
        assert await found(admin, nobody) == [], nobody
    assert await found(admin, {}) == ["Shop 1", "Supply"]
    assert await found(admin, {"tags": {"exists": False}}) == ["Supply"]


async def test_a_search_goes_forward_and_backward(admin: Caller) -> None:
    """By cursors, with a total only where it is asked for; full facilities are answered."""
    created = [await create(admin, facility(number)) for number in range(5)]
    path = "/api/facilities/search"
    sort = [{"tenantFacilityId": "DESC"}]
    first = (await admin.post(path, {"query": {}, "sort": sort, "size": 2, "options": {"withTotal": True}})).json()
    assert first["facilities"] == [created[4], created[3]]
    assert first["total"] == 5
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    after = {"query": {}, "sort": sort, "size": 2, "after": first["pageInfo"]["endCursor"]}
    second = (await admin.post(path, after)).json()
    assert ids(await admin.post(path, after)) == [created[2]["id"], created[1]["id"]]
    assert "total" not in second
    before = {"query": {}, "sort": sort, "last": 2, "before": second["pageInfo"]["startCursor"]}
    assert (await admin.post(path, before)).json()["facilities"] == first["facilities"]
    by_id = {"query": {}, "startAfterId": created[1]["id"]}
    assert ids(await admin.post(path, by_id)) == [created[0]["id"]]
    by_name = {"query": {}, "sort": [{"name": "ASC"}], "startAfterId": created[3]["id"]}
    assert ids(await admin.post(path, by_name)) == [created[4]["id"]]


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ({}, "query: "),
        ({"query": {}, "filter": {}}, "filter: "),
        ({"query": {"naem": {"eq": "x"}}}, "query.naem: "),
        ({"query": {"address": {"town": {"eq": "x"}}}}, "query.address.town: "),
        ({"query": {"name": {"equals": "x"}}}, "query.name.equals: "),
        ({"query": {"or": [{"status": {"eq": "OPEN"}}]}}, "query.or[0].status.eq: "),
        ({"query": {"id": {"in": ["x"] * 26}}}, "query.id.in: "),
        ({"query": {"name": {"eq": "x" * 257}}}, "query.name.eq: "),
        ({"query": {"name": {"like": "("}}}, "query.name.like: "),
        ({"query": {"customAttributes": {"a.b": {"eq": 1}}}}, "query.customAttributes.a.b: "),
        ({"query": {}, "sort": []}, "sort: "),
        ({"query": {}, "sort": [{}]}, "sort[0]: "),
        ({"query": {}, "sort": [{"name": "ASC"}, {"id": "ASC"}]}, "sort: "),
        ({"query": {}, "sort": [{"colour": "ASC"}]}, "sort[0].colour: "),
        ({"query": {}, "size": 251}, "size: "),
        ({"query": {}, "size": 0}, "size: "),
        ({"query": {}, "size": 1, "last": 1}, "last: "),
        ({"query": {}, "after": "x"}, "after: "),
        ({"query": {}, "sort": [{"name": "ASC"}], "startAfterId": UNKNOWN}, "startAfterId: "),
    ],
)
async def test_a_search_that_is_not_understood_is_refused(admin: Caller, body: Document, summary: str) -> None:
    """Decision D24: a misspelt filter must not return everything; each is named by its path."""
    (fault,) = await admin.refused(400, "POST", "/api/facilities/search", body)
    assert fault.startswith(summary)


async def test_a_search_covers_every_batch_and_says_where_it_ends(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With batches of 2, five facilities are all found; more than the limit are refused, never left out in silence."""
    for number in range(5):
        await create(admin, facility(number))
    monkeypatch.setattr(facility_actions, "SEARCH_BATCH", 2)
    assert len(await found(admin, {})) == 5
    monkeypatch.setattr(facility_actions, "SEARCHED_MAX", 4)
    (fault,) = await admin.refused(400, "POST", "/api/facilities/search", {"query": {}})
    assert fault == "More than 4 facilities are stored: too many to search."
    monkeypatch.setattr(facility_actions, "SEARCH_S_MAX", 0)
    (fault,) = await admin.refused(400, "POST", "/api/facilities/search", {"query": {}})
    assert fault == "The search takes longer than 0 s."
