"""The description of the hub as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from opendoms.app import api_routes, hub_for
from opendoms.settings import Settings
from opendoms.web.openapi import describe
from opendoms.web.routing import Route


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[Route]:
    """Every route of the hub. No database is opened for them."""
    path: Path = tmp_path_factory.mktemp("unopened") / "unopened.db"
    return api_routes(hub_for(Settings(database=f"sqlite:///{path}")))


@pytest.fixture(scope="session")
def description(routes: list[Route]) -> dict[str, Any]:
    """The description of these routes, as plain JSON values."""
    return describe(routes, "opendoms", "1.2.3")
