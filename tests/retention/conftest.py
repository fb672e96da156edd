"""A hub whose clock a test moves past the dates of retention."""

from __future__ import annotations

import pytest

from opendoms.app import Hub, hub_for
from opendoms.retention import task as task_module
from opendoms.settings import Settings
from tests.api.conftest import admin, answerable, api, caller_for, check, http, judge
from tests.identity.stand_ins import StillClock

__all__ = ["admin", "answerable", "api", "caller_for", "check", "http", "judge"]


@pytest.fixture(autouse=True)
def tests_look_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine the hub's own first look would be there before the test's."""
    monkeypatch.setattr(task_module, "FIRST_LOOK_S", 3_600)


@pytest.fixture
def clock() -> StillClock:
    """A clock that only a test moves."""
    return StillClock()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Defaults on the test's own database, without request lines."""
    return Settings(database=database_url, log_requests=False)


@pytest.fixture
def hub(settings: Settings, clock: StillClock) -> Hub:
    """What the application is built from; open while `api` is in use."""
    return hub_for(settings, clock)
