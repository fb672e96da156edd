"""What is due is done, once, whoever writes meanwhile, and whatever breaks off."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import pytest

from opendoms.app import Hub, retention_of
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.db.sqlfile import Query
from opendoms.identity.issuing import issue_token
from opendoms.kernel.changeset import Changeset, Drop, Origin, Put, Table, Timer
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import decode, encode
from opendoms.kernel.duration import DAY_MS
from opendoms.kernel.personal import ANONYMIZED
from opendoms.orders.rules.acting import PROMISE_EXPIRY
from opendoms.orders.store import ORDER
from opendoms.retention.actions import HISTORY_MAX, RetentionActions, Tally
from opendoms.retention.copies import Rewrite
from opendoms.retention.rules.ending import Ending
from opendoms.retention.subjects import SUBJECTS
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.record_samples import put, sale, switched_on
from tests.databases import run_sql
from tests.identity.stand_ins import NOW, StillClock
from tests.rules.orders import order

TENANT: Final = "default"
ORDERS: Final = SUBJECTS["ORDER"]


async def forget(retention: RetentionActions, *kinds: str) -> Tally:
    """Everything that is due now."""
    together, policy = Tally(), await retention.policy(TENANT)
    for kind in kinds or SUBJECTS:
        while any(tally := await retention.batch(SUBJECTS[kind], TENANT, policy)):
            together = together.plus(tally)
    return together


async def placed(admin: Caller, *, cancelled: bool = True, **more: Any) -> str:
    """The id of an order, which is over unless said otherwise."""
    created = await admin.post("/api/orders", order(**more))
    assert created.status_code == 201, created.text
    order_id: str = created.json()["id"]
    if cancelled:
        await cancel(admin, order_id)
    return order_id


async def cancel(admin: Caller, order_id: str, version: int = 1) -> int:
    """Cancels an order; answers the status."""
    answer = await admin.post(f"/api/orders/{order_id}/actions", {"name": "CANCEL", "version": version})
    return answer.status_code


async def edit(admin: Caller, order_id: str, version: int) -> int:
    """Brings a person into an order; answers the status."""
    change = {"version": version, "consumer": {"email": "ada@example.com"}}
    return (await admin.patch(f"/api/orders/{order_id}", change)).status_code


async def told(hub: Hub, entity_id: str) -> list[tuple[int, str, str, Document]]:
    """seq, type, actor and document of the history of an entity."""
    sql = "select seq, type, actor, document from events where entity_id = {} order by seq"
    query = Query("told", sql.format(":id"), sql.format("$1"), ("id",))
    return [(row[0], row[1], row[2], decode(row[3])) for row in await hub.db.rows(query, {"id": entity_id})]


async def test_an_order_that_is_over_ends_at_its_dates(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """Not a millisecond early; first without its person, then gone, while those that are open stay as they are."""
    over, still_open = await placed(admin), await placed(admin, cancelled=False)
    opened = (await admin.get(f"/api/orders/{still_open}")).content
    retention = retention_of(hub)
    clock.at = NOW + 30 * DAY_MS - 1
    assert await forget(retention) == Tally()
    clock.at += 1
    assert await forget(retention) == Tally(anonymized=1)
    assert await forget(retention) == Tally()
    admin = await again(admin, hub)
    shown = (await admin.get(f"/api/orders/{over}")).json()
    assert shown["consumer"] == {"addresses": [ANONYMOUS]}
    assert [one[:3] for one in await told(hub, over)] == [
        (1, "ORDER_CREATED", ANONYMIZED),
        (2, "ORDER_CANCELLED", ANONYMIZED),
        (3, "ORDER_ANONYMIZED", "opendoms"),
    ]
    assert all(document["consumer"] == {"addresses": [ANONYMOUS]} for *_, document in await told(hub, over))

    clock.at = NOW + 210 * DAY_MS - 1
    assert await forget(retention) == Tally()
    clock.at += 1
    assert await forget(retention) == Tally(deleted=1)
    admin = await again(admin, hub)
    assert (await admin.get(f"/api/orders/{over}")).status_code == 404
    assert [(seq, kind, document) for seq, kind, _, document in await told(hub, over)] == [
        (1, "ORDER_CREATED", {"id": over, "version": 1}),
        (2, "ORDER_CANCELLED", {"id": over, "version": 2}),
        (3, "ORDER_ANONYMIZED", {"id": over, "version": 3}),
        (4, "ORDER_DELETED", {"id": over, "version": 3}),
    ]
    assert (await admin.get(f"/api/orders/{still_open}")).content == opened
    listed = await admin.post("/api/orders/search", {"query": {}, "size": 10})
    assert [one["id"] for one in listed.json()["orders"]] == [still_open]


ANONYMOUS: Final = {"street": ANONYMIZED, "city": ANONYMIZED, "postalCode": ANONYMIZED, "country": "DE"}


async def again(caller: Caller, hub: Hub) -> Caller:
    """The same caller with a token that is not as old as the test's clock has become."""
    token = await issue_token(
        hub.db, hub.clock, subject="tester", tenant=TENANT, roles=["ADMIN"], permissions=[], expires_s=3600
    )
    return Caller(caller._http, token, caller._check)  # noqa: SLF001 - the same connection


async def test_a_sale_ends_at_the_dates_that_it_carries(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """A later change of the configuration moves neither; after the end the same sale may be taken in anew (D68)."""
    facility_id = await switched_on(admin)
    (first,) = await put(admin, sale(1, facilityRef=facility_id, consumer={"email": "a"}))
    gdpr = {"retentionTime": 1, "deletionTimeAfterRetention": 1, "version": 0}
    assert (await admin.put("/api/configurations/gdpr", gdpr)).status_code in (200, 201)
    (second,) = await put(admin, sale(2, facilityRef=facility_id, consumer={"email": "b"}))
    ids = [one["orderRecord"]["id"] for one in (first, second)]
    retention, days = retention_of(hub), (1, 2, 30, 210)
    shown: list[Any] = []
    for day in days:
        clock.at = NOW + day * DAY_MS
        shown.append(await forget(retention))
        admin = await again(admin, hub)
        records = {
            one["id"]: one["anonymized"] for one in (await admin.get("/api/orderrecords")).json()["orderRecords"]
        }
        shown.append([records.get(record_id) for record_id in ids])
    assert shown == [
        Tally(anonymized=1), [False, True],
        Tally(deleted=1), [False, None],
        Tally(anonymized=1), [True, None],
        Tally(deleted=1), [None, None],
    ]  # fmt: skip
    (new,) = await put(admin, sale(1, facilityRef=facility_id))
    assert new["status"] == "CREATED"


async def test_an_order_follows_the_configuration_of_its_time(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """An order carries no dates, and still a change moves none of those that are stored; staff may be kept."""
    early = await placed(admin)
    clock.at += 10
    gdpr = {"retentionTime": 2, "deletionTimeAfterRetention": 3, "actorAnonymization": False, "version": 0}
    assert (await admin.put("/api/configurations/gdpr", gdpr)).status_code in (200, 201)
    clock.at += 10
    late = await placed(admin)
    retention = retention_of(hub)
    clock.at = NOW + 20 + 2 * DAY_MS
    assert await forget(retention) == Tally(anonymized=1)
    clock.at = NOW + 20 + 5 * DAY_MS
    assert await forget(retention) == Tally(deleted=1)
    assert [one[2] for one in await told(hub, late)] == ["tester", "tester", "opendoms", "opendoms"]
    clock.at = NOW + 30 * DAY_MS - 1
    assert await forget(retention) == Tally()
    clock.at += 1
    assert await forget(retention) == Tally(anonymized=1)
    assert (await told(hub, early))[-1][1] == "ORDER_ANONYMIZED"


async def test_open_orders_end_where_the_operator_has_named_an_age(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """Then nobody brings a person back into one, but it can still be cancelled, and ends with the others (D70)."""
    open_after_ms = 100 * DAY_MS
    order_id = await placed(admin, cancelled=False)
    retention = RetentionActions(hub.db, Writer(hub.db, hub.clock, hub.new_id), open_after_ms)
    clock.at = NOW + open_after_ms - 1
    assert await forget(retention) == Tally()
    clock.at += 1
    assert await forget(retention) == Tally(anonymized=1)
    admin = await again(admin, hub)
    change = {"version": 2, "consumer": {"email": "ada@example.com"}}
    summaries = await admin.refused(400, "PATCH", f"/api/orders/{order_id}", change)
    assert summaries == ["anonymized: personal data was taken out of the order, and it cannot be changed any more."]
    possible = (await admin.get(f"/opendoms/v1/orders/{order_id}/actions")).json()["actions"]
    assert [one["name"] for one in possible if one["possible"]] == ["CANCEL"]
    assert await cancel(admin, order_id, 2) == 200
    clock.at = NOW + 210 * DAY_MS
    assert await forget(retention) == Tally(deleted=1)


async def test_of_an_edit_and_the_ending_one_is_first_and_nothing_is_lost(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """Open orders are edited and cancelled while they are anonymised and deleted: what was answered is in history."""
    ids = [await placed(admin, cancelled=False) for _ in range(24)]
    retention = RetentionActions(hub.db, Writer(hub.db, hub.clock, hub.new_id), DAY_MS)
    for days, edits in ((30, True), (210, False)):
        clock.at = NOW + days * DAY_MS
        admin = await again(admin, hub)
        versions = {order_id: (await told(hub, order_id))[-1][0] for order_id in ids}
        write = edit if edits else cancel
        writes = [write(admin, order_id, version) for order_id, version in versions.items()]
        statuses, tally = await asyncio.gather(asyncio.gather(*writes), forget(retention))
        assert (tally.failed, tally.anonymized + tally.deleted) == (0, 24)
        for order_id, status in zip(ids, statuses, strict=True):
            rows = await told(hub, order_id)
            assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
            written = "ORDER_MODIFIED" if edits else "ORDER_CANCELLED"
            assert [row[1] for row in rows].count(written) == (status == 200)
            assert status in (200, 400, 404, 409)
    assert await run_sql(hub.settings.database, "select count(*) from orders") == [(0,)]
    left = await run_sql(hub.settings.database, "select count(*) from events where document like '%ada@example%'")
    assert left == [(0,)]


async def test_a_history_of_any_length_is_rewritten_piece_by_piece(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """No changeset holds more rows than one may, and every version loses its person."""
    order_id = await placed(admin, cancelled=False)
    writer = Writer(hub.db, hub.clock, hub.new_id)
    for number in range(2 * HISTORY_MAX):

        async def decide(_now: int, number: int = number) -> Decision:
            stored = decode(await read(hub.db, order_id))
            stored["consumer"] = {"email": f"ada{number}@example.com"}
            return Decision({**stored, "version": stored["version"] + 1}, Happening("ORDER_MODIFIED"))

        await writer.write(ORDER, Origin(TENANT, "tester", "POST /x"), decide)
    assert await cancel(admin, order_id, 2 * HISTORY_MAX + 1) == 200
    clock.at = NOW + 30 * DAY_MS
    assert await forget(retention_of(hub)) == Tally(anonymized=1)
    rows = await told(hub, order_id)
    assert len(rows) == 2 * HISTORY_MAX + 3
    assert "@example.com" not in json.dumps([row[3] for row in rows])


async def read(db: Engine, order_id: str) -> bytes:
    """The stored bytes of an order."""
    row = await db.row(ORDERS.document, {"tenant": TENANT, "id": order_id})
    assert row is not None
    body: bytes = row[0]
    return body


async def test_what_cannot_be_handled_holds_up_nobody(  # noqa: PLR0913, PLR0917 - what a whole hub is made of
    hub: Hub, api: Api, admin: Caller, clock: StillClock, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    """The others are forgotten; what failed is logged without a word of the person, and done when it can be."""
    ids = []
    for _ in range(5):
        ids.append(await placed(admin))
        clock.at += 1
    monkeypatch.setattr("opendoms.retention.actions.BATCH_MAX", 2)
    broken = set(ids[:2])
    judge = ORDERS.judge

    def breaking(document: Document, policy: Any, now: int) -> Ending | None:
        if document["id"] in broken:
            raise ValueError(document["consumer"])
        return judge(document, policy, now)

    monkeypatch.setitem(SUBJECTS, "ORDER", ORDERS._replace(judge=breaking))
    clock.at += 30 * DAY_MS
    retention, policy = retention_of(hub), await retention_of(hub).policy(TENANT)
    batches = [await retention.batch(SUBJECTS["ORDER"], TENANT, policy) for _ in range(4)]
    assert batches == [Tally(failed=2), Tally(anonymized=2), Tally(anonymized=1), Tally(failed=2)]
    shown = capfd.readouterr()
    assert "Cologne" not in shown.out + shown.err
    assert ids[0] in shown.out + shown.err
    broken.clear()
    assert await forget(retention, "ORDER") == Tally(anonymized=2)


async def test_timers_go_with_their_order(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """What was set for a deleted order is not there any more."""
    order_id = await placed(admin)
    timers = tuple(Timer(TENANT, PROMISE_EXPIRY, name, NOW + 10**12) for name in (order_id, "other"))
    await hub.db.apply(Changeset(timers=timers))
    clock.at = NOW + 300 * DAY_MS
    assert await forget(retention_of(hub)) == Tally(deleted=1)
    left = await run_sql(hub.settings.database, "select entity_id from timers where kind = 'PROMISE_EXPIRY'")
    assert left == [("other",)]


class Answers:
    """Copies of documents in a table of their own, as stored answers would be."""

    tables: tuple[str, ...] = ("configurations",)
    table = Table("configurations")

    def __init__(self, db: Engine) -> None:
        self._db = db

    def histories(self, _kind: str, _stored: Document) -> tuple[()]:
        """None."""
        return ()

    async def rewritten(self, tenant: str, kind: str, stored: Document, rewrite: Rewrite) -> Changeset:
        """The copy without its person."""
        version, document = await self.stored(tenant, f"{kind}-{stored['id']}")
        put = Put(self.table, tenant, f"{kind}-{stored['id']}", version, version + 1, encode(rewrite(document)))
        return Changeset((put,))

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """Without the copy."""
        version, _ = await self.stored(tenant, f"{kind}-{stored['id']}")
        return Changeset(drops=(Drop(self.table, tenant, f"{kind}-{stored['id']}", version),))

    async def stored(self, tenant: str, name: str) -> tuple[int, Document]:
        """The copy with its version."""
        sql = "select version, document from configurations where tenant = {} and id = {}"
        query = Query("copy", sql.format(":tenant", ":id"), sql.format("$1", "$2"), ("tenant", "id"))
        row = await self._db.row(query, {"tenant": tenant, "id": name})
        assert row is not None
        return row[0], decode(row[1])


async def test_copies_elsewhere_go_in_the_same_transaction(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """A place that keeps copies is asked what to change, and changed with the document; in the end they are gone."""
    order_id, answers = await placed(admin), Answers(hub.db)
    name = f"ORDER-{order_id}"
    await hub.db.apply(Changeset((Put(Answers.table, TENANT, name, None, 1, await read(hub.db, order_id)),)))
    retention = RetentionActions(hub.db, Writer(hub.db, hub.clock, hub.new_id), copies=(answers,))
    clock.at = NOW + 30 * DAY_MS
    assert await forget(retention) == Tally(anonymized=1)
    assert (await answers.stored(TENANT, name))[1]["consumer"] == {"addresses": [ANONYMOUS]}
    clock.at = NOW + 210 * DAY_MS
    assert await forget(retention) == Tally(deleted=1)
    assert await run_sql(hub.settings.database, f"select count(*) from configurations where id = '{name}'") == [(0,)]  # noqa: S608 - our own id


async def test_the_past_of_an_order_is_told_without_its_person(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """Versions, history and feed go on; of a deleted order they tell when it changed, and its process goes."""
    order_id = await placed(admin)
    process_id = (await admin.get(f"/api/orders/{order_id}")).json()["processId"]
    said = {"name": "UPDATE_PROCESS_DELETION_DATE", "deletionDate": "2030-01-01", "version": 2}
    assert (await admin.post(f"/api/processes/{process_id}/actions", said)).status_code == 200
    ((_, _, _, process),) = await told(hub, process_id)
    clock.at = NOW + 30 * DAY_MS
    assert await forget(retention_of(hub)) == Tally(anonymized=1)
    assert await told(hub, process_id) == [(1, "PROCESS_MODIFIED", ANONYMIZED, process)]
    admin = await again(admin, hub)
    first = (await admin.get(f"/opendoms/v1/orders/{order_id}?version=1")).json()
    assert first["consumer"] == {"addresses": [ANONYMOUS]}
    assert (await admin.get(f"/api/processes/{process_id}")).json()["isAnonymized"] is True
    clock.at = NOW + 210 * DAY_MS
    assert await forget(retention_of(hub)) == Tally(deleted=1)
    admin = await again(admin, hub)
    for version in (1, 3, 4):
        await admin.refused(404, "GET", f"/opendoms/v1/orders/{order_id}?version={version}")
    history = (await admin.get(f"/opendoms/v1/orders/{order_id}/history")).json()
    assert [one["event"] for one in history["versions"]] == [
        "ORDER_DELETED",
        "ORDER_ANONYMIZED",
        "ORDER_CANCELLED",
        "ORDER_CREATED",
    ]
    feed = (await admin.get("/opendoms/v1/events?size=100")).text
    assert "Cologne" not in feed
    assert "ORDER_DELETED" in feed
    assert (await admin.get(f"/api/processes/{process_id}")).status_code == 404
    assert await run_sql(hub.settings.database, "select count(*) from processes") == [(0,)]
    left = {"id": process_id, "version": 1}
    assert await told(hub, process_id) == [
        (1, "PROCESS_MODIFIED", ANONYMIZED, left),
        (2, "PROCESS_DELETED", "opendoms", left),
    ]


async def test_another_tenant_is_not_touched(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """What is due of one tenant is done for that one only."""
    order_id = await placed(admin)
    await run_sql(hub.settings.database, "update orders set tenant = 'other' where true")
    clock.at = NOW + 300 * DAY_MS
    assert await forget(retention_of(hub)) == Tally()
    assert await run_sql(hub.settings.database, f"select count(*) from orders where id = '{order_id}'") == [(1,)]  # noqa: S608 - our own id
