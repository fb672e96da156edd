"""What identity tests share: a fresh database of each engine, and a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.identity.passwords import Passwords
from tests.identity.sign_in_client import CHEAP, Client
from tests.identity.stand_ins import CountingEngine, StillClock


@pytest.fixture
def clock() -> StillClock:
    """A clock that only a test moves."""
    return StillClock()


@pytest.fixture
def db(engine: Engine) -> CountingEngine:
    """An open database, which counts what is asked of it and can be made unreachable."""
    return CountingEngine(engine)


@pytest.fixture
async def embedded_db(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[CountingEngine]:
    """The same on the embedded engine alone, for what one engine shows as well as two."""
    path = shutil.copy(sqlite_template, tmp_path / "identity.db")
    engine = engine_for(f"sqlite:///{path}")
    await engine.open()
    yield CountingEngine(engine)
    await engine.close()


@pytest.fixture
def client(db: CountingEngine, clock: StillClock) -> Iterator[Client]:
    """A client of a hub with cheap hashing."""
    passwords = Passwords(CHEAP)
    yield Client(db, clock, passwords)
    passwords.close()
