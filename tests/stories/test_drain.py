"""SIGTERM while requests are under way: everything that was accepted is answered, and everything answered is stored."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from opendoms.db.connect import engine_for
from opendoms.db.migrate import migrate
from opendoms.db.sqlfile import Query
from tests.server import Server, token
from tests.stories.test_command_line import ORDER

CLIENTS = 8
BODY = json.dumps(ORDER).encode()

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def begin(url: str, access: str) -> Connection:
    """A connection on which a request has begun: its head and half of its body are sent."""
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    head = (
        f"POST /api/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {access}\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    writer.write(head.encode() + BODY[:50])
    await writer.drain()
    return reader, writer


async def finish(connection: Connection) -> str:
    """Sends the rest, reads the whole answer until the server closes; the id of the order that it tells."""
    reader, writer = connection
    writer.write(BODY[50:])
    await writer.drain()
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 "), answer
    order_id: str = json.loads(body)["id"]
    return order_id


@pytest.mark.slow
async def test_sigterm_cuts_nothing_off(database_url: str, tmp_path: Path) -> None:
    """Requests that had begun are answered after SIGTERM, new ones are not taken, and the exit code is 0."""
    await migrate(database_url)
    access = await asyncio.to_thread(token, database_url)
    with Server(database_url, tmp_path / "server.log") as server:
        begun = [await begin(server.url, access) for _ in range(CLIENTS)]
        # One answered request behind them: the server has read the others' beginnings by now.
        first = await asyncio.to_thread(
            httpx.post, f"{server.url}/api/orders", json=ORDER, headers={"Authorization": f"Bearer {access}"}
        )
        stopping = asyncio.ensure_future(asyncio.to_thread(server.stop))
        await refuses(server.url)
        answered = [await finish(connection) for connection in begun]
        assert await stopping == 0
    engine = engine_for(database_url)
    await engine.open()
    sql = "select id from orders"
    stored = [row[0] for row in await engine.rows(Query("ids", sql, sql, ()), {})]
    await engine.close()
    assert sorted(stored) == sorted([first.json()["id"], *answered])


async def refuses(url: str) -> None:
    """Returns once nobody listens any more."""
    at = urlsplit(url)
    while True:
        try:
            _, writer = await asyncio.open_connection(at.hostname, at.port)
        except ConnectionRefusedError:
            return
        writer.close()
        await asyncio.sleep(0.01)
