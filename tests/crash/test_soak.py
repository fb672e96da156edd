"""The soak of `make soak`, small: the server is killed while orders change, and no endpoint misses anything."""

from __future__ import annotations

from pathlib import Path

from bench.soak import Asked, soak


async def test_every_endpoint_that_came_back_has_every_event_in_order(tmp_path: Path) -> None:
    """One is well, one answers 500 half the time, one hangs, one is down; the server is killed in the middle of it."""
    database = f"sqlite:///{tmp_path / 'soak.db'}"
    assert await soak(Asked(database, changes=150, kills=1, down=0.2, drain=60)) == []
