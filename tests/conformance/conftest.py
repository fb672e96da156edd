"""Whatever a test of the store did through an open engine, the search index holds exactly what is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conformance.searchable import assert_index_is_right


@pytest.fixture(autouse=True)
async def the_index_is_right(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Looks after a test that has an open engine."""
    watched = {"engine", "database_url"} <= {*request.fixturenames}
    url: str = request.getfixturevalue("database_url") if watched else ""
    yield
    if watched:
        await assert_index_is_right(url)
