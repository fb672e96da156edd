"""Searching order records through the API: filters, sorts, facilities and their names, pages, refusals, plans."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.facilities import naming
from opendoms.records import searches
from opendoms.records.search import ORDER_RECORD_SEARCH
from opendoms.search import searcher
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.order_record_searches import FILTERS, REFUSED, SORTS, facility, leaves, sales
from tests.api.order_searches import Body, at
from tests.api.record_samples import PATH as RECORDS
from tests.api.record_samples import SWITCH, history, put
from tests.api.test_order_search import members, searchable
from tests.tree import text_of

PATH = f"{RECORDS}/search"
EXPLAIN = "/opendoms/v1/orderrecords/search/explain"


async def numbers(caller: Caller, query: Body, **envelope: Any) -> str:
    """The numbers of the sales that are found, in order, such as `431`."""
    answer = await caller.post(PATH, {"query": query, **envelope})
    assert answer.status_code == 200, answer.text
    return "".join(found["tenantOrderRecordId"][-1] for found in answer.json()["orderRecords"])


@pytest.fixture
async def shops(admin: Caller) -> list[str]:
    """The ids of the facilities, where four sales were stored; the last facility was deleted since."""
    assert (await admin.put(SWITCH, {"isOrderRecordsEnabled": True, "version": 0})).status_code == 201
    created = [(await admin.post("/api/facilities", facility(number))).json()["id"] for number in range(1, 5)]
    assert [each["status"] for each in await put(admin, *sales(created))] == ["CREATED"] * 4
    assert (await admin.call("DELETE", f"/api/facilities/{created[3]}")).status_code == 200
    return created


async def test_every_filter_finds_what_it_says(admin: Caller, shops: list[str]) -> None:
    """All of the contract's, nested as well; in order, and with the number of all results, by two ways of counting."""
    wrong = {}
    for query, expected in FILTERS:
        found = await numbers(admin, query)
        counted = await admin.post(PATH, {"query": query, "size": 1, "options": {"withTotal": True}})
        if (found, counted.json()["total"]) != (expected, len(expected)):
            wrong[str(query)] = (expected, found, counted.json()["total"])
    assert wrong == {}


@pytest.mark.parametrize("gathered", [1_000, 0], ids=["few", "many"])
async def test_every_sort_is_in_its_order(
    admin: Caller, shops: list[str], gathered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways, also where more are found than are put in order without a thought; each page leads to the next."""
    monkeypatch.setattr(searcher, "GATHERED_MAX", gathered)
    wrong = {}
    for path, rising, falling in SORTS:
        for direction, expected in (("ASC", rising), ("DESC", falling)):
            sort = [at(path, direction)]
            page = (await admin.post(PATH, {"query": {}, "sort": sort, "size": 2})).json()
            found = "".join(each["tenantOrderRecordId"][-1] for each in page["orderRecords"])
            found += await numbers(admin, {}, sort=sort, after=page["pageInfo"]["endCursor"])
            if found != expected:
                wrong[f"{path} {direction}"] = (expected, found)
    assert wrong == {}


def test_every_member_of_filters_and_sorts_is_tried() -> None:
    """The tables above leave none out."""
    assert searchable(ORDER_RECORD_SEARCH.fields) - members([query for query, _ in FILTERS]) == set()
    assert leaves(ORDER_RECORD_SEARCH.sorts) == {path for path, _, _ in SORTS}


async def test_a_facility_goes_by_its_name_of_now(admin: Caller, shops: list[str]) -> None:
    """A renaming is in the next search, and so is a move to another country."""
    address = {**facility(3)["address"], "country": "FR"}
    change = {"type": "MANAGED_FACILITY", "version": 1, "name": "Aachen", "address": address}
    answer = await admin.patch(f"/api/facilities/{shops[2]}", change)
    assert answer.status_code == 200, answer.text
    assert await numbers(admin, at("facilityName.eq", "Aachen")) == "3"
    assert await numbers(admin, at("facilityName.eq", "Bonn")) == "2"
    assert await numbers(admin, at("facilityName.notEq", "Bonn")) == "431"
    assert await numbers(admin, {}, sort=[{"facilityName": "ASC"}]) == "3214"
    assert await numbers(admin, {}, sort=[{"facilityCountry": "DESC"}]) == "4312"


async def test_results_are_whole_records_as_they_are_stored(admin: Caller, shops: list[str]) -> None:
    """Byte for byte what reading them answers; a record is found as soon as it is stored."""
    (stored,) = await put(admin, {**sales(shops)[2], "tenantOrderRecordId": "sale-5", "facilityRef": shops[0]})
    record = stored["orderRecord"]
    answer = await admin.post(PATH, {"query": at("tenantOrderRecordId.eq", "sale-5")})
    assert answer.json()["orderRecords"] == [record]
    assert (await admin.get(f"{RECORDS}/{record['id']}")).content in answer.content
    assert "total" not in answer.json()
    info = answer.json()["pageInfo"]
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (False, False)
    # Deprecated, and it works: behind the record with this id, in either order.
    assert await numbers(admin, {}, startAfterId=record["id"]) == "4321"
    assert await numbers(admin, {}, startAfterId=record["id"], sort=[{"facilityName": "DESC"}]) == "132"
    assert await numbers(admin, {}, last=2) == "21"


async def test_what_is_wrong_is_told_by_path(admin: Caller, shops: list[str], hub: Hub) -> None:
    """400 with every fault, also where the same body is to be explained, save for what only a search looks up."""
    before = await history(hub)
    for body, paths in REFUSED:
        for path in (PATH,) if "startAfterId" in body else (PATH, EXPLAIN):
            refused = await admin.refused(400, "POST", path, body)
            assert [summary.partition(":")[0] for summary in refused] == paths, body
    assert await history(hub) == before


async def test_who_may_search(caller_for: CallerFor, shops: list[str]) -> None:
    """Whoever may read order records; each sees those of their own tenant alone."""
    reader = await caller_for("ORDER_RECORD_READ")
    assert await numbers(reader, at("facilityName.notEq", "Bonn"), sort=[{"facilityName": "ASC"}]) == "14"
    assert await numbers(await caller_for("ORDER_RECORD_READ", tenant="other"), {}) == ""
    for permission in ("ORDER_RECORD_WRITE", "ORDER_READ"):
        (missing,) = await (await caller_for(permission)).refused(403, "POST", PATH, {"query": {}})
        assert "ORDER_RECORD_READ" in missing
    assert len(await reader.refused(403, "POST", EXPLAIN, {"query": {}})) == 1


async def test_names_are_looked_up_within_bounds(
    admin: Caller, shops: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of too many facilities are refused, in a filter and in a sort; just as many are not."""
    bonn = {"query": at("facilityName.eq", "Bonn")}
    by_name, by_country = ({"query": {}, "sort": [{name: "ASC"}]} for name in ("facilityName", "facilityCountry"))
    monkeypatch.setattr(naming, "BATCH", 2)
    monkeypatch.setattr(searches, "TERMS_MAX", 2)
    monkeypatch.setattr(naming, "NAMED_MAX", 3)
    for body in (bonn, by_name, by_country):
        assert (await admin.post(PATH, body)).status_code == 200
    monkeypatch.setattr(searches, "TERMS_MAX", 1)
    monkeypatch.setattr(naming, "NAMED_MAX", 2)
    assert await admin.refused(400, "POST", PATH, bonn) == ["query: the names are those of more than 1 facilities"]
    for body in (by_name, by_country):
        (summary,) = await admin.refused(400, "POST", PATH, body)
        assert summary == "sort: more than 20000 facilities would have to be looked up"


async def test_more_names_than_can_be_asked_for_are_sorted(
    admin: Caller, shops: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are too many facilities to go from one to the next, what was found is sorted, up to its bound."""
    monkeypatch.setattr(searcher, "GATHERED_MAX", 0)
    monkeypatch.setattr(searcher, "NAMES_MAX", 2)
    assert await numbers(admin, {}, sort=[{"facilityName": "ASC"}]) == "2314"
    monkeypatch.setattr(searcher, "SORTED_MAX", 3)
    body = {"query": {}, "sort": [{"facilityName": "ASC"}]}
    assert (await admin.refused(400, "POST", PATH, body))[0].startswith("sort: more than 3 results")


async def test_the_searches_that_the_how_to_shows_work(admin: Caller, shops: list[str]) -> None:
    """Each is answered, and explained."""
    shown = re.findall(r"```json\n(.*?)```", text_of("docs/how-to/search-order-records.md"), re.DOTALL)
    assert len(shown) == 3
    for body in shown:
        assert (await admin.post(PATH, json.loads(body))).status_code == 200, body
        assert (await admin.post(EXPLAIN, json.loads(body))).status_code == 200, body


async def test_a_search_is_explained(admin: Caller, shops: list[str]) -> None:
    """What the index is asked, with the ids of the facilities that have the name."""
    query = {"facilityName": {"eq": "Bonn"}, "orderRecordDate": {"gte": "2026-11-03T00:00:00Z"}}
    answer = await admin.post(EXPLAIN, {"query": query, "sort": [{"facilityName": "ASC"}]})
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("query") in {
        f'(facilityRef = "{one}" or facilityRef = "{other}")' for one, other in (shops[1:3], shops[2:0:-1])
    }
    assert told == {
        "range": {"from": "2026-11-03T00:00:00.000Z"},
        "sort": "facilityName:ASC",
        "narrowed": True,
        "exact": True,
        "compared": [],
        "found": 1,
        "foundMore": False,
        "strategy": "SORT",
        "cost": "LOW",
        "steps": [
            "Finds documents in the index order_record_search by terms and a range of orderRecordDate.",
            "Reads everything that the index finds and puts it in order.",
        ],
    }
