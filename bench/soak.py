"""Kills the server again and again while orders change, and checks what four endpoints have received.

    python bench/soak.py sqlite:////tmp/soak.db
    python bench/soak.py postgresql://postgres@localhost/soak --changes 100000 --kills 20 --down 60

One endpoint takes everything, one answers 500 half the time, one never answers, one is down for a while. When all
changes are made, all are well, and what waits for a retry is asked for at once. Then each must have every event, those
of an order in order, and what came twice with the same id. The database is migrated first and is left with the orders
in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import httpcore
import httpx
import uvloop

from opendoms.app import tables
from opendoms.db.connect import engine_for
from opendoms.db.migrate import migrate
from opendoms.db.sqlfile import parse
from tests.receiver import OK, Received, Receiver
from tests.server import Server, token

EVENTS: Final = ("ORDER_CREATED", "ORDER_MODIFIED", "ORDER_CANCELLED")
WELL, FLAKY, HANGING, DOWN = "well", "flaky", "hanging", "down"
CALLERS: Final = 12
EDITS: Final = 8  # of each order, so that there is an order to keep
LOOK_S: Final = 0.05
SERVER: Final = {
    "OPENDOMS_WEBHOOK_ALLOW_PRIVATE_NETWORKS": "true",
    "OPENDOMS_WEBHOOK_DELIVERIES_PER_SECOND_MAX": "5000",
    "OPENDOMS_LOG_REQUESTS": "false",
}
ORDER: Final[dict[str, Any]] = {
    "orderDate": "2026-11-20T08:00:00Z",
    "consumer": {"consumerId": "c"},
    "orderLineItems": [{"quantity": 1, "article": {"tenantArticleId": "A", "title": "Article"}}],
}
TRUTH: Final = parse(
    "-- name: truth\n"
    "select entity_id, seq, event_id, type from events where entity_kind = 'ORDER' order by entity_id, seq"
)["truth"]


class Asked(NamedTuple):
    """How much, how often; times in seconds."""

    database: str
    changes: int
    kills: int
    down: float
    drain: float


class Endpoint(Receiver):
    """Keeps of every request only what the check needs; 500 or silence as its name says, until it is `mended`."""

    def __init__(self, name: str, dice: random.Random) -> None:
        super().__init__()
        self.name = name
        self._dice = dice
        self.mended = False
        self.got: list[tuple[str, int, str]] = []
        self.refusals = 0

    def receive(self, request: Received) -> int | None:
        """Notes what it takes."""
        if not self.mended:
            if self.name == HANGING:
                return None
            if self.name == FLAKY and self._dice.random() < 1 / 2:
                self.refusals += 1
                return 500
        self.got.append((sys.intern(request.entity_id), request.sequence, request.event_id))
        return OK


class Load:
    """Changes orders through the API, whatever becomes of the server."""

    def __init__(self, changes: int, access: str) -> None:
        self._left = changes
        self._headers = [
            ("Host", "localhost"),
            ("Authorization", f"Bearer {access}"),
            ("Content-Type", "application/json"),
        ]
        self._changed = asyncio.Event()
        self.done = 0
        self.url = ""

    async def reached(self, count: int) -> None:
        """Returns when so many changes are made."""
        while self.done < count:
            self._changed.clear()
            await self._changed.wait()

    async def run(self) -> None:
        """Makes all changes."""
        await asyncio.gather(*(self._caller() for _ in range(CALLERS)))

    async def _caller(self) -> None:
        while self._left > 0:
            url = self.url
            try:
                async with httpcore.AsyncHTTPConnection(httpcore.URL(url).origin) as connection:
                    while self._left > 0:
                        await self._order(connection, url)
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, _Refused):
                await asyncio.sleep(LOOK_S)  # killed just now; the next server has another port

    async def _order(self, connection: httpcore.AsyncHTTPConnection, url: str) -> None:
        order = await self._call(connection, "POST", f"{url}/api/orders", ORDER)
        path = f"{url}/api/orders/{order['id']}"
        for edit in range(EDITS):
            order = await self._call(
                connection, "PATCH", path, {"version": order["version"], "customAttributes": {"edit": edit}}
            )
        await self._call(connection, "POST", f"{path}/actions", {"name": "CANCEL", "version": order["version"]})

    async def _call(self, connection: httpcore.AsyncHTTPConnection, method: str, url: str, body: Any) -> Any:
        content = json.dumps(body).encode()
        headers = [*self._headers, ("Content-Length", str(len(content)))]
        answer = await connection.request(method, url, headers=headers, content=content)
        if answer.status >= httpx.codes.BAD_REQUEST:
            raise _Refused(answer.status)
        self._left -= 1
        self.done += 1
        self._changed.set()
        return json.loads(answer.content)


class _Refused(Exception):  # noqa: N818 - a server that is stopping may say no
    pass


async def subscribe(server: Server, access: str, endpoints: Sequence[Endpoint]) -> None:
    """Every endpoint to every event."""
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {access}"}) as http:
        for endpoint in endpoints:
            for event in EVENTS:
                body = {"name": "soak", "event": event, "callbackUrl": endpoint.url(f"/{endpoint.name}")}
                (await http.post("/api/subscriptions", json=body)).raise_for_status()


async def hurry(server: Server, access: str) -> int:
    """Asks for everything that waits for a retry; how much that is, up to a page."""
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {access}"}) as http:
        page = (await http.get("/opendoms/v1/deliveries", params={"state": "RETRYING", "size": 500})).json()
        for delivery in page["deliveries"]:
            await http.post(f"/opendoms/v1/deliveries/{delivery['id']}/redeliver")
        return len(page["deliveries"])


async def be_down(endpoint: Endpoint, load: Load, asked: Asked) -> None:
    """Listens but for a while in the middle."""
    async with endpoint.listening():
        await load.reached(asked.changes // 4)
    await asyncio.sleep(asked.down)
    async with endpoint.listening():
        await asyncio.Event().wait()


async def soak(asked: Asked) -> list[str]:
    """Runs it, prints what happened, and returns what is wrong."""
    dice = random.Random(7)  # noqa: S311 - when something fails is no secret
    endpoints = {name: Endpoint(name, dice) for name in (WELL, FLAKY, HANGING, DOWN)}
    await migrate(asked.database, tables())
    access = await asyncio.to_thread(token, asked.database)
    load = Load(asked.changes, access)
    with TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        async with AsyncExitStack() as stack:
            for name in (WELL, FLAKY, HANGING):
                await stack.enter_async_context(endpoints[name].listening())
            async with endpoints[DOWN].listening():  # for its port
                pass
            absent = asyncio.create_task(be_down(endpoints[DOWN], load, asked))
            stack.callback(absent.cancel)
            begun = time.monotonic()
            changing: asyncio.Task[None] | None = None
            for number in range(asked.kills + 1):
                with Server(asked.database, log, environment=SERVER) as server:
                    load.url = server.url
                    if changing is None:
                        await subscribe(server, access, list(endpoints.values()))
                        changing = asyncio.create_task(load.run())
                    if number == asked.kills:
                        await changing
                        took = time.monotonic() - begun
                        print(f"{load.done} changes, {asked.kills} kills, {took:.0f} s ({load.done / took:.0f}/s)")
                        await drained(server, access, list(endpoints.values()), asked)
                    else:
                        await load.reached(asked.changes * (number + 1) // (asked.kills + 1))
                        await asyncio.to_thread(server.kill)
            with suppress(asyncio.CancelledError):
                absent.cancel()
                await absent
    return await faults(asked.database, list(endpoints.values()))


async def drained(server: Server, access: str, endpoints: Sequence[Endpoint], asked: Asked) -> None:
    """All are well: returns when each has every event, or when that takes too long."""
    for endpoint in endpoints:
        endpoint.mended = True
        endpoint.break_off()
    expected = len(await truth(asked.database))
    begun = time.monotonic()
    while time.monotonic() - begun < asked.drain:
        await hurry(server, access)
        if all(len({event for _, _, event in endpoint.got}) == expected for endpoint in endpoints):
            break
        await asyncio.sleep(10 * LOOK_S)
    print(f"all received {expected} events {time.monotonic() - begun:.0f} s after the last change")


async def truth(database: str) -> list[tuple[str, int, str]]:
    """Every event of the orders, as it is stored."""
    engine = engine_for(database)
    await engine.open()
    try:
        return [(row[0], row[1], row[2]) for row in await engine.rows(TRUTH, {}) if row[3] in EVENTS]
    finally:
        await engine.close()


async def faults(database: str, endpoints: Sequence[Endpoint]) -> list[str]:
    """What is wrong with what was received."""
    expected = await truth(database)
    wrong = []
    for endpoint in endpoints:
        copies = Counter(endpoint.got)
        firsts = list(dict.fromkeys(endpoint.got))
        missing, strange = set(expected) - set(firsts), set(firsts) - set(expected)
        last: dict[str, int] = {}
        overtaken = 0
        for order_id, seq, _ in firsts:
            overtaken += seq < last.get(order_id, 0)
            last[order_id] = max(seq, last.get(order_id, 0))
        repeated = sum(copies.values()) - len(copies)
        print(f"{endpoint.name:8} {len(firsts)} events, {repeated} came twice, {endpoint.refusals} refused")
        for count, what in ((len(missing), "missing"), (len(strange), "strange"), (overtaken, "out of order")):
            if count:
                wrong.append(f"{endpoint.name}: {count} events {what}")
    return wrong


def arguments(words: Sequence[str] | None = None) -> Asked:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--changes", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--down", type=float, default=60, help="seconds that one endpoint is down")
    parser.add_argument("--drain", type=float, default=1_800, help="seconds that may pass until all is delivered")
    return Asked(**vars(parser.parse_args(words)))


if __name__ == "__main__":
    found = uvloop.run(soak(arguments()))
    print("\n".join(found) or "everything arrived, in order, and nothing else")
    sys.exit(bool(found))
