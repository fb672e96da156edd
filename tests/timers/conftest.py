"""An engine that counts, a clock that stands, and a runner on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from opendoms.db.engine import Engine
from opendoms.timers.runner import Handler
from tests.identity.stand_ins import CountingEngine, StillClock
from tests.timers.runners import KIND, WatchedRunner

Start = Callable[..., WatchedRunner]


@pytest.fixture
def clock() -> StillClock:
    """A clock that only a test moves."""
    return StillClock()


@pytest.fixture
def db(engine: Engine) -> CountingEngine:
    """An open database, which counts what is asked of it and can be made unreachable."""
    return CountingEngine(engine)


@pytest.fixture
async def start(db: CountingEngine, clock: StillClock) -> AsyncIterator[Start]:
    """Starts runners, and stops them in the end: `start(handler, handler_s_max=…)`."""
    started: list[WatchedRunner] = []

    def begin(handler: Handler, *, kind: str = KIND, **more: Any) -> WatchedRunner:
        runner = WatchedRunner(db, clock, {kind: handler}, **more)
        runner.start()
        started.append(runner)
        return runner

    yield begin
    for runner in started:
        await runner.stop()
