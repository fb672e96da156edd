"""When retention works: by timers that the look sets, on one node at a time, also where a clock is moved."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from opendoms.app import Hub, application, hub_for, retention_of
from opendoms.db.timers import Claim
from opendoms.identity.issuing import issue_token
from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.duration import DAY_MS
from opendoms.retention import task as task_module
from opendoms.retention.actions import BATCH_MAX, Tally
from opendoms.retention.subjects import SUBJECTS
from opendoms.retention.task import RETENTION, NothingDone, RetentionTask
from opendoms.settings import Settings
from opendoms.timers.runner import TimerRunner
from opendoms.timers.store import Whose
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.record_samples import put, sale, switched_on
from tests.databases import run_sql
from tests.identity.stand_ins import NOW, StillClock
from tests.retention.test_ending import placed

TENANT = "default"
ANSWER_S = 30
WHOSE = Whose()


async def timers(hub: Hub) -> list[tuple[Any, ...]]:
    """entity_id and due of the timers of retention."""
    sql = f"select entity_id, due from timers where kind = '{RETENTION}' order by entity_id"  # noqa: S608 - our own name
    return await run_sql(hub.settings.database, sql)


async def test_the_look_sets_a_timer_to_what_falls_due_first(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """One per kind; it moves to an earlier date, never to a later one, and is not set where nothing ever falls due."""
    task = RetentionTask(hub.db, retention_of(hub))
    assert await task.look_at_all() is False
    facility_id = await switched_on(admin)
    await placed(admin, cancelled=False)
    await put(admin, sale(1, facilityRef=facility_id))
    assert await task.look_at_all() is True
    assert await timers(hub) == [("ORDER_RECORD", NOW + 30 * DAY_MS)]
    clock.at += 5
    await placed(admin)
    await hub.db.apply(Changeset(timers=(Timer(TENANT, RETENTION, "ORDER_RECORD", NOW + 99 * DAY_MS),)))
    assert await task.look_at_all() is True
    wanted = [("ORDER", NOW + 5 + 30 * DAY_MS), ("ORDER_RECORD", NOW + 30 * DAY_MS)]
    assert await timers(hub) == wanted
    assert await task.look_at_all() is False
    await hub.db.apply(Changeset(timers=(Timer(TENANT, RETENTION, "ORDER", NOW),)))
    assert await task.look_at_all() is False


async def test_batch_after_batch_until_nothing_is_due(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """The runner does a small batch at a time, and the timer stands at the end of what is left."""
    for number in range(BATCH_MAX + 2):
        await placed(admin, tenantOrderId=f"shop-{number}")
    task = RetentionTask(hub.db, retention_of(hub), pause_s=0)
    runner = TimerRunner(hub.db, hub.clock, {RETENTION: task.handle}, batch_max=1, hears=False)
    clock.at = NOW + 30 * DAY_MS
    await task.look_at_all()
    ran = 0
    while dues := await runner.claim(clock.at, WHOSE, 1):
        assert await runner.handle(dues) == [True]
        ran += 1
        (left,) = await run_sql(hub.settings.database, "select count(*) from orders where not anonymized")
        assert left[0] == max(0, BATCH_MAX + 2 - ran * BATCH_MAX)
    assert ran == 2
    assert await timers(hub) == [("ORDER", NOW + 210 * DAY_MS)]


async def test_others_have_their_turn_within_a_batch(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """A few entities are handled together, and then those who post orders go first."""
    for number in range(5):
        await placed(admin, tenantOrderId=f"shop-{number}")
    clock.at = NOW + 30 * DAY_MS
    retention, left = retention_of(hub), []

    async def rest(took: float) -> None:
        assert took > 0
        left.extend(await run_sql(hub.settings.database, "select count(*) from orders where not anonymized"))

    policy = await retention.policy(TENANT)
    tally = await retention.batch(SUBJECTS["ORDER"], TENANT, policy, together=2, rest=rest)
    assert tally == Tally(anonymized=5)
    assert left == [(3,), (1,), (0,)]


async def test_one_node_works_on_a_kind_of_a_tenant_at_a_time(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """The timer is the claim; a node that dies holding it is followed by another one."""
    await placed(admin)
    task = RetentionTask(hub.db, retention_of(hub), pause_s=0)
    clock.at = NOW + 30 * DAY_MS
    await task.look_at_all()

    def claim(name: str, now: int) -> Claim:
        return Claim(name, [RETENTION], clock.at, now, now + 1_000, 5)

    (held,) = await hub.db.claim_timers(claim("a", clock.at))
    assert await hub.db.claim_timers(claim("b", clock.at + 999)) == []
    assert await task.look_at_all() is False, "a timer in hand is not set again"
    (freed,) = await hub.db.claim_timers(claim("b", clock.at + 1_000))
    await task.handle(freed, clock.at)
    await task.handle(held, clock.at)  # the first one was only slow: nothing is done twice
    counted = await run_sql(hub.settings.database, "select count(*) from events where type = 'ORDER_ANONYMIZED'")
    assert counted == [(1,)]


async def test_what_fails_as_a_whole_is_given_back(
    hub: Hub, api: Api, admin: Caller, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner then tries again after a pause; the timer stays."""
    await placed(admin)
    retention = retention_of(hub)
    task = RetentionTask(hub.db, retention, pause_s=0)
    clock.at = NOW + 30 * DAY_MS
    await task.look_at_all()

    async def failing(*_: Any, **__: Any) -> Tally:
        return Tally(failed=1)

    monkeypatch.setattr(retention, "batch", failing)
    (due,) = await hub.db.claim_timers(Claim("a", [RETENTION], clock.at, clock.at, clock.at + 1_000, 5))
    with pytest.raises(NothingDone):
        await task.handle(due, clock.at)
    assert await timers(hub) == [("ORDER", NOW + 30 * DAY_MS)]


async def test_a_server_forgets_by_itself(
    settings: Settings, clock: StillClock, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its start on, with nobody asking: what is due already is done, and one line in the log says so."""
    monkeypatch.setattr(task_module, "FIRST_LOOK_S", 0)
    hub = hub_for(settings, clock)
    app = application(hub)
    async with app.pages.router.lifespan_context(app.pages):
        token = await issue_token(
            hub.db, hub.clock, subject="t", tenant=TENANT, roles=["ADMIN"], permissions=[], expires_s=3600
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test") as http:
            order_id = await placed(Caller(http, token, check))
    clock.at = NOW + 30 * DAY_MS
    done = asyncio.Event()
    apply = hub.db.apply

    async def watched(changeset: Changeset) -> None:
        await apply(changeset)
        if any(event.type == "ORDER_ANONYMIZED" and event.entity_id == order_id for event in changeset.events):
            done.set()

    monkeypatch.setattr(hub.db, "apply", watched)
    app = application(hub)
    async with app.pages.router.lifespan_context(app.pages), asyncio.timeout(ANSWER_S):
        await done.wait()


class TestSandbox:
    """Moving the clock of a sandbox runs what falls due on the way."""

    @pytest.fixture
    def settings(self, database_url: str) -> Settings:
        """A sandbox."""
        return Settings(database=database_url, log_requests=False, sandbox=True)

    async def test_moving_the_clock_forgets_on_the_way(self, hub: Hub, api: Api, caller_for: CallerFor) -> None:
        """Persons go at their instant, and what is deleted goes at its own, before the clock has arrived."""
        admin = await caller_for()
        facility_id = await switched_on(admin)
        await put(admin, sale(1, facilityRef=facility_id, consumer={"email": "a"}))
        order_id = await placed(admin)
        moved = await admin.unjudged("PUT", "/opendoms/v1/clock", {"advance": "P31D"})
        assert [one["kind"] for one in moved.json()["ran"]] == [RETENTION, RETENTION], moved.text
        admin = await caller_for()
        shown = (await admin.get(f"/api/orders/{order_id}")).json()
        assert (shown["anonymized"], shown["version"]) == (True, 3)
        (record,) = (await admin.get("/api/orderrecords")).json()["orderRecords"]
        assert record["anonymized"] is True
        assert record["lastModified"] == record["gdprCleanupDate"], "the clock stood at that very instant"
        await admin.unjudged("PUT", "/opendoms/v1/clock", {"advance": "P180D"})
        admin = await caller_for()
        assert (await admin.get(f"/api/orders/{order_id}")).status_code == 404
        assert (await admin.get("/api/orderrecords")).json()["orderRecords"] == []
