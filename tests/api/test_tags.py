"""Tags through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.tags.actions import SEARCHED_AT_ONCE, TagActions
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_cancelation_reasons import history

PATH = "/api/tags"
CHANNEL = {"id": "Channel", "allowedValues": ["B2B", "B2C"]}


def adding(*values: str, version: int = 1) -> dict[str, Any]:
    """A change that allows these values."""
    actions = [{"action": "AddAllowedValueToTag", "allowedValue": value} for value in values]
    return {"version": version, "actions": actions}


async def planted(caller: Caller, *ids: str) -> list[dict[str, Any]]:
    """Tags with these ids and the values x and their id."""
    return [(await caller.post(PATH, {"id": each, "allowedValues": ["x", each]})).json() for each in ids]


async def test_a_tag_is_created_and_read_back(admin: Caller) -> None:
    """201 with where it is; reading it answers the very same bytes."""
    created = await admin.post(PATH, CHANNEL)
    body = created.json()
    assert created.status_code == 201
    assert created.headers["location"] == f"http://hub.test{PATH}/Channel"
    assert body == {**CHANNEL, "version": 1, "created": body["created"], "lastModified": body["created"]}
    read = await admin.get(f"{PATH}/Channel")
    assert (read.status_code, read.content) == (200, created.content)


@pytest.mark.parametrize("tag_id", ["ä ö", "a?b#c", "50%", "%2F", "a\\b", "🧪", "x" * 256])
async def test_any_name_is_found_under_its_location(admin: Caller, tag_id: str) -> None:
    """The location carries the id in percent-escapes."""
    created = await admin.post(PATH, {"id": tag_id, "allowedValues": ["x"]})
    assert created.status_code == 201
    read = await admin.call("GET", created.headers["location"])
    assert (read.status_code, read.content) == (200, created.content)


async def test_a_second_tag_of_one_name_is_refused(admin: Caller, hub: Hub) -> None:
    """Decision D22: 409, and the first one stays as it is."""
    created = await admin.post(PATH, CHANNEL)
    assert await admin.refused(409, "POST", PATH, {"id": "Channel", "allowedValues": ["C2C"]}) == [
        "id: there is a tag Channel already"
    ]
    assert (await admin.get(f"{PATH}/Channel")).content == created.content
    assert await history(hub) == [("TAG", 1, "TAG_CREATED", "tester")]


async def test_16_creations_of_one_name_have_one_winner(admin: Caller, hub: Hub) -> None:
    """They arrive at once; 15 are told that there is one."""
    answers = await asyncio.gather(*(admin.post(PATH, CHANNEL) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert len(await history(hub)) == 1


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["allowedValues", "id"]),
        ({**CHANNEL, "color": "red"}, ["color"]),
        ({**CHANNEL, "id": ""}, ["id"]),
        ({**CHANNEL, "id": "x" * 257}, ["id"]),
        ({**CHANNEL, "id": "a\0b"}, ["id"]),
        ({**CHANNEL, "id": "a/b"}, ["id"]),
        ({**CHANNEL, "id": ".."}, ["id"]),
        ({**CHANNEL, "id": "search"}, ["id"]),
        ({**CHANNEL, "allowedValues": []}, ["allowedValues"]),
        ({**CHANNEL, "allowedValues": ["x"] * 501}, ["allowedValues"]),
        ({**CHANNEL, "allowedValues": ["x", 1, "x" * 257]}, ["allowedValues[1]", "allowedValues[2]"]),
    ],
)
async def test_what_is_wrong_is_told_by_path(admin: Caller, hub: Hub, body: dict[str, Any], paths: list[str]) -> None:
    """Every fault, and nothing is stored."""
    summaries = await admin.refused(400, "POST", PATH, body)
    assert sorted(summary.partition(":")[0] for summary in summaries) == paths
    assert await history(hub) == []


async def test_values_are_added(admin: Caller, hub: Hub) -> None:
    """All actions of a request make one version; a value that is there already is no second one."""
    created = (await admin.post(PATH, CHANNEL)).json()
    changed = await admin.patch(f"{PATH}/Channel", adding("C2C", "B2B", "D2C"))
    assert changed.status_code == 200
    assert changed.json() == {
        **created,
        "version": 2,
        "lastModified": changed.json()["lastModified"],
        "allowedValues": ["B2B", "B2C", "C2C", "D2C"],
    }
    assert (await admin.get(f"{PATH}/Channel")).content == changed.content
    again = await admin.patch(f"{PATH}/Channel", adding("D2C", version=2))
    assert (again.status_code, again.content) == (200, changed.content)
    assert [event[1:3] for event in await history(hub)] == [(1, "TAG_CREATED"), (2, "TAG_MODIFIED")]


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"version": 1, "actions": []}, ["actions"]),
        ({"actions": adding("x")["actions"]}, ["version"]),
        ({"version": 1, "actions": [{"action": "RemoveAllowedValue", "allowedValue": "B2B"}]}, ["actions[0].action"]),
        ({"version": 1, "actions": [{"action": "AddAllowedValueToTag"}]}, ["actions[0].allowedValue"]),
        (
            {"version": 1, "actions": [{"action": "AddAllowedValueToTag", "allowedValue": "x", "more": 1}]},
            ["actions[0].more"],
        ),
        ({"version": 1, "actions": adding(*("x",) * 501)["actions"]}, ["actions"]),
        (adding("C2C", *(str(number) for number in range(498))), ["actions[498].allowedValue"]),
    ],
)
async def test_a_refused_change_changes_nothing(
    admin: Caller, hub: Hub, change: dict[str, Any], paths: list[str]
) -> None:
    """Wrong members by their paths, also the action with which a tag would have too many values."""
    created = await admin.post(PATH, CHANNEL)
    summaries = await admin.refused(400, "PATCH", f"{PATH}/Channel", change)
    assert [summary.partition(":")[0] for summary in summaries] == paths
    assert (await admin.get(f"{PATH}/Channel")).content == created.content
    assert len(await history(hub)) == 1


async def test_a_change_needs_a_tag_and_its_version(admin: Caller, hub: Hub) -> None:
    """404 where there is no tag, 409 with both versions where it has moved on."""
    created = await admin.post(PATH, CHANNEL)
    assert await admin.refused(404, "PATCH", f"{PATH}/channel", adding("x")) == ["Unknown tag channel."]
    assert await admin.refused(404, "GET", f"{PATH}/channel") == ["Unknown tag channel."]
    stale = await admin.patch(f"{PATH}/Channel", adding("x", version=0))
    assert stale.status_code == 409
    assert (stale.json()[0]["requestVersion"], stale.json()[0]["version"]) == (0, 1)
    assert (await admin.get(f"{PATH}/Channel")).content == created.content
    assert len(await history(hub)) == 1


async def test_16_changes_of_one_version_have_one_winner(admin: Caller, hub: Hub) -> None:
    """The others are told both versions."""
    await admin.post(PATH, CHANNEL)
    answers = await asyncio.gather(*(admin.patch(f"{PATH}/Channel", adding(f"v{i}")) for i in range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 15
    assert len((await admin.get(f"{PATH}/Channel")).json()["allowedValues"]) == 3
    assert len(await history(hub)) == 2


async def test_the_list_is_by_id(admin: Caller) -> None:
    """Pages follow on each other from any position; the last one has no cursor; total is of all."""
    bodies = {body["id"]: body for body in await planted(admin, "c", "a", "d", "B")}
    assert (await admin.get(PATH)).json() == {"tags": [bodies[each] for each in "Bacd"], "total": 4}
    first = (await admin.get(f"{PATH}?size=2")).json()
    assert first == {"tags": [bodies["B"], bodies["a"]], "total": 4, "nextCursor": "a"}
    second = (await admin.get(f"{PATH}?size=2&startAfterId=a")).json()
    assert second == {"tags": [bodies["c"], bodies["d"]], "total": 4}
    assert (await admin.get(f"{PATH}?startAfterId=b")).json()["tags"] == second["tags"]
    assert (await admin.get(f"{PATH}?startAfterId=z")).json() == {"tags": [], "total": 4}
    for query in ("size=0", "size=501", "size=x"):
        (summary,) = await admin.refused(400, "GET", f"{PATH}?{query}")
        assert summary.startswith("size: ")


async def found(caller: Caller, query: dict[str, Any], **more: Any) -> list[str]:
    """The ids that a search answers."""
    answer = await caller.post(f"{PATH}/search", {"query": query, **more})
    assert answer.status_code == 200, answer.text
    return [tag["id"] for tag in answer.json()["tags"]]


async def test_tags_are_found_by_id_and_by_value(admin: Caller) -> None:
    """Every operator; conditions side by side, in `and` and in `or`; by id going up, or as asked."""
    await planted(admin, "apple", "banana", "cherry")
    await admin.post(PATH, CHANNEL)
    assert await found(admin, {}) == ["Channel", "apple", "banana", "cherry"]
    assert await found(admin, {"id": {"eq": "banana"}}) == ["banana"]
    assert await found(admin, {"id": {"notEq": "banana"}}) == ["Channel", "apple", "cherry"]
    assert await found(admin, {"id": {"in": ["cherry", "apple", "none"]}}) == ["apple", "cherry"]
    assert await found(admin, {"id": {"notIn": ["cherry", "apple"]}}) == ["Channel", "banana"]
    assert await found(admin, {"id": {"like": "(?i)^c"}}) == ["Channel", "cherry"]
    assert await found(admin, {"allowedValues": {"eq": "x"}}) == ["apple", "banana", "cherry"]
    assert await found(admin, {"allowedValues": {"notEq": "x"}}) == ["Channel"]
    assert await found(admin, {"allowedValues": {"eq": "x"}, "id": {"like": "an"}}) == ["banana"]
    either = {"or": [{"id": {"eq": "apple"}}, {"and": [{"allowedValues": {"eq": "B2B"}}, {"id": {"like": "C"}}]}]}
    assert await found(admin, either) == ["Channel", "apple"]
    assert await found(admin, {"or": []}) == []
    assert await found(admin, {}, sort=[{"id": "DESC"}]) == ["cherry", "banana", "apple", "Channel"]


async def test_a_search_is_paged_both_ways(admin: Caller) -> None:
    """Cursors lead forward and backward; total is answered where it was asked for; startAfterId is a position."""
    await planted(admin, *"abcde")
    body: dict[str, Any] = {"query": {}, "size": 2, "options": {"withTotal": True}}
    first = (await admin.post(f"{PATH}/search", body)).json()
    assert ([tag["id"] for tag in first["tags"]], first["total"]) == (["a", "b"], 5)
    assert (first["pageInfo"]["hasPreviousPage"], first["pageInfo"]["hasNextPage"]) == (False, True)
    second = (
        await admin.post(f"{PATH}/search", {"query": {}, "size": 2, "after": first["pageInfo"]["endCursor"]})
    ).json()
    assert ([tag["id"] for tag in second["tags"]], "total" in second) == (["c", "d"], False)
    back = {"query": {}, "last": 2, "before": second["pageInfo"]["startCursor"]}
    assert (await admin.post(f"{PATH}/search", back)).json()["tags"] == first["tags"]
    assert await found(admin, {}, startAfterId="bb") == ["c", "d", "e"]


async def test_a_search_sees_every_tag(admin: Caller, hub: Hub) -> None:
    """Also those behind the first batch that it reads."""
    tags = TagActions(hub.db, Writer(hub.db, hub.clock, hub.new_id), hub.clock)
    for number in range(SEARCHED_AT_ONCE + 1):
        body = {"id": f"{number:04}", "allowedValues": ["last" if number == SEARCHED_AT_ONCE else "other"]}
        await tags.create(body, Origin("default", "tester", "test"))
    assert await found(admin, {"allowedValues": {"eq": "last"}}) == ["0500"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "query"),
        ({"query": {"name": {"eq": "x"}}}, "query.name"),
        ({"query": {"id": {"equals": "x"}}}, "query.id.equals"),
        ({"query": {"id": {"like": "("}}}, "query.id.like"),
        ({"query": {"and": [{"or": [{"value": {}}]}]}}, "query.and[0].or[0].value"),
        ({"query": {}, "size": 251}, "size"),
        ({"query": {}, "size": 0}, "size"),
        ({"query": {}, "sort": []}, "sort"),
        ({"query": {}, "sort": [{"id": "UP"}]}, "sort[0].id"),
        ({"query": {}, "size": 1, "last": 1}, "last"),
        ({"query": {}, "after": "made up"}, "after"),
        ({"query": {}, "page": 1}, "page"),
    ],
)
async def test_a_search_that_is_wrong_finds_nothing(admin: Caller, body: dict[str, Any], path: str) -> None:
    """Decision D24: the member is named, and nothing is answered."""
    (summary,) = await admin.refused(400, "POST", f"{PATH}/search", body)
    assert summary.partition(":")[0] == path


async def test_allowed_values_are_read_for_many_tags_at_once(admin: Caller, hub: Hub) -> None:
    """What orders ask: the tags that exist, each with its values, of the one tenant."""
    await planted(admin, "a", "b", "c")
    tags = TagActions(hub.db, Writer(hub.db, hub.clock, hub.new_id), hub.clock)
    assert await tags.allowed_values("default", ["c", "a", "c", "none"]) == {
        "a": frozenset({"x", "a"}),
        "c": frozenset({"x", "c"}),
    }
    assert await tags.allowed_values("default", []) == {}
    assert await tags.allowed_values("stranger", ["a"]) == {}


async def test_permissions_of_tags(admin: Caller, hub: Hub, caller_for: CallerFor) -> None:
    """TAG_READ reads and searches, TAG_WRITE writes."""
    created = await admin.post(PATH, CHANNEL)
    reader, writer = await caller_for("TAG_READ"), await caller_for("TAG_WRITE")
    assert (await reader.get(f"{PATH}/Channel")).content == created.content
    assert await found(reader, {}) == ["Channel"]
    await reader.refused(403, "POST", PATH, {**CHANNEL, "id": "Other"})
    await reader.refused(403, "PATCH", f"{PATH}/Channel", adding("x"))
    await writer.refused(403, "GET", PATH)
    await writer.refused(403, "POST", f"{PATH}/search", {"query": {}})
    assert len(await history(hub)) == 1
    assert (await writer.patch(f"{PATH}/Channel", adding("x"))).status_code == 200


async def test_each_tenant_has_its_own_tags(admin: Caller, caller_for: CallerFor) -> None:
    """The same name in two tenants is two tags, and neither sees or changes the other's."""
    created = await admin.post(PATH, CHANNEL)
    stranger = await caller_for(tenant="stranger")
    await stranger.refused(404, "GET", f"{PATH}/Channel")
    await stranger.refused(404, "PATCH", f"{PATH}/Channel", adding("x"))
    assert (await stranger.get(PATH)).json() == {"tags": [], "total": 0}
    assert await found(stranger, {}) == []
    assert (await stranger.post(PATH, {**CHANNEL, "allowedValues": ["theirs"]})).status_code == 201
    assert (await admin.get(f"{PATH}/Channel")).content == created.content
