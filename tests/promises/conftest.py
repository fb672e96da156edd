"""A retailer on each engine, and the same one seen from another node."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from tests.promises.shops import Shops


@pytest.fixture
def shops(engine: Engine) -> Shops:
    """Shops on each engine."""
    return Shops(engine)


@pytest.fixture
async def neighbour(database_url: str, shops: Shops) -> AsyncIterator[Shops]:
    """The same shops, on a node of its own with the same clock."""
    opened = engine_for(database_url)
    await opened.open()
    yield Shops(opened, shops.clock)
    await opened.close()
