"""A scene on a fresh database of each engine, and a receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from opendoms.db.engine import Engine
from tests.events.scene import Scene
from tests.receiver import Receiver


@pytest.fixture
async def scene(engine: Engine) -> AsyncIterator[Scene]:
    """Stops its relays in the end."""
    scene = Scene(engine)
    yield scene
    await scene.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Takes everything, unless the test says otherwise."""
    async with Receiver().listening() as receiver:
        yield receiver
