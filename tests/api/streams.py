"""Listening to an answer that goes on, as a client of server-sent events does."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from opendoms.web.api import Api

ANSWER_S = 20.0


class Block(NamedTuple):
    """One server-sent event: its id, its name, and its data as JSON; comments have neither name nor data."""

    id: str
    event: str
    data: Any


class Listener:
    """A request whose answer comes in parts; `blocks` are those that have come so far."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.finished = False
        self._text = b""
        self._came = asyncio.Condition()
        self._gone = asyncio.Event()
        self._asked = False

    async def receive(self) -> dict[str, Any]:
        """The request, which has no body, and then silence until `leave`."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Takes a part."""
        async with self._came:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                self._text += message["body"]
                self.finished = not message.get("more_body", False)
            self._came.notify_all()

    def leave(self) -> None:
        """Hangs up."""
        self._gone.set()

    @property
    def blocks(self) -> list[Block]:
        """Every whole block so far."""
        return [_block(text) for text in self._text.decode().split("\n\n")[:-1]]

    @property
    def events(self) -> list[Block]:
        """The blocks that carry an event."""
        return [block for block in self.blocks if block.event]

    async def until(self, events: int) -> list[Block]:
        """Waits until so many events have come, and returns them."""
        async with asyncio.timeout(ANSWER_S), self._came:
            await self._came.wait_for(lambda: len(self.events) >= events)
        return self.events

    async def end(self) -> None:
        """Waits until the answer is whole."""
        async with asyncio.timeout(ANSWER_S), self._came:
            await self._came.wait_for(lambda: self.finished)

    async def begun(self) -> None:
        """Waits for the first block."""
        async with asyncio.timeout(ANSWER_S), self._came:
            await self._came.wait_for(lambda: bool(self.blocks) or self.finished)


def _block(text: str) -> Block:
    members: dict[str, str] = {}
    for line in text.split("\n"):
        name, _, value = line.partition(": ")
        members[name] = members.get(name, "") + value
    data = json.loads(members["data"]) if "data" in members else None
    return Block(members.get("id", ""), members.get("event", ""), data)


@contextlib.asynccontextmanager
async def listening(api: Api, path: str, authorization: str, **headers: str) -> AsyncIterator[Listener]:
    """A GET whose answer is listened to until the block is left. A header `x_y` is sent as `x-y`."""
    listener = Listener()
    route, _, query = path.partition("?")
    sent = {"authorization": authorization, "accept": "text/event-stream"} | headers
    scope = {
        "type": "http",
        "method": "GET",
        "path": route,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("hub.test", 80),
    }
    task = asyncio.create_task(api(scope, listener.receive, listener.send))
    try:
        yield listener
    finally:
        listener.leave()
        async with asyncio.timeout(ANSWER_S):
            await task
