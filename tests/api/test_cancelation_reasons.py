"""Cancelation reasons through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.sqlfile import Query
from tests.api.caller import Caller
from tests.api.conftest import CallerFor

PATH = "/api/cancelationreasons"
UNKNOWN = "01a00000-0000-7000-8000-000000000000"


def reason(text: str = "Out of stock", **more: Any) -> dict[str, Any]:
    """A reason with this text."""
    return {"reason": text, "reasonLocalized": {"en_US": text, "de_DE": f"{text} (de)"}, **more}


async def history(hub: Hub) -> list[tuple[str, int, str, str]]:
    """Kind, seq, type and actor of every event, oldest first."""
    sql = "select entity_kind, seq, type, actor from events order by position"
    return [(row[0], row[1], row[2], row[3]) for row in await hub.db.rows(Query("events", sql, sql, ()), {})]


async def texts(caller: Caller) -> list[str]:
    """The texts of all stored reasons, newest first."""
    return [each["reason"] for each in (await caller.get(PATH)).json()["reasons"]]


async def test_a_reason_is_created_and_read_back(admin: Caller) -> None:
    """201 with where it is; reading it answers the very same bytes."""
    created = await admin.post(PATH, reason())
    body = created.json()
    assert created.status_code == 201
    assert created.headers["location"] == f"http://hub.test{PATH}/{body['id']}"
    assert body == {
        **reason(),
        "id": body["id"],
        "version": 1,
        "created": body["created"],
        "lastModified": body["created"],
        "action": "CANCELATION",
    }
    read = await admin.get(f"{PATH}/{body['id']}")
    assert (read.status_code, read.content) == (200, created.content)


async def test_the_same_text_leads_to_the_stored_reason(admin: Caller, hub: Hub) -> None:
    """Decision D22: 303 with its location and no body, whatever the localized texts; nothing is written."""
    created = await admin.post(PATH, reason())
    again = await admin.post(PATH, {**reason(), "reasonLocalized": {"fr_FR": "Rupture"}})
    assert (again.status_code, again.content) == (303, b"")
    assert again.headers["location"] == created.headers["location"]
    assert (await admin.get(f"{PATH}/{created.json()['id']}")).content == created.content
    assert await history(hub) == [("CANCELATION_REASON", 1, "CANCELATION_REASON_CREATED", "tester")]
    assert (await admin.post(PATH, reason("out of stock"))).status_code == 201


async def test_16_creations_of_one_text_make_one_reason(admin: Caller, hub: Hub) -> None:
    """They arrive at once; one creates it, all others are led there."""
    answers = await asyncio.gather(*(admin.post(PATH, reason()) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [201] + [303] * 15
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await texts(admin) == ["Out of stock"]
    assert len(await history(hub)) == 1


@pytest.mark.parametrize(
    ("body", "summaries"),
    [
        ({}, ["reason: is required", "reasonLocalized: is required"]),
        (reason(color="red"), ["color: is not a member here"]),
        (reason(version=1), ["version: is not a member here"]),
        ({"reason": "x", "reasonLocalized": {}}, ["reasonLocalized: expected at least one entry, such as en_US"]),
        (
            {"reason": "x", "reasonLocalized": {"english": "", "de_DE": "x"}},
            [
                "reasonLocalized.english: expected a locale such as de_DE or de as the key",
                "reasonLocalized.english: expected a text that is not empty",
            ],
        ),
        (
            {"reason": "x" * 501, "reasonLocalized": {"en_US": "x"}},
            ["reason: expected a string without the NUL character, of at most 500 characters, got 501 characters"],
        ),
        (
            {"reason": "\0", "reasonLocalized": {"en_US": "x"}},
            ["reason: expected a string without the NUL character, of at most 500 characters"],
        ),
    ],
)
async def test_what_is_wrong_is_told_by_path(
    admin: Caller, hub: Hub, body: dict[str, Any], summaries: list[str]
) -> None:
    """Every fault, and nothing is stored."""
    assert sorted(await admin.refused(400, "POST", PATH, body)) == sorted(summaries)
    assert await history(hub) == []


async def test_the_longest_text_is_kept(admin: Caller) -> None:
    """500 characters of any alphabet, which is what fits into an index."""
    text = "🧪" * 500
    created = await admin.post(PATH, reason(text))
    assert (created.status_code, created.json()["reason"]) == (201, text)
    assert (await admin.post(PATH, reason(text))).status_code == 303


async def test_the_list_is_newest_first_and_says_whether_there_is_more(admin: Caller) -> None:
    """Pages follow on each other without gap or repetition; total is of all."""
    bodies = [(await admin.post(PATH, reason(f"Reason {number}"))).json() for number in range(5)]
    first = (await admin.get(f"{PATH}?size=2")).json()
    assert first == {"reasons": [bodies[4], bodies[3]], "hasNextPage": True, "total": 5}
    second = (await admin.get(f"{PATH}?size=2&startAfterId={bodies[3]['id']}")).json()
    assert second == {"reasons": [bodies[2], bodies[1]], "hasNextPage": True, "total": 5}
    third = (await admin.get(f"{PATH}?size=2&startAfterId={bodies[1]['id']}")).json()
    assert third == {"reasons": [bodies[0]], "hasNextPage": False, "total": 5}
    assert (await admin.get(f"{PATH}?size=5")).json()["hasNextPage"] is False
    assert (await admin.get(f"{PATH}?startAfterId=0")).json() == {"reasons": [], "hasNextPage": False, "total": 5}


async def test_an_empty_list_is_a_list(admin: Caller) -> None:
    """200 with nothing in it, and 25 where the caller does not say how many."""
    assert (await admin.get(PATH)).json() == {"reasons": [], "hasNextPage": False, "total": 0}
    for number in range(26):
        await admin.post(PATH, reason(f"Reason {number}"))
    page = (await admin.get(PATH)).json()
    assert (len(page["reasons"]), page["hasNextPage"], page["total"]) == (25, True, 26)


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        ("size=0", "size: expected an integer from 1 to 500"),
        ("size=501", "size: expected an integer from 1 to 500"),
        ("size=ten", "size: expected an integer from 1 to 500"),
        ("limit=3", "limit: is not known here"),
    ],
)
async def test_a_list_cannot_be_asked_wrongly(admin: Caller, query: str, summary: str) -> None:
    """The parameter is named."""
    (told,) = await admin.refused(400, "GET", f"{PATH}?{query}")
    assert told.startswith(summary.partition(":")[0] + ":")


async def test_a_reason_is_reworded(admin: Caller, hub: Hub) -> None:
    """With the next version; created stays."""
    stored = (await admin.post(PATH, reason())).json()
    path = f"{PATH}/{stored['id']}"
    changed = await admin.put(path, reason("Sold out", version=1))
    assert changed.status_code == 200
    assert changed.json() == {
        **stored,
        **reason("Sold out"),
        "version": 2,
        "lastModified": changed.json()["lastModified"],
    }
    assert (await admin.get(path)).content == changed.content
    assert [event[1:3] for event in await history(hub)] == [
        (1, "CANCELATION_REASON_CREATED"),
        (2, "CANCELATION_REASON_MODIFIED"),
    ]
    # The old text is free, the new one is held.
    assert (await admin.post(PATH, reason())).status_code == 201
    assert (await admin.post(PATH, reason("Sold out"))).headers["location"].endswith(stored["id"])


async def test_rewording_to_what_it_says_already_changes_nothing(admin: Caller, hub: Hub) -> None:
    """200 with the reason as it is; no version, no event."""
    created = await admin.post(PATH, reason())
    again = await admin.put(f"{PATH}/{created.json()['id']}", reason(version=1))
    assert (again.status_code, again.content) == (200, created.content)
    assert len(await history(hub)) == 1


async def test_a_refused_rewording_changes_nothing(admin: Caller, hub: Hub) -> None:
    """Wrong body, unknown id, stale version, text of another reason: each by its own status."""
    created = await admin.post(PATH, reason())
    other = (await admin.post(PATH, reason("Fraud"))).json()
    path = f"{PATH}/{created.json()['id']}"
    assert await admin.refused(400, "PUT", path, {"version": 1, "reason": "x", "reasonLocalized": {"en": ""}}) == [
        "reasonLocalized.en: expected a text that is not empty"
    ]
    assert await admin.refused(400, "PUT", path, reason()) == ["version: is required"]
    assert await admin.refused(404, "PUT", f"{PATH}/{UNKNOWN}", reason(version=1)) == [
        f"Unknown cancelation reason {UNKNOWN}."
    ]
    stale = await admin.put(path, reason("Sold out", version=7))
    assert stale.status_code == 409
    assert (stale.json()[0]["requestVersion"], stale.json()[0]["version"]) == (7, 1)
    assert await admin.refused(409, "PUT", path, reason("Fraud", version=1)) == [
        f"reason: cancelation reason {other['id']} has this text"
    ]
    assert (await admin.get(path)).content == created.content
    assert len(await history(hub)) == 2


async def test_16_rewordings_of_one_version_have_one_winner(admin: Caller, hub: Hub) -> None:
    """The others are told both versions."""
    path = f"{PATH}/{(await admin.post(PATH, reason())).json()['id']}"
    answers = await asyncio.gather(*(admin.put(path, reason(f"Text {i}", version=1)) for i in range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 15
    told = {(each.json()[0]["requestVersion"], each.json()[0]["version"]) for each in answers if each.is_error}
    assert told == {(1, 2)}
    assert (await admin.get(path)).json()["version"] == 2
    assert len(await history(hub)) == 2


async def test_a_deleted_reason_is_gone_and_its_text_is_free(admin: Caller, hub: Hub) -> None:
    """200 without a body; its end is in history under the next number, with the reason as it was last."""
    created = await admin.post(PATH, reason())
    path = f"{PATH}/{created.json()['id']}"
    await admin.put(path, reason("Sold out", version=1))
    last = (await admin.get(path)).content
    deleted = await admin.call("DELETE", path)
    assert (deleted.status_code, deleted.content) == (200, b"")
    await admin.refused(404, "GET", path)
    await admin.refused(404, "PUT", path, reason(version=2))
    await admin.refused(404, "DELETE", path)
    assert (await admin.get(PATH)).json()["total"] == 0
    assert (await history(hub))[-1] == ("CANCELATION_REASON", 3, "CANCELATION_REASON_DELETED", "tester")
    sql = "select document from events where seq = 3"
    ((document,),) = await hub.db.rows(Query("last", sql, sql, ()), {})
    assert document == last
    assert (await admin.post(PATH, reason("Sold out"))).status_code == 201


async def test_16_deletions_end_a_reason_once(admin: Caller, hub: Hub) -> None:
    """One deletes it, the others find nothing."""
    path = f"{PATH}/{(await admin.post(PATH, reason())).json()['id']}"
    answers = await asyncio.gather(*(admin.call("DELETE", path) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 15
    assert len(await history(hub)) == 2


async def test_whoever_reads_orders_sees_the_reasons_and_cannot_word_them(
    admin: Caller, hub: Hub, caller_for: CallerFor
) -> None:
    """ORDER_READ or CONFIG_READ reads; only CONFIG_WRITE writes."""
    path = f"{PATH}/{(await admin.post(PATH, reason())).json()['id']}"
    for permission in ("ORDER_READ", "CONFIG_READ"):
        reader = await caller_for(permission)
        assert (await reader.get(PATH)).json()["total"] == 1
        assert (await reader.get(path)).status_code == 200
        await reader.refused(403, "POST", PATH, reason("Fraud"))
        await reader.refused(403, "PUT", path, reason("Fraud", version=1))
        await reader.refused(403, "DELETE", path)
    writer = await caller_for("CONFIG_WRITE")
    await writer.refused(403, "GET", path)
    assert len(await history(hub)) == 1
    assert (await writer.put(path, reason("Fraud", version=1))).status_code == 200


async def test_each_tenant_has_its_own_reasons(admin: Caller, caller_for: CallerFor) -> None:
    """The same text in two tenants is two reasons, and neither sees, changes or deletes the other's."""
    created = await admin.post(PATH, reason())
    path = f"{PATH}/{created.json()['id']}"
    stranger = await caller_for(tenant="stranger")
    assert (await stranger.post(PATH, reason())).status_code == 201
    assert (await stranger.get(PATH)).json()["total"] == 1
    await stranger.refused(404, "GET", path)
    await stranger.refused(404, "PUT", path, reason("Fraud", version=1))
    await stranger.refused(404, "DELETE", path)
    assert (await admin.get(path)).content == created.content
