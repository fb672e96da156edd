"""Processes through the API: read, listed, searched, changed, and what happened to them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.processes import actions, log
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_orders import LINES_ALLOWED, order

PATH = "/api/processes"
TAG = {"id": "Channel", "allowedValues": ["B2B", "B2C"]}
B2B = {"id": "Channel", "value": "B2B"}
TAGGED = {"name": "ADD_TAGS_TO_PROCESS", "version": 1, "tags": [B2B]}


async def ordered(caller: Caller, number: int = 1, **more: Any) -> dict[str, Any]:
    """A new order."""
    answer = await caller.post("/api/orders", order(number, **more))
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


async def process(caller: Caller, process_id: str) -> dict[str, Any]:
    """A process as it is answered."""
    answer = await caller.get(f"{PATH}/{process_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_order_has_a_process(admin: Caller) -> None:
    """Under its processId, with what the order says; it follows every change of the order."""
    created = await ordered(admin)
    found = await process(admin, created["processId"])
    assert (found["id"], found["orderRef"], found["version"]) == (created["processId"], created["id"], 1)
    assert (found["status"], found["domainStatuses"]) == ("CREATED", {"order": "CREATED"})
    await admin.post(f"/api/orders/{created['id']}/actions", {"name": "CANCEL", "version": 1})
    after = await process(admin, created["processId"])
    assert (after["version"], after["status"]) == (2, "CANCELED")
    assert await admin.refused(404, "GET", f"{PATH}/{created['id']}") == [f"Unknown process {created['id']}."]


async def test_a_process_is_found_by_its_order(admin: Caller) -> None:
    """By the order's id or its business key, by exactly one of them; of several orders, the live one."""
    first = await ordered(admin)
    assert (await admin.get(f"/api/process?orderRef={first['id']}")).json()["id"] == first["processId"]
    assert (await admin.get("/api/process?tenantOrderId=shop-1")).json()["id"] == first["processId"]
    await admin.post(f"/api/orders/{first['id']}/actions", {"name": "CANCEL", "version": 1})
    assert (await admin.get("/api/process?tenantOrderId=shop-1")).json()["id"] == first["processId"]
    second = await ordered(admin)
    assert (await admin.get("/api/process?tenantOrderId=shop-1")).json()["id"] == second["processId"]
    for query in ("tenantOrderId=shop-2", "orderRef=x", "pickJobRef=x", "shipmentRef=x", "returnRef=x"):
        assert await admin.refused(404, "GET", f"/api/process?{query}") == ["No process is found by this."]
    for query in ("", f"?orderRef={first['id']}&tenantOrderId=shop-1"):
        (summary,) = await admin.refused(400, "GET", f"/api/process{query}")
        assert summary.startswith("Expected exactly one of tenantOrderId, orderRef, ")


async def test_a_process_is_tagged_and_dated(admin: Caller) -> None:
    """Each action makes one version and one event, and answers what reading answers."""
    await admin.post("/api/tags", TAG)
    created = await ordered(admin)
    path = f"{PATH}/{created['processId']}/actions"
    tagged = await admin.post(path, TAGGED)
    assert (tagged.status_code, tagged.json()["version"], tagged.json()["tags"]) == (200, 2, [B2B])
    date = {"name": "UPDATE_GDPR_CLEANUP_DATE", "version": 2, "gdprCleanupDate": "2020-01-31"}
    dated = await admin.post(path, date)
    assert dated.json()["gdprCleanupDate"] == "2020-01-31T00:00:00.000Z"
    end = {"name": "UPDATE_PROCESS_DELETION_DATE", "version": 3, "deletionDate": "2020-03-31"}
    ended = await admin.post(path, end)
    assert ended.json()["deletionDate"] == "2020-03-31T00:00:00.000Z"
    assert (await admin.get(f"{PATH}/{created['processId']}")).content == ended.content
    # What is so already changes nothing.
    again = await admin.post(path, {**end, "version": 4})
    assert (again.status_code, again.content) == (200, ended.content)
    # The order itself stays as it was.
    assert (await admin.get(f"/api/orders/{created['id']}")).json() == created
    events = (await admin.get("/opendoms/v1/events?entityKind=PROCESS")).json()["events"]
    assert [(event["event"], event["seq"], event["entityId"]) for event in events] == [
        ("PROCESS_MODIFIED", seq, created["processId"]) for seq in (1, 2, 3)
    ]


async def test_a_process_is_patched(admin: Caller) -> None:
    """All actions make one version; one that is wrong keeps all from being done."""
    await admin.post("/api/tags", TAG)
    created = await ordered(admin)
    path = f"{PATH}/{created['processId']}"
    date = {"action": "UpdateGdprCleanupDateAction", "gdprCleanupDate": "2030-01-31"}
    patched = await admin.patch(path, {"version": 1, "actions": [{"action": "AddTagsToProcess", "tags": [B2B]}, date]})
    assert (patched.status_code, patched.json()["version"], patched.json()["tags"]) == (200, 2, [B2B])
    wrong = {"action": "AssignFacilityToProcess", "facilityRef": "f1"}
    assert await admin.refused(400, "PATCH", path, {"version": 2, "actions": [date, wrong]}) == [
        "actions[1].action: AssignFacilityToProcess is not possible here"
    ]
    assert (await admin.get(path)).content == patched.content


@pytest.mark.parametrize(
    ("body", "summaries"),
    [
        ({**TAGGED, "tags": []}, ["tags: expected a list of 1 to 10 entries, got 0 entries"]),
        ({**TAGGED, "tags": [B2B] * 11}, ["tags: expected a list of 1 to 10 entries, got 11 entries"]),
        ({**TAGGED, "tags": [{"id": "Nothing", "value": "x"}]}, ["tags[0].id: no tag has this id"]),
        ({**TAGGED, "tags": [{**B2B, "value": "D2C"}]}, ["tags[0].value: is no allowed value of this tag"]),
        (
            {"name": "ASSIGN_FACILITY_TO_PROCESS", "version": 1, "facilityRef": "f1"},
            ["name: ASSIGN_FACILITY_TO_PROCESS is not possible here"],
        ),
        ({"name": "UPDATE_GDPR_CLEANUP_DATE", "version": 1}, ["gdprCleanupDate: is required"]),
    ],
)
async def test_a_refused_action_changes_nothing(admin: Caller, body: dict[str, Any], summaries: list[str]) -> None:
    """400 with every fault by its path, and the process stays as it was."""
    await admin.post("/api/tags", TAG)
    created = await ordered(admin)
    before = await process(admin, created["processId"])
    assert await admin.refused(400, "POST", f"{PATH}/{created['processId']}/actions", body) == summaries
    assert await process(admin, created["processId"]) == before


async def test_a_stale_version_is_refused_with_both(admin: Caller) -> None:
    """A change of the order makes it stale as well as one of the process."""
    await admin.post("/api/tags", TAG)
    created = await ordered(admin)
    path = f"{PATH}/{created['processId']}/actions"
    await admin.patch(f"/api/orders/{created['id']}", {"version": 1, "customAttributes": {"a": 1}})
    stale = await admin.post(path, TAGGED)
    assert stale.status_code == 409
    assert (stale.json()[0]["requestVersion"], stale.json()[0]["version"]) == (1, 2)
    assert "tags" not in await process(admin, created["processId"])
    await admin.refused(404, "POST", f"{PATH}/unknown/actions", TAGGED)


async def test_16_changes_of_one_version_have_one_winner(admin: Caller) -> None:
    """They arrive at once; the others are told the version."""
    await admin.post("/api/tags", {"id": "Channel", "allowedValues": [f"v{number}" for number in range(16)]})
    created = await ordered(admin)
    path = f"{PATH}/{created['processId']}/actions"
    tags = [{**TAGGED, "tags": [{"id": "Channel", "value": f"v{number}"}]} for number in range(16)]
    answers = await asyncio.gather(*(admin.post(path, body) for body in tags))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 15
    assert len((await process(admin, created["processId"]))["tags"]) == 1


async def test_processes_are_listed_and_searched(admin: Caller) -> None:
    """Newest first, in pages that follow each other; filters narrow; a sort is kept."""
    orders = [await ordered(admin, number, consumer={"consumerId": f"c-{number % 2}"}) for number in range(5)]
    newest_first = [each["processId"] for each in reversed(orders)]
    for query in ("", "&status=CREATED", "&status=CREATED&sortByDirection=DESCENDING"):
        first = (await admin.get(f"{PATH}?size=2{query}")).json()
        assert [each["id"] for each in first["processes"]] == newest_first[:2]
        assert (first["total"], first["nextCursor"]) == (5, newest_first[1])
        second = (await admin.get(f"{PATH}?size=3&startAfterId={first['nextCursor']}{query}")).json()
        assert [each["id"] for each in second["processes"]] == newest_first[2:]
    odd = [orders[3]["processId"], orders[1]["processId"]]
    assert [each["id"] for each in (await admin.get(f"{PATH}?consumerId=c-1")).json()["processes"]] == odd
    one = (await admin.get(f"{PATH}?tenantOrderId=shop-3")).json()
    assert ([each["id"] for each in one["processes"]], one["total"]) == ([odd[0]], 1)
    upwards = (await admin.get(f"{PATH}?sortBy=ORDERID&size=2")).json()
    assert [each["tenantOrderId"] for each in upwards["processes"]] == ["shop-0", "shop-1"]
    body = {"query": {"referenced": {"order": {"consumerId": {"eq": "c-1"}}}}, "options": {"withTotal": True}}
    found = (await admin.post(f"{PATH}/search", body)).json()
    assert ([each["id"] for each in found["processes"]], found["total"]) == (odd, 2)
    paged: dict[str, Any] = {"query": {"status": {"eq": "CREATED"}}, "size": 3}
    page = (await admin.post(f"{PATH}/search", paged)).json()
    rest = (await admin.post(f"{PATH}/search", {**paged, "after": page["pageInfo"]["endCursor"]})).json()
    assert [each["id"] for each in page["processes"] + rest["processes"]] == newest_first
    assert (page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    by_key = {"query": {}, "sort": [{"referenced": {"order": {"tenantOrderId": "ASC"}}}], "size": 2}
    sorted_page = (await admin.post(f"{PATH}/search", by_key)).json()["processes"]
    assert [each["tenantOrderId"] for each in sorted_page] == ["shop-0", "shop-1"]
    resumed = {**by_key, "startAfterId": sorted_page[-1]["id"]}
    assert [each["tenantOrderId"] for each in (await admin.post(f"{PATH}/search", resumed)).json()["processes"]] == [
        "shop-2",
        "shop-3",
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"processId": {"eq": "processId"}},
        {"orderRef": {"eq": "id"}},
        {"referenced": {"order": {"tenantOrderId": {"eq": "tenantOrderId"}}}},
    ],
)
async def test_a_search_by_a_key_looks_at_no_other_orders(
    admin: Caller, query: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it answers however many there are; what else is asked must hold nevertheless."""
    created = [await ordered(admin, number) for number in range(4)][2]
    monkeypatch.setattr(actions, "SEARCHED_MAX", 2)
    filled = filled_in(query, created)
    found = (await admin.post(f"{PATH}/search", {"query": filled})).json()["processes"]
    assert [each["id"] for each in found] == [created["processId"]]
    none = await admin.post(f"{PATH}/search", {"query": {**filled, "status": {"eq": "ERROR"}}})
    assert none.json()["processes"] == []
    assert await admin.refused(400, "POST", f"{PATH}/search", {"query": {}}) == [
        "More than 2 orders come into question: too many to search."
    ]


def filled_in(query: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The filter with the values of an order in place of the names of its members."""
    return {name: filled_in(part, values) if isinstance(part, dict) else values[part] for name, part in query.items()}


async def test_a_search_looks_at_every_batch(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lies between two batches; a search that takes too long is refused."""
    monkeypatch.setattr(actions, "SEARCH_BATCH", 2)
    orders = [await ordered(admin, number, consumer={"consumerId": "c-1"}) for number in range(5)]
    expected = [each["processId"] for each in reversed(orders)]
    for query in ({}, {"referenced": {"order": {"consumerId": {"eq": "c-1"}}}}):
        found = (await admin.post(f"{PATH}/search", {"query": query})).json()["processes"]
        assert [each["id"] for each in found] == expected
    monkeypatch.setattr(actions, "SEARCH_S_MAX", 0.0)
    assert await admin.refused(400, "POST", f"{PATH}/search", {"query": {}}) == ["The search takes longer than 0 s."]


@pytest.mark.parametrize(
    ("method", "path", "body", "summary"),
    [
        ("POST", "/search", {"query": {"statsu": {"eq": "CREATED"}}}, "query.statsu"),
        ("POST", "/search", {"query": {"status": {"eq": "DONE"}}}, "query.status.eq"),
        ("POST", "/search", {"query": {}, "startAfterId": "x", "sort": [{"status": "ASC"}]}, "startAfterId"),
        ("POST", "/search", {"query": {"referenced": {"facility": {}}}}, "query.referenced.facility"),
        ("GET", "?size=501", None, "size"),
        ("GET", "?sortBy=SIZE", None, "sortBy"),
        ("GET", "?facilityCountries=DE", None, "facilityCountries"),
        ("GET", "?startAfterId=x&sortBy=NAME", None, "startAfterId"),
        ("GET", "?searchTerm=(", None, "query.searchTerm.like"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    admin: Caller, method: str, path: str, body: Any, summary: str
) -> None:
    """400 that names the member or the parameter."""
    summaries = await admin.refused(400, method, f"{PATH}{path}", body)
    assert [each.partition(":")[0] for each in summaries] == [summary]


async def logs(caller: Caller, process_id: str, query: str = "") -> dict[str, Any]:
    """A page of history logs."""
    answer = await caller.get(f"{PATH}/{process_id}/historylogs?{query}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def storied(caller: Caller) -> dict[str, Any]:
    """An order to which much has happened: five entries."""
    await caller.put("/api/configurations/ordermodification", LINES_ALLOWED)
    created = await ordered(caller, status="LOCKED")
    path, (line,) = f"/api/orders/{created['id']}", created["orderLineItems"]
    more = {"quantity": 1, "article": {"tenantArticleId": "A-2", "title": "Tea"}}
    await caller.post(f"{path}/actions", {"name": "UNLOCK", "version": 1})
    await caller.patch(path, {"version": 2, "orderLineItems": [{"id": line["id"], "quantity": 5}, more]})
    await caller.patch(path, {"version": 3, "customAttributes": {"untold": True}})
    await caller.post(f"{path}/actions", {"name": "CANCEL", "version": 4})
    return created


STORY = ["LOCKED_ORDER_CREATED", "ORDER_UNLOCKED", "ORDER_ITEM_AMOUNT_CHANGED", "ORDER_ITEM_ADDED", "ORDER_CANCELLED"]


async def test_history_logs_tell_the_story(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest first, from the differences of the order's versions, however many are read at once."""
    created = await storied(admin)
    page = await logs(admin, created["processId"])
    assert [entry["eventType"] for entry in page["historyLogs"]] == STORY[::-1]
    assert page["total"] == 5
    amount = page["historyLogs"][2]
    assert (amount["version"], amount["domainRef"], amount["status"]) == (3, created["id"], "OPEN")
    assert amount["payload"] == {"articles": [{"title": "Café 🧪", "previousQuantity": 2, "newQuantity": 5}]}
    assert amount["user"] == {"userRef": "tester", "username": "tester"}
    assert len({entry["id"] for entry in page["historyLogs"]}) == 5
    for batch in (1, 2, 3, 4, 5):
        monkeypatch.setattr(log, "BATCH", batch)
        assert await logs(admin, created["processId"]) == page


async def test_history_logs_are_paged_sorted_and_narrowed(admin: Caller) -> None:
    """By position, by time or name, by type and user."""
    process_id = (await storied(admin))["processId"]
    whole = (await logs(admin, process_id, "orderBy=TIMESTAMP_ASC"))["historyLogs"]
    assert [entry["eventType"] for entry in whole] == STORY
    first = await logs(admin, process_id, "orderBy=TIMESTAMP_ASC&size=2")
    second = await logs(admin, process_id, f"orderBy=TIMESTAMP_ASC&startAfterId={first['historyLogs'][-1]['id']}")
    assert first["historyLogs"] + second["historyLogs"] == whole
    assert (first["total"], second["total"]) == (5, 5)
    by_type = (await logs(admin, process_id, "orderBy=TYPE_DESC"))["historyLogs"]
    assert [entry["type"] for entry in by_type] == sorted(STORY, reverse=True)
    assert [entry["type"] for entry in (await logs(admin, process_id, "type=ORDER_UNLOCKED"))["historyLogs"]] == [
        "ORDER_UNLOCKED"
    ]
    assert (await logs(admin, process_id, "username=tester"))["total"] == 5
    assert (await logs(admin, process_id, "username=nobody"))["total"] == 0
    assert (await logs(admin, process_id, "facilityName=Shop"))["total"] == 0
    assert (await logs(admin, process_id, "filterConsecutiveDuplicates=false"))["total"] == 5
    path = f"{PATH}/{process_id}/historylogs"
    assert await admin.refused(400, "GET", f"{path}?startAfterId=x") == ["startAfterId: no entry has the id x"]


async def test_an_order_with_too_many_versions_is_left_to_its_history(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Logs are sorted as a whole, so there is a bound; the refusal says where all of them are read."""
    created = await storied(admin)
    monkeypatch.setattr(log, "VERSIONS_MAX", 1)
    monkeypatch.setattr(log, "BATCH", 1)
    assert await admin.refused(400, "GET", f"{PATH}/{created['processId']}/historylogs") == [
        "The order has more than 1 versions: too many for this list."
    ]


async def test_each_thing_needs_its_permission(admin: Caller, caller_for: CallerFor) -> None:
    """PROCESS_READ reads, PROCESS_WRITE changes, PROCESS_LOG_READ reads logs."""
    created = await ordered(admin)
    path = f"{PATH}/{created['processId']}"
    reader, writer, logger = [await caller_for(f"PROCESS_{each}") for each in ("READ", "WRITE", "LOG_READ")]
    assert (await reader.get(path)).status_code == 200
    await reader.refused(403, "POST", f"{path}/actions", TAGGED)
    await reader.refused(403, "GET", f"{path}/historylogs")
    await writer.refused(403, "GET", path)
    date = {"name": "UPDATE_GDPR_CLEANUP_DATE", "version": 1, "gdprCleanupDate": "2030-01-31"}
    assert (await writer.post(f"{path}/actions", date)).status_code == 200
    await logger.refused(403, "POST", f"{PATH}/search", {"query": {}})
    assert (await logs(logger, created["processId"]))["total"] == 1


async def test_processes_of_another_tenant_do_not_exist(admin: Caller, caller_for: CallerFor) -> None:
    """They are not read, found, listed or changed."""
    created = await ordered(admin)
    before = await admin.get(f"{PATH}/{created['processId']}")
    stranger = await caller_for(tenant="stranger")
    path = f"{PATH}/{created['processId']}"
    await stranger.refused(404, "GET", path)
    await stranger.refused(404, "POST", f"{path}/actions", TAGGED)
    await stranger.refused(404, "GET", f"/api/process?orderRef={created['id']}")
    assert (await stranger.unjudged("GET", f"{path}/historylogs")).status_code == 404
    assert (await stranger.get(PATH)).json() == {"processes": [], "total": 0}
    for query in ({}, {"processId": {"eq": created["processId"]}}, {"orderRef": {"eq": created["id"]}}):
        assert (await stranger.post(f"{PATH}/search", {"query": query})).json()["processes"] == []
    assert (await admin.get(f"{PATH}/{created['processId']}")).content == before.content
