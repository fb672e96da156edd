"""`opendoms serve --sandbox`: the clock of a real server, and none without the option."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.server import Server, token

PATH = "/opendoms/v1/clock"

pytestmark = pytest.mark.slow


def test_the_option_gives_a_clock_that_is_kept(tmp_path: Path) -> None:
    """With it the clock can be moved, and a restart knows where it stood; without it there is none."""
    database = f"sqlite:///{tmp_path / 'opendoms.db'}"
    headers = {"Authorization": f"Bearer {token(database)}"}
    log = tmp_path / "server.log"
    with Server(database, log, "--sandbox") as server, httpx.Client(base_url=server.url, headers=headers) as http:
        before = http.get(PATH).json()
        assert before["frozen"] is False
        moved = http.put(PATH, json={"now": "2999-01-01T00:00:00Z"})
        assert (moved.status_code, moved.json()["now"]) == (200, "2999-01-01T00:00:00.000Z")
        assert server.stop() == 0
    with Server(database, log, "--sandbox") as server, httpx.Client(base_url=server.url, headers=headers) as http:
        assert http.get(PATH).json() == {"now": "2999-01-01T00:00:00.000Z", "frozen": True}
        assert server.stop() == 0
    with Server(database, log) as server, httpx.Client(base_url=server.url, headers=headers) as http:
        assert http.get(PATH).status_code == 404
        assert server.stop() == 0
