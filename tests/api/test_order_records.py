"""Order records through the API: taken in, one verdict each, and read."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.sqlfile import Query
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.record_samples import FULL, PATH, SWITCH, URN, facility, history, put, sale, statuses, switched_on

UNKNOWN = "01a00000-0000-7000-8000-000000000000"


async def test_a_record_is_taken_in_and_read_back_byte_for_byte(admin: Caller, hub: Hub) -> None:
    """CREATED with the whole record; reading it answers the same bytes; history has its first version."""
    store = await switched_on(admin)
    sent = {**FULL, "facilityRef": store, "comment": "kept"}
    answer = await admin.put(PATH, {"operations": [sent]})
    (detail,) = answer.json()["details"]
    stored = detail["orderRecord"]
    assert (detail["status"], stored["version"], stored["anonymized"]) == ("CREATED", 1, False)
    assert stored["created"] == stored["lastModified"]
    assert stored["orderRecordDate"] == "2026-11-20T08:00:00.000Z"
    for member in ("consumer", "payments", "origin", "customAttributes", "comment"):
        assert stored[member] == sent[member]
    assert {
        name: value for name, value in stored["lineItems"][0].items() if name not in ("id", "warranty", "returnPolicy")
    } == {name: value for name, value in sent["lineItems"][0].items() if name not in ("warranty", "returnPolicy")}
    totals = stored["pricing"]["total"]["priceBreakdown"]
    assert (totals["subTotal"]["value"], totals["totalFees"]["value"], totals["total"]["value"]) == (1500, 10, 1510)
    read = await admin.get(f"{PATH}/{stored['id']}")
    assert read.status_code == 200
    assert b'"orderRecord":' + read.content in answer.content
    assert await history(hub) == [(stored["id"], 1, "ORDER_RECORD_CREATED", "tester")]


async def test_retention_dates_follow_the_configuration_in_force(admin: Caller) -> None:
    """Counted from `created` to the millisecond; a later configuration moves only what comes later."""
    store = await switched_on(admin)
    first, second = sale(1, facilityRef=store), sale(2, facilityRef=store)
    (detail,) = await put(admin, first)
    assert _days(detail["orderRecord"]) == (30, 180)
    gdpr = {"version": 0, "retentionTime": 15, "deletionTimeAfterRetention": 2}
    assert (await admin.put("/api/configurations/gdpr", gdpr)).status_code == 200
    again, new = await put(admin, first, second)
    assert (again["status"], _days(again["orderRecord"])) == ("UNCHANGED", (30, 180))
    assert (new["status"], _days(new["orderRecord"])) == ("CREATED", (15, 2))


def _days(record: dict[str, Any]) -> tuple[int, int]:
    """The two retention times of a record, which must be whole days."""
    created, cleanup, deletion = (
        datetime.fromisoformat(record[name]) for name in ("created", "gdprCleanupDate", "deletionDate")
    )
    assert (cleanup - created) % timedelta(days=1) == (deletion - cleanup) % timedelta(days=1) == timedelta(0)
    return (cleanup - created).days, (deletion - cleanup).days


async def test_a_sale_that_is_sent_again_is_unchanged(admin: Caller, hub: Hub) -> None:
    """With the stored record, however often, in another spelling, and by the facility's URN; history does not grow."""
    store = await switched_on(admin)
    sent = {**FULL, "facilityRef": store}
    (created,) = await put(admin, sent)
    again = {**dict(reversed(sent.items())), "facilityRef": URN + "store-1", "orderRecordDate": "2026-11-20T08:00:00Z"}
    for record in (sent, again, created["orderRecord"]):
        assert await put(admin, record) == [{"status": "UNCHANGED", "orderRecord": created["orderRecord"]}]
    assert len(await history(hub)) == 1


async def test_other_content_under_the_same_id_fails_and_changes_nothing(admin: Caller, hub: Hub) -> None:
    """Decision D15: the record that holds the id and the paths that differ are named."""
    store = await switched_on(admin)
    (created,) = await put(admin, {**FULL, "facilityRef": store})
    stored = created["orderRecord"]
    other = {**FULL, "facilityRef": store, "payments": [], "origin": {"type": "POS", "terminalId": "8"}}
    (failed,) = await put(admin, other)
    assert failed == {
        "status": "FAILED",
        "error": {
            "type": "VALIDATION",
            "message": f"tenantOrderRecordId: order record {stored['id']} holds this id and differs in "
            "origin.terminalId, origin.cashierId, payments",
        },
    }
    assert (await admin.get(f"{PATH}/{stored['id']}")).json() == stored
    assert len(await history(hub)) == 1


async def test_every_item_gets_its_verdict(admin: Caller, hub: Hub) -> None:
    """In the order of the request; what is wrong is told by path, and takes no good neighbour with it."""
    store = await switched_on(admin)
    await put(admin, sale(1, facilityRef=store))
    details = await put(
        admin,
        sale(2, facilityRef=store),
        {"facilityRef": store, "orderRecordDate": "yesterday", "lineItems": [{"quantity": "1", "article": {}}]},
        sale(1, facilityRef=store),
        sale(3, facilityRef=UNKNOWN),
        7,  # type: ignore[arg-type]  # what is no record at all is a wrong record too
        sale(2, facilityRef=store),
        sale(4, facilityRef=store, customAttributes={"a.b": 1}, lineItems=[]),
        sale(5, facilityRef=store, orderRecordDate="2026-11-20 08:00:00Z"),
        sale(6, facilityRef=store, origin={"type": "WEB"}),
        sale(7, facilityRef=store),
    )
    assert statuses(details) == [
        "CREATED", "FAILED", "UNCHANGED", "FAILED", "FAILED", "UNCHANGED", "FAILED", "FAILED", "FAILED", "CREATED",
    ]  # fmt: skip
    assert details[5]["orderRecord"] == details[0]["orderRecord"]
    told = {place: detail["error"]["message"] for place, detail in enumerate(details) if detail["status"] == "FAILED"}
    assert all(detail["error"]["type"] == "VALIDATION" for detail in details if "error" in detail)
    assert [part.partition(":")[0] for part in told[1].split("; ")] == [
        "orderRecordDate",
        "lineItems[0].article.tenantArticleId",
        "lineItems[0].article.attributes",
        "lineItems[0].quantity",
    ]
    assert told[3] == "facilityRef: no facility has this id"
    assert told[4].startswith("the body: expected")
    assert told[6].startswith("lineItems: expected ")
    assert told[7].startswith("orderRecordDate: ")
    assert told[8].startswith("origin.type: ")
    assert len(await history(hub)) == 3
    assert (await admin.get(PATH)).json()["total"] == 3


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "operations"),
        ({"operations": []}, "operations"),
        ({"operations": {}}, "operations"),
        ({"operations": [sale(number, facilityRef="x") for number in range(26)]}, "operations"),
        ([], "the body"),
        (b'{"operations": [{]}', "the body is not JSON"),
        (b'{"operations": [{"tenantOrderRecordId": "\xff"}]}', "the body is not JSON"),
    ],
)
async def test_a_wrong_envelope_is_refused_whole(admin: Caller, hub: Hub, body: Any, path: str) -> None:
    """400, and nothing is stored: no operation, more than 25, no list, no JSON."""
    await switched_on(admin)
    (summary,) = await admin.refused(400, "PUT", PATH, body)
    assert summary.partition(":")[0] == path
    assert await history(hub) == []


async def test_numbers_out_of_bounds_are_the_fault_of_their_item(admin: Caller) -> None:
    """An infinite quantity fails alone, and so does an id with NUL; any number in attributes comes back as sent."""
    store = await switched_on(admin)
    bodies = [json.dumps(sale(number, facilityRef=store)) for number in range(4)]
    bodies[1] = bodies[1].replace('"quantity": 1', '"quantity": 1e999')
    bodies[2] = bodies[2].replace("sale-2", "sale-\\u0000")
    bodies[3] = (
        bodies[3][:-1] + ', "customAttributes": {"big": 18446744073709551616, "long": 1.10000000000000000000001}}'
    )
    answer = await admin.call("PUT", PATH, f'{{"operations": [{", ".join(bodies)}]}}'.encode())
    details = answer.json()["details"]
    assert statuses(details) == ["CREATED", "FAILED", "FAILED", "CREATED"]
    assert "lineItems[0].quantity" in details[1]["error"]["message"]
    assert "tenantOrderRecordId" in details[2]["error"]["message"]
    assert b'{"big":18446744073709551616,"long":1.10000000000000000000001}' in answer.content


async def test_switched_off_nothing_is_taken_in_and_everything_is_read(admin: Caller, hub: Hub) -> None:
    """Decision D14: 403 that says how to switch them on, before the first configuration and after."""
    (summary,) = await admin.refused(403, "PUT", PATH, {"operations": [sale(1, facilityRef="x")]})
    assert summary == (
        "Order records are switched off: PUT /api/configurations/orderrecords with isOrderRecordsEnabled true."
    )
    store = await switched_on(admin)
    (created,) = await put(admin, sale(1, facilityRef=store))
    assert (await admin.put(SWITCH, {"isOrderRecordsEnabled": False, "version": 1})).status_code == 200
    for number in (1, 2):
        await admin.refused(403, "PUT", PATH, {"operations": [sale(number, facilityRef=store)]})
    assert (await admin.get(f"{PATH}/{created['orderRecord']['id']}")).json() == created["orderRecord"]
    assert (await admin.get(PATH)).json() == {"orderRecords": [created["orderRecord"]], "total": 1}
    assert len(await history(hub)) == 1


async def test_permissions_and_tenants_of_records(admin: Caller, hub: Hub, caller_for: CallerFor) -> None:
    """ORDER_RECORD_READ reads, ORDER_RECORD_WRITE writes; tenants share neither records nor ids nor facilities."""
    store = await switched_on(admin)
    reader, writer = await caller_for("ORDER_RECORD_READ"), await caller_for("ORDER_RECORD_WRITE")
    await reader.refused(403, "PUT", PATH, {"operations": [sale(1, facilityRef=store)]})
    assert await history(hub) == []
    (created,) = await put(writer, sale(1, facilityRef=store))
    path = f"{PATH}/{created['orderRecord']['id']}"
    await writer.refused(403, "GET", PATH)
    await writer.refused(403, "GET", path)
    assert (await reader.get(path)).json() == created["orderRecord"]
    stranger = await caller_for(tenant="stranger")
    await stranger.refused(404, "GET", path)
    assert (await stranger.get(PATH)).json() == {"orderRecords": [], "total": 0}
    own = await switched_on(stranger)
    assert statuses(await put(stranger, sale(1, facilityRef=store), sale(1, facilityRef=own))) == ["FAILED", "CREATED"]
    assert (await reader.get(path)).json() == created["orderRecord"]


async def test_an_unknown_record_is_404(admin: Caller) -> None:
    """Whatever the id looks like."""
    for record_id in (UNKNOWN, "no-uuid", "%00", "ü", "a" * 5_000):
        await admin.refused(404, "GET", f"{PATH}/{record_id}")


@pytest.mark.parametrize("clients", [2, 8])
async def test_a_day_that_many_send_at_once_is_stored_once(admin: Caller, hub: Hub, clients: int) -> None:
    """Every client sends all sales of the day, each in an order of its own: each sale is CREATED exactly once."""
    store = await switched_on(admin)
    day = [sale(number, facilityRef=store) for number in range(40)]

    async def send(dice: random.Random) -> list[dict[str, Any]]:
        shuffled = dice.sample(day, len(day))
        return [detail for batch in _batches(shuffled, 10) for detail in await put(admin, *batch)]

    sent = await asyncio.gather(*(send(random.Random(seed)) for seed in range(clients)))  # noqa: S311 - no secret
    details = list(itertools.chain.from_iterable(sent))
    found = statuses(details)
    assert (found.count("CREATED"), found.count("UNCHANGED"), len(found)) == (40, 40 * (clients - 1), 40 * clients)
    by_key: dict[str, set[str]] = {}
    for detail in details:
        record = detail["orderRecord"]
        by_key.setdefault(record["tenantOrderRecordId"], set()).add(record["id"])
    assert sorted(map(len, by_key.values())) == [1] * 40
    assert len(await history(hub)) == 40
    sql = "select count(*) from order_records"
    assert (await hub.db.rows(Query("count", sql, sql, ()), {}))[0][0] == 40


def _batches(items: list[dict[str, Any]], size: int) -> list[list[dict[str, Any]]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


async def test_racing_sales_of_one_id_and_different_content_have_one_winner(admin: Caller, hub: Hub) -> None:
    """The others fail, each for itself: what is good beside them is stored."""
    store = await switched_on(admin)
    bodies = [
        (sale(0, facilityRef=store, comment=f"till {number}"), sale(number, facilityRef=store))
        for number in range(1, 9)
    ]
    answers = await asyncio.gather(*(put(admin, *body) for body in bodies))
    assert sorted(details[0]["status"] for details in answers) == ["CREATED"] + ["FAILED"] * 7
    assert [details[1]["status"] for details in answers] == ["CREATED"] * 8
    assert len(await history(hub)) == 9


async def test_a_sale_at_a_facility_that_was_deleted_stays_the_same_sale(admin: Caller) -> None:
    """Sent again it is UNCHANGED; a new sale there fails."""
    await switched_on(admin)
    gone = await facility(admin, "gone")
    (created,) = await put(admin, sale(1, facilityRef=gone))
    assert (await admin.call("DELETE", f"/api/facilities/{gone}")).status_code < 300
    again, new = await put(admin, sale(1, facilityRef=gone), sale(2, facilityRef=gone))
    assert again == {"status": "UNCHANGED", "orderRecord": created["orderRecord"]}
    assert new["error"]["message"] == "facilityRef: no facility has this id"


async def test_the_how_to_works_as_it_is_written(admin: Caller) -> None:
    """Every request of the page is answered, in its order, and its sale is stored."""
    page = (Path(__file__).parents[2] / "docs/how-to/take-in-order-records.md").read_text("utf-8")
    await facility(admin)
    answers = [
        await admin.put(path, json.loads(body))
        for path, body in re.findall(r"^```\nPUT (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    (detail,) = answers[1].json()["details"]
    assert (detail["status"], detail["orderRecord"]["pricing"]["total"]["priceBreakdown"]["total"]["value"]) == (
        "CREATED",
        1999,
    )
