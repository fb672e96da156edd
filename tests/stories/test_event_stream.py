"""A stream of events from the real server: it goes on, and it ends whole when the server is stopped."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx

from opendoms.db.migrate import migrate
from tests.server import Server, token
from tests.stories.test_command_line import ORDER

ANSWER_S = 20


async def test_a_stream_ends_whole_at_sigterm(tmp_path: Path) -> None:
    """An order is told while it is listened to; SIGTERM ends the stream cleanly, long before the drain would cut it."""
    database = f"sqlite:///{tmp_path}/opendoms.db"
    await migrate(database)
    access = await asyncio.to_thread(token, database)
    headers = {"Authorization": f"Bearer {access}", "Accept": "text/event-stream"}
    with Server(database, tmp_path / "server.log") as server:
        async with (
            httpx.AsyncClient(base_url=server.url, headers=headers, timeout=ANSWER_S) as client,
            client.stream("GET", "/opendoms/v1/events") as stream,
        ):
            assert stream.headers["content-type"] == "text/event-stream"
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            order = (await client.post("/api/orders", json=ORDER)).json()
            told = await data_of(lines)
            assert told["payload"] == order
            async with asyncio.timeout(ANSWER_S):
                stopping = asyncio.create_task(asyncio.to_thread(server.stop))
                # An answer that breaks off would raise here.
                rest = [line async for line in lines]
                assert await stopping == 0
        assert rest[-2:] == [": come back", ""]
    assert "Traceback" not in (tmp_path / "server.log").read_text()


async def data_of(lines: object) -> dict[str, object]:
    """The next event."""
    async for line in lines:  # type: ignore[attr-defined]  # httpx does not name the type of its iterator
        if line.startswith("data: "):
            found: dict[str, object] = json.loads(line.removeprefix("data: "))
            return found
    raise AssertionError("the stream ended")
