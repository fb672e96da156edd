"""The clock of a sandbox: moved, held and released, per tenant, with what falls due on the way."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

import opendoms.app
from opendoms.app import Hub, application, hub_for
from opendoms.db.sqlfile import Query
from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.due import Due
from opendoms.settings import Settings
from opendoms.timers import actions
from opendoms.timers.refreshing import REFRESH_MS
from opendoms.timers.sandbox_clock import SandboxClock
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_orders import order
from tests.identity.stand_ins import NOW, StillClock
from tests.tree import text_of as text_of_file

PATH = "/opendoms/v1/clock"
TENANT = "default"
HOUR = 3_600_000
START = text_of(NOW)


class Chores:
    """The handler of the kind CHORE: notes the instants, sets further timers or fails where a test wants it."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.done: list[tuple[str, int, int]] = []
        self.follow_ups: dict[str, Timer] = {}
        self.broken: set[str] = set()
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.ran = asyncio.Event()

    async def handle(self, due: Due, now: int) -> None:
        """Notes entity, due time and present instant."""
        assert self.hub is not None
        assert self.hub.clock.now(due.tenant) == now
        if due.entity_id in self.broken:
            raise RuntimeError
        if self.meanwhile is not None:
            await self.meanwhile()
        self.done.append((due.entity_id, due.due, now))
        if due.entity_id in self.follow_ups:
            await self.hub.db.apply(Changeset(timers=(due.done(), self.follow_ups[due.entity_id])))
        self.ran.set()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """A sandbox."""
    return Settings(database=database_url, log_requests=False, sandbox=True)


@pytest.fixture
def machine() -> StillClock:
    """The machine's clock, which a test moves."""
    return StillClock()


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch) -> Chores:
    """The one handler of the hub."""
    handler = Chores()
    monkeypatch.setattr(opendoms.app, "timer_handlers", lambda _hub: {"CHORE": handler.handle})
    return handler


@pytest.fixture
def hub(settings: Settings, machine: StillClock, chores: Chores) -> Hub:
    """A sandbox whose machine's clock stands."""
    chores.hub = hub_for(settings, machine)
    return chores.hub


def chore(name: str, due: int, *, tenant: str = TENANT) -> Timer:
    """A timer of the kind CHORE."""
    return Timer(tenant, "CHORE", name, due)


def told(name: str, due: int) -> dict[str, str]:
    """How an answer tells of a timer."""
    return {"kind": "CHORE", "entityId": name, "due": text_of(due)}


async def moved(caller: Caller, change: dict[str, Any]) -> dict[str, Any]:
    """The answer to a change that must be taken."""
    answer = await caller.put(PATH, change)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def stored(hub: Hub, sql: str) -> list[Any]:
    """Rows of the database, read past the API."""
    return [tuple(row) for row in await hub.db.rows(Query("stored", sql, sql, ()), {})]


async def test_at_first_the_clock_is_the_machine_s(admin: Caller, machine: StillClock) -> None:
    """It runs, and shows what the machine's shows."""
    assert (await admin.get(PATH)).json() == {"now": START, "frozen": False}
    machine.at += 5
    assert (await admin.get(PATH)).json() == {"now": text_of(NOW + 5), "frozen": False}


async def test_an_instant_freezes_the_clock_at_it(admin: Caller, machine: StillClock) -> None:
    """With any offset; from then on it stands, whatever the machine's clock does."""
    expected = {"now": "2031-01-01T00:00:00.000Z", "frozen": True}
    assert await moved(admin, {"now": "2031-01-01T02:00:00+02:00"}) == {**expected, "ran": [], "failed": []}
    machine.at += HOUR
    assert (await admin.get(PATH)).json() == expected


async def test_a_clock_is_moved_on_and_stands_or_runs_as_before(admin: Caller, machine: StillClock) -> None:
    """A running one runs on from there, a frozen one stands there."""
    assert await moved(admin, {"advance": "PT8H"}) == {
        "now": text_of(NOW + 8 * HOUR), "frozen": False, "ran": [], "failed": [],
    }  # fmt: skip
    machine.at += 7
    assert (await admin.get(PATH)).json() == {"now": text_of(NOW + 8 * HOUR + 7), "frozen": False}
    held = await moved(admin, {"frozen": True})
    assert (held["now"], held["frozen"]) == (text_of(NOW + 8 * HOUR + 7), True)
    machine.at += 100
    on = await moved(admin, {"advance": "P1D"})
    assert (on["now"], on["frozen"]) == (text_of(NOW + 32 * HOUR + 7), True)


async def test_a_released_clock_runs_on_from_where_it_stood(admin: Caller, machine: StillClock) -> None:
    """Not from the machine's time."""
    await moved(admin, {"now": text_of(NOW + 9 * HOUR)})
    machine.at += HOUR
    released = await moved(admin, {"frozen": False})
    assert (released["now"], released["frozen"]) == (text_of(NOW + 9 * HOUR), False)
    machine.at += 250
    assert (await admin.get(PATH)).json() == {"now": text_of(NOW + 9 * HOUR + 250), "frozen": False}


async def test_the_whole_hub_goes_by_the_clock(admin: Caller, hub: Hub) -> None:
    """What is created now carries the clock's instant, in the entity and in history."""
    await moved(admin, {"now": "2031-01-01T00:00:00Z"})
    created = await admin.post("/api/orders", order())
    assert created.json()["created"] == "2031-01-01T00:00:00.000Z"
    assert await stored(hub, "select at from events where entity_kind = 'ORDER'") == [
        (instant_from("2031-01-01T00:00:00Z"),)
    ]


async def test_every_tenant_has_a_clock_of_its_own(admin: Caller, caller_for: CallerFor, hub: Hub) -> None:
    """Moving one moves no other, and runs nobody else's timers."""
    other = await caller_for(tenant="other")
    await hub.db.apply(Changeset(timers=(chore("mine", NOW + 5), chore("theirs", NOW + 5, tenant="other"))))
    assert (await moved(admin, {"advance": "PT1H"}))["ran"] == [told("mine", NOW + 5)]
    assert (await other.get(PATH)).json() == {"now": START, "frozen": False}
    assert (await moved(other, {"advance": "PT1S"}))["ran"] == [told("theirs", NOW + 5)]


async def test_tokens_go_by_the_machine_s_clock(admin: Caller, machine: StillClock) -> None:
    """A token of an hour holds though the tenant's clock is years ahead, and lapses with the machine's."""
    await moved(admin, {"now": "2099-01-01T00:00:00Z"})
    assert (await admin.get(PATH)).status_code == 200
    machine.at += 2 * HOUR
    assert (await admin.get(PATH)).status_code == 401


async def test_what_falls_due_runs_in_order_each_at_its_own_instant(admin: Caller, hub: Hub, chores: Chores) -> None:
    """Before the answer, which tells of it; the clock steps through the due times. What is due later stays."""
    due = {
        "c": NOW + 3 * HOUR,
        "a": NOW + HOUR,
        "b1": NOW + 2 * HOUR,
        "late": NOW + 8 * HOUR + 1,
        "end": NOW + 8 * HOUR,
    }
    await hub.db.apply(Changeset(timers=tuple(chore(name, at) for name, at in due.items())))
    answer = await moved(admin, {"advance": "PT8H"})
    assert answer["ran"] == [told(name, due[name]) for name in ("a", "b1", "c", "end")]
    assert answer["failed"] == []
    assert chores.done == [(name, due[name], due[name]) for name in ("a", "b1", "c", "end")]
    assert await stored(hub, "select entity_id from timers") == [("late",)]


async def test_what_a_handler_sets_on_the_way_runs_as_well(admin: Caller, hub: Hub, chores: Chores) -> None:
    """A chain of timers is followed up to the target."""
    chores.follow_ups = {"a": chore("b", NOW + 20), "b": chore("c", NOW + 30), "c": chore("d", NOW + 5_000)}
    await hub.db.apply(Changeset(timers=(chore("a", NOW + 10), chore("z", NOW + 25))))
    answer = await moved(admin, {"now": text_of(NOW + 1_000)})
    assert answer["ran"] == [told("a", NOW + 10), told("b", NOW + 20), told("z", NOW + 25), told("c", NOW + 30)]
    assert await stored(hub, "select entity_id from timers") == [("d",)]


async def test_a_failure_is_told_and_does_not_stop_the_clock(admin: Caller, hub: Hub, chores: Chores) -> None:
    """The others run; the one that failed keeps its timer, with the attempt counted."""
    chores.broken = {"b"}
    await hub.db.apply(Changeset(timers=(chore("a", NOW + 1), chore("b", NOW + 2), chore("c", NOW + 3))))
    answer = await moved(admin, {"advance": "PT1S"})
    assert answer["now"] == text_of(NOW + 1_000)
    assert answer["ran"] == [told("a", NOW + 1), told("c", NOW + 3)]
    assert answer["failed"] == [told("b", NOW + 2)]
    assert await stored(hub, "select entity_id, attempts from timers") == [("b", 1)]


async def test_a_timer_that_is_due_already_needs_no_call(admin: Caller, hub: Hub, chores: Chores) -> None:
    """In a tenant whose clock is ahead, running or not, what is set for a time that has passed runs by itself."""
    for change in ({"advance": "P1D"}, {"frozen": True}):
        await moved(admin, change)
        await hub.db.apply(Changeset(timers=(chore("a", NOW + 24 * HOUR),)))
        await asyncio.wait_for(chores.ran.wait(), 10)
        chores.ran.clear()
    assert chores.done == [("a", NOW + 24 * HOUR, NOW + 24 * HOUR)] * 2


async def test_time_does_not_go_back(admin: Caller, hub: Hub) -> None:
    """An earlier instant is refused with the present one, and nothing is changed; the present one is fine."""
    await moved(admin, {"now": text_of(NOW + HOUR)})
    before = await stored(hub, "select document from sandbox_clocks")
    (summary,) = await admin.refused(400, "PUT", PATH, {"now": text_of(NOW + HOUR - 1)})
    assert summary == f"now: expected no earlier than {text_of(NOW + HOUR)}, which the clock shows"
    assert await stored(hub, "select document from sandbox_clocks") == before
    assert (await moved(admin, {"now": text_of(NOW + HOUR)}))["now"] == text_of(NOW + HOUR)


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({}, "the body"),
        ({"now": START, "advance": "PT1H"}, "the body"),
        ({"now": START, "frozen": False}, "the body"),
        ({"now": "tomorrow"}, "now"),
        ({"advance": "8 hours"}, "advance"),
        ({"advance": "-PT8H"}, "advance"),
        ({"advance": "P1M"}, "advance"),
        ({"advance": "P999999999W"}, "advance"),
        ({"now": "9999-12-31T23:59:59Z"}, "now"),
        ({"frozen": "no"}, "frozen"),
        ({"frozen": False, "speed": 2}, "speed"),
    ],
)
async def test_a_wrong_change_is_refused(admin: Caller, hub: Hub, body: dict[str, Any], member: str) -> None:
    """The fault names the member, and the clock stays as it was."""
    summaries = await admin.refused(400, "PUT", PATH, body)
    assert summaries[0].partition(":")[0] == member
    assert await stored(hub, "select count(*) from sandbox_clocks") == [(0,)]
    assert (await admin.get(PATH)).json() == {"now": START, "frozen": False}


async def test_too_many_timers_on_the_way_move_nothing(
    admin: Caller, hub: Hub, chores: Chores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal says how far the clock may be moved; so far it is."""
    monkeypatch.setattr(actions, "TIMERS_MAX", 3)
    await hub.db.apply(Changeset(timers=tuple(chore(f"o{number}", NOW + number) for number in range(1, 6))))
    answer = await admin.put(PATH, {"advance": "PT1H"})
    assert answer.status_code == 409
    assert answer.json() == [
        {
            "summary": "More than 3 timers fall due on the way; nothing was moved.",
            "description": f"Move the clock in smaller steps, the first one to before {text_of(NOW + 4)}.",
        }
    ]
    assert chores.done == []
    assert (await admin.get(PATH)).json() == {"now": START, "frozen": False}
    assert len((await moved(admin, {"now": text_of(NOW + 3)}))["ran"]) == 3


async def test_timers_without_end_are_left_half_way(
    admin: Caller, hub: Hub, chores: Chores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where handlers set ever new ones, the refusal says where the clock is, and nothing that ran is undone."""
    monkeypatch.setattr(actions, "TIMERS_MAX", 3)
    chores.follow_ups = {f"o{number}": chore(f"o{number + 1}", NOW + number + 1) for number in range(1, 9)}
    await hub.db.apply(Changeset(timers=(chore("o1", NOW + 1),)))
    (summary,) = await admin.refused(409, "PUT", PATH, {"advance": "PT1H"})
    assert summary == f"More than 3 timers fell due; the clock is at {text_of(NOW + 3)}."
    assert [name for name, _, _ in chores.done] == ["o1", "o2", "o3"]
    assert (await admin.get(PATH)).json() == {"now": text_of(NOW + 3), "frozen": False}


async def test_two_calls_do_not_move_one_clock(admin: Caller, hub: Hub, chores: Chores) -> None:
    """The second is told that the first is at it and changes nothing; after it the clock can be moved again."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        await go_on.wait()

    chores.meanwhile = wait
    await hub.db.apply(Changeset(timers=(chore("a", NOW + 5),)))
    first = asyncio.create_task(moved(admin, {"advance": "PT1H"}))
    await begun.wait()
    for change in ({"advance": "PT1H"}, {"frozen": False}):
        assert await admin.refused(409, "PUT", PATH, change) == ["The clock is being moved by another call."]
    # Half-way the clock shows the due time of what runs just now.
    assert (await admin.get(PATH)).json() == {"now": text_of(NOW + 5), "frozen": True}
    go_on.set()
    assert (await first)["now"] == text_of(NOW + HOUR)
    assert (await moved(admin, {"advance": "PT1H"}))["now"] == text_of(NOW + 2 * HOUR)


async def test_a_call_that_broke_off_lets_others_move_on(
    admin: Caller, hub: Hub, chores: Chores, machine: StillClock
) -> None:
    """Its hold ends by itself; the clock stands where it got to, and what it had not run runs, in order."""
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    chores.meanwhile = hang
    await hub.db.apply(Changeset(timers=(chore("a", NOW + 5), chore("b", NOW + 6))))
    broken = asyncio.create_task(moved(admin, {"advance": "PT1H"}))
    await begun.wait()
    broken.cancel()
    await asyncio.wait([broken])
    chores.meanwhile = None
    machine.at += actions.HOLD_MS - 1
    assert (await admin.put(PATH, {"advance": "PT1H"})).status_code == 409
    machine.at += 1
    assert (await admin.get(PATH)).json() == {"now": text_of(NOW + 5), "frozen": True}
    await moved(admin, {"now": text_of(NOW + HOUR)})
    assert chores.done == [("a", NOW + 5, NOW + 5), ("b", NOW + 6, NOW + 6)]


async def test_the_clock_is_for_administrators(caller_for: CallerFor, http: httpx.AsyncClient, hub: Hub) -> None:
    """Reading and moving need a permission each; without a token nothing is told."""
    reader, writer = await caller_for("ADMIN_MODULES_READ"), await caller_for("ADMIN_MODULES_WRITE")
    assert (await reader.get(PATH)).status_code == 200
    assert "ADMIN_MODULES_WRITE" in (await reader.refused(403, "PUT", PATH, {"frozen": True}))[0]
    assert "ADMIN_MODULES_READ" in (await writer.refused(403, "GET", PATH))[0]
    assert await stored(hub, "select count(*) from sandbox_clocks") == [(0,)]
    assert (await moved(writer, {"frozen": True}))["frozen"] is True
    for method in ("GET", "PUT"):
        assert (await http.request(method, PATH)).status_code == 401


async def test_the_page_shows_what_works(admin: Caller) -> None:
    """Every body in the table of docs/how-to/sandbox-clock.md is taken, one after the other."""
    bodies = re.findall(r"^\| `(\{.*?\})` \|", text_of_file("docs/how-to/sandbox-clock.md"), re.MULTILINE)
    answers = [await moved(admin, json.loads(body)) for body in bodies]
    assert [(answer["now"], answer["frozen"]) for answer in answers] == [
        ("2026-11-24T08:00:00.000Z", True),
        ("2026-11-24T16:00:00.000Z", True),
        ("2026-11-24T16:00:00.000Z", True),
        ("2026-11-24T16:00:00.000Z", False),
    ]


async def test_a_clock_is_kept_and_seen_by_other_processes(
    admin: Caller, hub: Hub, settings: Settings, machine: StillClock, database_kind: str
) -> None:
    """A process that starts later knows it; on PostgreSQL one that runs already sees a move a moment later."""
    await moved(admin, {"now": text_of(NOW + HOUR)})
    other = hub_for(settings, machine)
    app = application(other)
    async with app.pages.router.lifespan_context(app.pages):
        assert isinstance(other.clock, SandboxClock)
        assert other.clock.now(TENANT) == NOW + HOUR
        assert other.clock.now("other") == NOW
        if database_kind == "postgres":
            news = asyncio.Event()
            other.clock.watch(news.set)
            await moved(admin, {"advance": "PT1H"})
            await asyncio.wait_for(news.wait(), 40 * REFRESH_MS / 1000)
            while other.clock.own()[TENANT].is_moving(NOW):
                news.clear()
                await asyncio.wait_for(news.wait(), 40 * REFRESH_MS / 1000)
            assert other.clock.now(TENANT) == NOW + 2 * HOUR


async def test_without_a_sandbox_there_is_no_clock(database_url: str, chores: Chores) -> None:
    """The paths do not exist, for nobody."""
    hub = hub_for(Settings(database=database_url, log_requests=False))
    app = application(hub)
    async with (
        app.pages.router.lifespan_context(app.pages),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test") as client,
    ):
        for method in ("GET", "PUT"):
            assert (await client.request(method, PATH)).status_code == 404
        assert PATH not in (await client.get("/openapi.json")).json()["paths"]
    assert not isinstance(hub.clock, SandboxClock)
