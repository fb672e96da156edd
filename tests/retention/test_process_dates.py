"""The dates that are set on a process: acted on, once, and not before the order is over."""

from __future__ import annotations

from opendoms.app import Hub, retention_of, runners_of
from opendoms.db.sqlfile import Query
from opendoms.kernel.clock import text_of
from opendoms.kernel.due import Due
from opendoms.kernel.duration import DAY_MS
from opendoms.processes.dates import ProcessDates
from opendoms.processes.rules.said_dates import PROCESS_DATES
from opendoms.retention.task import RetentionTask
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.identity.stand_ins import NOW, StillClock
from tests.retention.test_ending import TENANT, again, cancel, placed, told

TIMERS = "select entity_id, due from timers where kind = 'PROCESS_DATES'"


async def timers(hub: Hub) -> dict[str, int]:
    """When which order is looked at next."""
    return {row[0]: row[1] for row in await hub.db.rows(Query("timers", TIMERS, TIMERS, ()), {})}


async def run(hub: Hub, order_id: str, now: int) -> None:
    """What the runner does when the timer of an order is due."""
    due = Due(TENANT, PROCESS_DATES, order_id, now, None, 0, "claim")
    await ProcessDates(hub.db, retention_of(hub)).handle(due, now)


def test_the_runner_of_retention_runs_them(hub: Hub) -> None:
    """And not the one of promises: many that are due at one midnight hold nothing up."""
    promises, retention = runners_of(hub, RetentionTask(hub.db, retention_of(hub)))
    assert PROCESS_DATES in retention.kinds
    assert PROCESS_DATES not in promises.kinds


async def test_an_order_goes_at_the_dates_of_its_process(hub: Hub, api: Api, admin: Caller, clock: StillClock) -> None:
    """First its person, then all of it, with its timer; and what subscribers are to know stays in history."""
    order_id = await placed(admin, cancelled=False)
    process_id = (await admin.get(f"/api/orders/{order_id}")).json()["processId"]
    first, last = ((NOW // DAY_MS + days) * DAY_MS for days in (2, 5))
    dates = (
        {"name": "UPDATE_GDPR_CLEANUP_DATE", "version": 1, "gdprCleanupDate": text_of(first)[:10]},
        {"name": "UPDATE_PROCESS_DELETION_DATE", "version": 2, "deletionDate": text_of(last)[:10]},
    )
    for date in dates:
        assert (await admin.post(f"/api/processes/{process_id}/actions", date)).status_code == 200
    assert await timers(hub) == {order_id: first}

    clock.at = first
    await run(hub, order_id, first)
    assert await timers(hub) == {order_id: first + DAY_MS}
    admin = await again(admin, hub)
    assert (await admin.get(f"/api/orders/{order_id}")).json()["anonymized"] is False
    assert await cancel(admin, order_id) == 200

    clock.at = first + DAY_MS
    await run(hub, order_id, clock.at)
    assert await timers(hub) == {order_id: last}
    admin = await again(admin, hub)
    assert (await admin.get(f"/api/processes/{process_id}")).json()["isAnonymized"] is True

    clock.at = last
    await run(hub, order_id, last)
    assert await timers(hub) == {}
    admin = await again(admin, hub)
    assert (await admin.get(f"/api/processes/{process_id}")).status_code == 404
    assert [one[1] for one in await told(hub, order_id)][-2:] == ["ORDER_ANONYMIZED", "ORDER_DELETED"]
    assert [one[1] for one in await told(hub, process_id)][-1] == "PROCESS_DELETED"
    details = "select detail from events where type = 'ORDER_DELETED'"
    ((detail,),) = await hub.db.rows(Query("details", details, details, ()), {})
    assert detail == b'{"processId":"%b"}' % process_id.encode()
    await run(hub, order_id, last)  # once more: nothing is there to be done
    assert await timers(hub) == {}


async def test_the_timer_goes_with_an_order_that_the_policy_removes(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """Whoever removes the order takes it away."""
    order_id = await placed(admin)
    process_id = (await admin.get(f"/api/orders/{order_id}")).json()["processId"]
    date = {"name": "UPDATE_PROCESS_DELETION_DATE", "version": 2, "deletionDate": "2099-01-01"}
    assert (await admin.post(f"/api/processes/{process_id}/actions", date)).status_code == 200
    assert list(await timers(hub)) == [order_id]
    clock.at = NOW + 400 * DAY_MS
    await run(hub, order_id, clock.at)
    assert await timers(hub) == {}
    assert [one[1] for one in await told(hub, order_id)][-1] == "ORDER_DELETED"
