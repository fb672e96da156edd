"""A person who is forgotten is nowhere any more: in no file or table, no log, no answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from opendoms.app import Hub, application, retention_of
from opendoms.db.location import SqliteLocation, location_of
from opendoms.identity.issuing import issue_token
from opendoms.kernel.duration import DAY_MS
from opendoms.retention.actions import Tally
from opendoms.retention.subjects import SUBJECTS
from opendoms.settings import Settings
from tests.api.caller import Caller, Check
from tests.api.inventories import stocked
from tests.api.record_samples import switched_on
from tests.databases import run_sql
from tests.identity.stand_ins import StillClock
from tests.retention.persons import MARK, address, consumer, line, order, sale, word

TENANT = "default"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Defaults on the test's own database, with request lines."""
    return Settings(database=database_url)


async def token_of(hub: Hub, subject: str) -> str:
    """A token of an administrator."""
    return await issue_token(
        hub.db, hub.clock, subject=subject, tenant=TENANT, roles=["ADMIN"], permissions=[], expires_s=3600
    )


async def forget(hub: Hub) -> Tally:
    """Everything that is due now."""
    retention, together = retention_of(hub), Tally()
    for subject in SUBJECTS.values():
        while any(tally := await retention.batch(subject, TENANT, await retention.policy(TENANT))):
            together = together.plus(tally)
    return together


async def tables_with(url: str, mark: str) -> list[str]:
    """The tables of which a row, read as a whole, holds a text."""
    if url.startswith("sqlite"):
        # Of the search index its shadow tables, which hold all that there is of it.
        own = "select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'"
        names = [row[0] for row in await run_sql(url, own)]
        assert "order_search_data" in names
        rows = {name: await run_sql(url, f'select * from "{name}"') for name in names}  # noqa: S608 - its own names
        return [name for name in names if mark.lower() in repr(rows[name]).lower()]
    names = [row[0] for row in await run_sql(url, "select tablename from pg_tables where schemaname = 'public'")]
    found = []
    for name in names:
        sql = f"select count(*) from {name} as t where t::text ilike '%{mark}%'"  # noqa: S608 - its own names
        found += [name for row in await run_sql(url, sql) if row[0]]
    return found


def files_with(url: str, mark: bytes) -> list[str]:
    """The files of a SQLite database that hold a text anywhere, in unused space as well."""
    location = location_of(url)
    if not isinstance(location, SqliteLocation):
        return []
    files = sorted(Path(location.path).parent.glob(f"{location.path.name}*"))
    assert files
    return [file.name for file in files if mark.lower() in file.read_bytes().lower()]


async def ordered(admin: Caller, number: int) -> str:
    """An order that was edited, readdressed and cancelled, with a person in each of its versions."""
    created = await admin.post("/api/orders", order(tenantOrderId=f"shop-{number}"))
    assert created.status_code == 201, created.text
    order_id: str = created.json()["id"]
    lines = [line(id=one["id"]) for one in created.json()["orderLineItems"]]
    change = {"version": 1, "consumer": consumer(), "orderLineItems": lines, "comment": word()}
    edited = await admin.patch(f"/api/orders/{order_id}", {**change, "customAttributes": {"z": word() * 40}})
    assert edited.status_code == 200, edited.text
    moved = {"name": "CHANGE_CONSUMER_ADDRESS", "version": 2, "addressType": "POSTAL_ADDRESS"}
    for body in ({**moved, "consumerAddress": address()}, {"name": "CANCEL", "version": 3}):
        assert (await admin.post(f"/api/orders/{order_id}/actions", body)).status_code == 200
    return order_id


async def dated(admin: Caller, order_id: str) -> None:
    """Says something about the process of an order."""
    order = (await admin.get(f"/api/orders/{order_id}")).json()
    body = {"name": "UPDATE_PROCESS_DELETION_DATE", "deletionDate": "2030-01-01", "version": order["version"]}
    assert (await admin.post(f"/api/processes/{order['processId']}/actions", body)).status_code == 200


async def said(admin: Caller, order_id: str, record_id: str, person: dict[str, Any], sold_to: str) -> tuple[str, int]:
    """What the API answers to whoever asks for the person and what was theirs, and how often it finds them."""
    texts = []
    for path in (f"/api/orders/{order_id}", "/api/orders", f"/api/orderrecords/{record_id}", "/api/orderrecords"):
        answer = await admin.get(path)
        assert answer.status_code == 200, answer.text
        texts.append(answer.text)
    listed = await admin.get(f"/api/orders?consumerId={person['consumerId']}")
    name = person["addresses"][0]["lastName"]
    query = {"consumer": {"addresses": {"contains": {"lastName": {"eq": name}}}}}
    searched = await admin.post("/api/orders/search", {"query": query, "size": 10})
    buyer = {"query": {"consumer": {"consumerId": {"eq": sold_to}}}, "size": 10}
    sales = await admin.post("/api/orderrecords/search", buyer)
    answers = (listed.json()["orders"], searched.json()["orders"], sales.json()["orderRecords"])
    return "\n".join([*texts, listed.text, searched.text, sales.text]), sum(map(len, answers))


async def lived(hub: Hub, clock: StillClock, check: Check) -> None:
    """A whole life of a person in a running hub, from the first order to the end, with what it answers meanwhile."""
    app = application(hub)
    transport = httpx.ASGITransport(app)
    async with (
        app.pages.router.lifespan_context(app.pages),
        httpx.AsyncClient(transport=transport, base_url="http://hub.test") as http,
    ):
        ops, staff = await token_of(hub, "ops"), await token_of(hub, word())
        facility_id = await switched_on(Caller(http, ops, check))
        await stocked(Caller(http, ops, check), facility_id, "A-1", 100)
        allowed = {"allowOrderLineItemModification": True, "version": 0}
        await Caller(http, ops, check).put("/api/configurations/ordermodification", allowed)
        admin = Caller(http, staff, check)
        sent = sale(facility_id)
        taken = (await admin.put("/api/orderrecords", {"operations": [sent]})).json()["details"][0]
        record_id = taken["orderRecord"]["id"]
        order_ids = [await ordered(admin, number) for number in range(6)]
        await dated(admin, order_ids[0])
        person = (await admin.get(f"/api/orders/{order_ids[0]}")).json()["consumer"]
        buyer = sent["consumer"]["consumerId"]
        before, found = await said(admin, order_ids[0], record_id, person, buyer)
        assert MARK in before
        assert found == 3, "list and searches find the person as long as they are there"
        assert {"orders", "order_records", "events"} <= set(await tables_with(hub.settings.database, MARK))

        clock.at += 30 * DAY_MS
        assert await forget(hub) == Tally(anonymized=7)
        admin = Caller(http, await token_of(hub, "ops"), check)
        after, found = await said(admin, order_ids[0], record_id, person, buyer)
        assert MARK not in after
        assert found == 0
        stored = (await admin.get(f"/api/orders/{order_ids[0]}")).json()
        assert (stored["anonymized"], stored["version"], stored["status"]) == (True, 5, "CANCELLED")
        again = (await admin.put("/api/orderrecords", {"operations": [sent]})).json()["details"][0]
        assert again["status"] == "UNCHANGED", "the same sale is recognised by what stays of it"
        assert MARK not in json.dumps(again)


async def test_a_person_who_is_forgotten_is_nowhere(
    hub: Hub, clock: StillClock, check: Check, capfd: pytest.CaptureFixture[str]
) -> None:
    """Taken in, searched, edited, cancelled, anonymised: tables, files, logs and answers hold no word of the person."""
    await lived(hub, clock, check)
    url = hub.settings.database
    assert await tables_with(url, MARK) == []
    assert files_with(url, MARK.encode()) == []
    shown = capfd.readouterr()
    assert shown.out.count('"event":"request"') > 30
    assert MARK not in shown.out + shown.err
