"""The small configurations through the API: cancelation, promises, tags of orders, sources of orders."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_cancelation_reasons import history

CANCELATION = "/api/configurations/ordercancelation"
PROMISES = "/api/configurations/promises"
ORDER_TAGS = "/api/configurations/tags/order"
SOURCES = "/api/configurations/ordersources"
RECORDS = "/api/configurations/orderrecords"
GDPR = "/api/configurations/gdpr"
UNKNOWN = "01a00000-0000-7000-8000-000000000000"

STICKER = {"key": "b2b", "nameLocalized": {"en_US": "Business"}, "priority": 1}
TAGGED: dict[str, Any] = {
    "offeredDocumentsByDefault": [{"documentCategory": "DELIVERYNOTE", "copies": 2}],
    "offeredDocumentsPerTag": [
        {"tagRef": "Channel", "matchingValues": ["B2B"], "offeredDocuments": [{"documentCategory": "CUSTOMS"}]}
    ],
    "stickerConfiguration": {
        "offeredStickersByTag": [{"tagRef": "Channel", "matchingValues": ["B2B"], "stickers": [STICKER]}]
    },
}
# Per path: the default, two further states, and the status of the first write.
WHOLE: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], int]] = {
    CANCELATION: (
        {"id": "ordercancelation", "version": 0, "allowForceCancelOrder": False},
        {"allowForceCancelOrder": True},
        {"allowForceCancelOrder": False},
        201,
    ),
    PROMISES: (
        {"id": "promises", "version": 0, "invalidAfterTime": "PT8H"},
        {"invalidAfterTime": "PT30M"},
        {"invalidAfterTime": "PT1M", "comment": "ours"},
        200,
    ),
    ORDER_TAGS: (
        {"version": 0, "offeredDocumentsByDefault": [], "offeredDocumentsPerTag": []},
        {**TAGGED, "stickerConfiguration": {}},
        {"offeredDocumentsByDefault": [], "offeredDocumentsPerTag": []},
        200,
    ),
    RECORDS: (
        {"id": "orderrecords", "version": 0, "isOrderRecordsEnabled": False},
        {"isOrderRecordsEnabled": True},
        {"isOrderRecordsEnabled": False, "comment": "ours"},
        201,
    ),
    GDPR: (
        {
            "id": "gdpr",
            "version": 0,
            "retentionTime": 30,
            "deletionTimeAfterRetention": 180,
            "actorAnonymization": True,
        },
        {"retentionTime": 1, "deletionTimeAfterRetention": 36_500, "actorAnonymization": False},
        {"retentionTime": 36_500},
        200,
    ),
}
DATED = (PROMISES, ORDER_TAGS, RECORDS, GDPR)
READ = {path: ["CONFIG_READ"] for path in WHOLE} | {PROMISES: ["PROMISES_CONFIG_READ", "CONFIG_READ"]}
WRITE = {path: ["CONFIG_WRITE"] for path in WHOLE} | {PROMISES: ["PROMISES_CONFIG_WRITE", "CONFIG_WRITE"]}


@pytest.mark.parametrize("path", WHOLE)
async def test_a_configuration_goes_from_its_default_through_versions(admin: Caller, hub: Hub, path: str) -> None:
    """Version 0 before the first write, which is taken with any version; what is not sent later is gone."""
    default, first, second, created = WHOLE[path]
    assert (await admin.get(path)).json() == default
    written = await admin.put(path, {**first, "version": 5, "created": "2020-01-01T00:00:00Z"})
    assert written.status_code == created
    at = written.json()["created"]
    assert not at.startswith("2020")
    dated = {"lastModified": at} if path in DATED else {}
    own_id = {"id": default["id"]} if "id" in default else {}
    assert written.json() == {**own_id, **first, "version": 1, "created": at, **dated}
    assert (await admin.get(path)).content == written.content
    again = await admin.put(path, {**first, "version": 1})
    assert (again.status_code, again.content) == (200, written.content)
    changed = await admin.put(path, {**second, "version": 1})
    if path in DATED:
        dated = {"lastModified": changed.json()["lastModified"]}
    assert (changed.status_code, changed.json()) == (200, {**own_id, **second, "version": 2, "created": at, **dated})
    assert (await admin.get(path)).content == changed.content
    assert [event[:3] for event in await history(hub)] == [
        ("CONFIGURATION", 1, "CONFIGURATION_CREATED"),
        ("CONFIGURATION", 2, "CONFIGURATION_MODIFIED"),
    ]


@pytest.mark.parametrize("path", WHOLE)
async def test_a_stale_version_changes_nothing(admin: Caller, hub: Hub, path: str) -> None:
    """409 with both versions, whether it is older or newer, and before anything was written by this caller."""
    _, first, second, _ = WHOLE[path]
    written = await admin.put(path, {**first, "version": 0})
    for version in (0, 2):
        refused = await admin.put(path, {**second, "version": version})
        assert refused.status_code == 409
        assert (refused.json()[0]["requestVersion"], refused.json()[0]["version"]) == (version, 1)
    assert (await admin.get(path)).content == written.content
    assert len(await history(hub)) == 1


@pytest.mark.parametrize("path", WHOLE)
async def test_16_writes_of_one_version_have_one_winner(admin: Caller, hub: Hub, path: str) -> None:
    """The others are told that it has moved."""
    _, first, second, _ = WHOLE[path]
    await admin.put(path, {**first, "version": 0})
    states = [{**second, "version": 1}, {**second, "version": 1}]
    answers = await asyncio.gather(*(admin.put(path, body) for body in states * 8))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 15
    assert (await admin.get(path)).json()["version"] == 2
    assert len(await history(hub)) == 2


@pytest.mark.parametrize(
    ("path", "body", "paths"),
    [
        (CANCELATION, {}, ["allowForceCancelOrder", "version"]),
        (CANCELATION, {"version": 0, "allowForceCancelOrder": "yes"}, ["allowForceCancelOrder"]),
        (CANCELATION, {"version": 0, "allowForceCancelOrder": True, "lastModified": "x"}, ["lastModified"]),
        (PROMISES, {"version": 0}, ["invalidAfterTime"]),
        (PROMISES, {"version": 0, "invalidAfterTime": 60}, ["invalidAfterTime"]),
        (PROMISES, {"version": 0, "invalidAfterTime": "PT59S"}, ["invalidAfterTime"]),
        (PROMISES, {"version": 0, "invalidAfterTime": "PT8H1M"}, ["invalidAfterTime"]),
        (PROMISES, {"version": 0, "invalidAfterTime": "PT90S"}, ["invalidAfterTime"]),
        (PROMISES, {"version": 0, "invalidAfterTime": "-PT1H"}, ["invalidAfterTime"]),
        (PROMISES, {"version": 0, "invalidAfterTime": "P" + "1" * 100 + "D"}, ["invalidAfterTime"]),
        (RECORDS, {}, ["isOrderRecordsEnabled", "version"]),
        (RECORDS, {"version": 0, "isOrderRecordsEnabled": None}, ["isOrderRecordsEnabled"]),
        (GDPR, {"version": 0}, ["retentionTime"]),
        (GDPR, {"version": 0, "retentionTime": 0}, ["retentionTime"]),
        (GDPR, {"version": 0, "retentionTime": 36_501}, ["retentionTime"]),
        (
            GDPR,
            {"version": 0, "retentionTime": 1.5, "deletionTimeAfterRetention": 0},
            ["deletionTimeAfterRetention", "retentionTime"],
        ),
        (GDPR, {"version": 0, "retentionTime": 30, "retentiontime": 3}, ["retentiontime"]),
        (ORDER_TAGS, {"version": 0}, ["offeredDocumentsByDefault", "offeredDocumentsPerTag"]),
        (
            ORDER_TAGS,
            {**TAGGED, "version": 0, "offeredDocumentsByDefault": [{"documentCategory": "LETTER"}]},
            ["offeredDocumentsByDefault[0].documentCategory"],
        ),
        (
            ORDER_TAGS,
            {**TAGGED, "version": 0, "stickerConfiguration": {"offeredStickersByTag": [{"matchingValues": []}]}},
            [
                "stickerConfiguration.offeredStickersByTag[0].matchingValues",
                "stickerConfiguration.offeredStickersByTag[0].stickers",
                "stickerConfiguration.offeredStickersByTag[0].tagRef",
            ],
        ),
        (
            ORDER_TAGS,
            {
                **TAGGED,
                "version": 0,
                "stickerConfiguration": {
                    "offeredStickersByTag": [
                        {
                            "tagRef": "Channel",
                            "matchingValues": ["B2B"],
                            "stickers": [{**STICKER, "nameLocalized": {"deutsch": "x"}}],
                        }
                    ]
                },
            },
            ["stickerConfiguration.offeredStickersByTag[0].stickers[0].nameLocalized.deutsch"],
        ),
        (
            ORDER_TAGS,
            {
                **TAGGED,
                "version": 0,
                "stickerConfiguration": {
                    "offeredStickersByTag": [
                        {"tagRef": "Channel", "matchingValues": ["B2B"], "stickers": [{**STICKER, "priority": 0}]}
                    ],
                },
            },
            ["stickerConfiguration.offeredStickersByTag[0].stickers[0].priority"],
        ),
    ],
)
async def test_what_is_wrong_is_told_by_path(
    admin: Caller, hub: Hub, path: str, body: dict[str, Any], paths: list[str]
) -> None:
    """Every fault, and the default stays in force."""
    summaries = await admin.refused(400, "PUT", path, body)
    assert sorted(summary.partition(":")[0] for summary in summaries) == paths
    assert (await admin.get(path)).json() == WHOLE[path][0]
    assert await history(hub) == []


async def test_the_order_tag_configuration_names_its_stickers(admin: Caller) -> None:
    """Each gets the name that follows from its localized ones; members of open objects are kept as sent."""
    stored = (await admin.put(ORDER_TAGS, {**TAGGED, "version": 0})).json()
    assert stored["offeredDocumentsByDefault"] == TAGGED["offeredDocumentsByDefault"]
    assert stored["stickerConfiguration"]["offeredStickersByTag"][0]["stickers"] == [{**STICKER, "name": "Business"}]
    again = await admin.put(ORDER_TAGS, {**TAGGED, "version": 1})
    assert (again.status_code, again.json()) == (200, stored)


@pytest.mark.parametrize("path", WHOLE)
async def test_permissions_of_configurations(admin: Caller, hub: Hub, caller_for: CallerFor, path: str) -> None:
    """Each of the named permissions is enough, and a reader cannot write."""
    default, first, second, created = WHOLE[path]
    for permission in READ[path]:
        reader = await caller_for(permission)
        assert (await reader.get(path)).json() == default
        await reader.refused(403, "PUT", path, {**first, "version": 0})
    assert await history(hub) == []
    for version, permission in enumerate(WRITE[path]):
        writer = await caller_for(permission)
        await writer.refused(403, "GET", path)
        body = {**(second if version else first), "version": version}
        assert (await writer.put(path, body)).status_code == (200 if version else created)
    assert (await admin.get(path)).json()["version"] == len(WRITE[path])


@pytest.mark.parametrize("path", WHOLE)
async def test_a_configuration_is_one_tenants_own(admin: Caller, caller_for: CallerFor, path: str) -> None:
    """What one tenant sets is neither seen nor changed by another."""
    default, first, second, created = WHOLE[path]
    written = await admin.put(path, {**first, "version": 0})
    stranger = await caller_for(tenant="stranger")
    assert (await stranger.get(path)).json() == default
    assert (await stranger.put(path, {**second, "version": 1})).status_code == created
    assert (await admin.get(path)).content == written.content


def source(name: str = "Shop", **more: Any) -> dict[str, Any]:
    """A source with this name."""
    return {"nameLocalized": {"en_US": name}, **more}


async def test_sources_are_created_listed_and_deleted(admin: Caller, hub: Hub) -> None:
    """Newest first; the configuration's version grows with every change; deleting answers what is left."""
    assert (await admin.get(SOURCES)).json() == {"id": "ordersources", "version": 0, "orderSources": []}
    created = await admin.post(SOURCES, source(tenantSourceId="shop"))
    shop = created.json()
    assert created.status_code == 201
    assert shop == {**source(tenantSourceId="shop"), "id": shop["id"], "name": "Shop", "version": 1}
    app = (await admin.post(SOURCES, {"nameLocalized": {"de_DE": "Anwendung", "fr_FR": "App"}})).json()
    assert (app["name"], "tenantSourceId" in app) == ("Anwendung", False)
    listed = (await admin.get(SOURCES)).json()
    assert listed == {
        "id": "ordersources",
        "version": 2,
        "created": listed["created"],
        "lastModified": listed["lastModified"],
        "orderSources": [app, shop],
    }
    deleted = await admin.call("DELETE", f"{SOURCES}/{app['id']}")
    assert (deleted.status_code, deleted.json()["orderSources"], deleted.json()["version"]) == (200, [shop], 3)
    assert (await admin.get(SOURCES)).json() == deleted.json()
    assert [event[:3] for event in await history(hub)] == [
        ("CONFIGURATION", 1, "CONFIGURATION_CREATED"),
        ("CONFIGURATION", 2, "CONFIGURATION_MODIFIED"),
        ("CONFIGURATION", 3, "CONFIGURATION_MODIFIED"),
    ]


async def test_sources_are_listed_in_pages(admin: Caller) -> None:
    """25 where the caller does not say how many; pages begin after any position."""
    ids = [(await admin.post(SOURCES, source(f"Shop {number}"))).json()["id"] for number in range(26)][::-1]

    async def page(query: str) -> list[str]:
        return [entry["id"] for entry in (await admin.get(SOURCES + query)).json()["orderSources"]]

    assert await page("") == ids[:25]
    assert await page("?size=500") == ids
    assert await page(f"?size=3&startAfterId={ids[1]}") == ids[2:5]
    assert await page("?startAfterId=0") == []
    for query in ("size=0", "size=501", "size=x"):
        (summary,) = await admin.refused(400, "GET", f"{SOURCES}?{query}")
        assert summary.startswith("size: ")


async def test_a_source_is_replaced(admin: Caller, hub: Hub) -> None:
    """With the next version of the source; a member that is not sent is gone; the same again changes nothing."""
    shop = (await admin.post(SOURCES, source(tenantSourceId="shop"))).json()
    other = (await admin.post(SOURCES, source("Other"))).json()
    path = f"{SOURCES}/{shop['id']}"
    changed = await admin.put(path, source("App", version=1))
    assert changed.status_code == 200
    assert changed.json() == {**source("App"), "id": shop["id"], "name": "App", "version": 2}
    listed = await admin.get(SOURCES)
    assert (listed.json()["version"], listed.json()["orderSources"]) == (3, [other, changed.json()])
    again = await admin.put(path, source("App", version=2))
    assert (again.status_code, again.json()) == (200, changed.json())
    assert (await admin.get(SOURCES)).content == listed.content
    assert len(await history(hub)) == 3
    # The id that was given up can be used again.
    assert (await admin.post(SOURCES, source(tenantSourceId="shop"))).status_code == 201


async def test_a_refused_change_of_sources_changes_nothing(admin: Caller, hub: Hub) -> None:
    """Wrong members, unknown ids, a stale version, an id that is held: each by its own status."""
    shop = (await admin.post(SOURCES, source(tenantSourceId="shop"))).json()
    app = (await admin.post(SOURCES, source("App"))).json()
    path = f"{SOURCES}/{app['id']}"
    stored = await admin.get(SOURCES)
    held = [f"tenantSourceId: shop is held by order source {shop['id']}"]
    assert await admin.refused(400, "POST", SOURCES, {}) == ["nameLocalized: is required"]
    assert await admin.refused(400, "POST", SOURCES, {"nameLocalized": {}}) == [
        "nameLocalized: expected at least one entry, such as en_US"
    ]
    for member, value in (("name", "x"), ("id", "x"), ("version", 1), ("tenantSourceId", 1)):
        (summary,) = await admin.refused(400, "POST", SOURCES, {**source(), member: value})
        assert summary.partition(":")[0] == member
    for texts in ({"en_US": "x" * 201}, {f"k{number}": "x" for number in range(101)}):
        (summary,) = await admin.refused(400, "POST", SOURCES, {"nameLocalized": texts})
        assert summary.startswith("nameLocalized")
    assert await admin.refused(409, "POST", SOURCES, source("Other", tenantSourceId="shop")) == held
    assert await admin.refused(400, "PUT", path, source("Other")) == ["version: is required"]
    assert await admin.refused(400, "PUT", f"{SOURCES}/{UNKNOWN}", source("Other", version=1)) == [
        f"ordersourceId: unknown order source {UNKNOWN}"
    ]
    stale = await admin.put(path, source("Other", version=2))
    assert stale.status_code == 409
    assert (stale.json()[0]["requestVersion"], stale.json()[0]["version"]) == (2, 1)
    assert await admin.refused(409, "PUT", path, source("Other", version=1, tenantSourceId="shop")) == held
    assert await admin.refused(404, "DELETE", f"{SOURCES}/{UNKNOWN}") == [f"Unknown order source {UNKNOWN}."]
    assert (await admin.get(SOURCES)).content == stored.content
    assert len(await history(hub)) == 2


async def test_changes_before_the_first_source_make_nothing(admin: Caller, hub: Hub) -> None:
    """Neither changing nor deleting writes the configuration."""
    await admin.refused(400, "PUT", f"{SOURCES}/{UNKNOWN}", source(version=1))
    await admin.refused(404, "DELETE", f"{SOURCES}/{UNKNOWN}")
    assert (await admin.get(SOURCES)).json()["version"] == 0
    assert await history(hub) == []


async def test_sources_that_come_one_after_another_are_all_kept(admin: Caller) -> None:
    """Two at a time, although they share one document; of one id of the caller's own there is one."""
    for number in range(4):
        bodies = [source(f"A{number}"), source(f"B{number}")]
        answers = await asyncio.gather(*(admin.post(SOURCES, body) for body in bodies))
        assert [answer.status_code for answer in answers] == [201, 201]
    assert len((await admin.get(SOURCES)).json()["orderSources"]) == 8
    answers = await asyncio.gather(*(admin.post(SOURCES, source(tenantSourceId="shop")) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert (await admin.get(SOURCES)).json()["version"] == 9


async def test_a_tenant_has_500_sources(admin: Caller) -> None:
    """One more is refused, and the list shows all 500 at once."""
    for number in range(500):
        assert (await admin.unjudged("POST", SOURCES, source(f"Shop {number}"))).status_code == 201
    assert await admin.refused(400, "POST", SOURCES, source()) == ["orderSources: expected at most 500"]
    assert len((await admin.get(f"{SOURCES}?size=500")).json()["orderSources"]) == 500


async def test_permissions_and_tenants_of_sources(admin: Caller, caller_for: CallerFor) -> None:
    """CONFIG_READ lists, CONFIG_WRITE writes; another tenant has sources of its own under the same ids of its own."""
    shop = (await admin.post(SOURCES, source(tenantSourceId="shop"))).json()
    path = f"{SOURCES}/{shop['id']}"
    reader, writer = await caller_for("CONFIG_READ"), await caller_for("CONFIG_WRITE")
    stored = await reader.get(SOURCES)
    assert stored.json()["orderSources"] == [shop]
    await reader.refused(403, "POST", SOURCES, source())
    await reader.refused(403, "PUT", path, source(version=1))
    await reader.refused(403, "DELETE", path)
    await writer.refused(403, "GET", SOURCES)
    stranger = await caller_for(tenant="stranger")
    await stranger.refused(400, "PUT", path, source(version=1))
    await stranger.refused(404, "DELETE", path)
    assert (await stranger.post(SOURCES, source(tenantSourceId="shop"))).status_code == 201
    assert (await admin.get(SOURCES)).content == stored.content
    assert (await writer.call("DELETE", path)).status_code == 200
    assert (await admin.get(SOURCES)).json()["orderSources"] == []
