"""Measures webhooks on a running database: how late they are, and what they leave of the speed of posting orders.

    python bench/webhooks.py sqlite:////tmp/bench.db
    python bench/webhooks.py postgresql://postgres@localhost/bench --rate 200 --endpoints 3 --seconds 20

Starts `opendoms serve` on the database, which is migrated first and is left with the orders in it, and a receiver.
Orders are posted at the rate, and the time from each event to its deliveries is told; then as many as 32 callers can.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpcore
import httpx
import uvloop

from opendoms.app import tables
from opendoms.db.migrate import migrate
from opendoms.kernel.clock import instant_from
from tests.receiver import Receiver
from tests.server import Server, token

CALLERS: Final = 32
SETTLE_S: Final = 2.0
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


async def lags(http: httpx.AsyncClient, receiver: Receiver, rate: int, seconds: float, endpoints: int) -> None:
    """Posts at a rate and prints how late deliveries are."""
    receiver.taken.clear()
    tasks = set()

    async def post() -> None:
        (await http.post("/api/orders", content=BODY)).raise_for_status()

    begun = time.monotonic()
    for number in range(int(rate * seconds)):
        task = asyncio.create_task(post())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.sleep(max(0.0, begun + (number + 1) / rate - time.monotonic()))
    await asyncio.gather(*tasks)
    await asyncio.sleep(SETTLE_S)
    late = sorted(1000 * each.at - instant_from(each.json["payload"]["lastModified"]) for each in receiver.taken)
    expected = endpoints * int(rate * seconds)
    if not late:
        print(f"nothing of {expected} was delivered")
        return
    marks = {name: late[min(len(late) - 1, int(len(late) * share))] for name, share in (("p50", 0.5), ("p99", 0.99))}
    print(f"{rate}/s x {endpoints}: {len(late)} of {expected} delivered", end="")
    print("".join(f", {name} {mark:.0f} ms" for name, mark in marks.items()) + f", max {late[-1]:.0f} ms")


async def posting(url: str, access: str, seconds: float) -> float:
    """Orders per second that 32 callers get in, each over a connection of its own."""
    end, count = time.monotonic() + seconds, 0
    headers = [
        ("Host", "localhost"),
        ("Authorization", f"Bearer {access}"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(BODY))),
    ]
    target = httpcore.URL(f"{url}/api/orders")

    async def call() -> None:
        nonlocal count
        async with httpcore.AsyncHTTPConnection(target.origin) as connection:
            while time.monotonic() < end:
                answer = await connection.request("POST", target, headers=headers, content=BODY)
                assert answer.status == httpx.codes.CREATED, answer.status  # noqa: S101 - no measure otherwise
                count += 1

    begun = time.monotonic()
    await asyncio.gather(*(call() for _ in range(CALLERS)))
    return count / (time.monotonic() - begun)


BODY: Final = json.dumps(ORDER).encode()


async def main(given: argparse.Namespace) -> None:
    """Measures and prints."""
    await migrate(given.database, tables())
    access = await asyncio.to_thread(token, given.database)
    with (
        TemporaryDirectory() as folder,
        Server(
            given.database, Path(folder) / "server.log", environment={"OPENDOMS_WEBHOOK_ALLOW_PRIVATE_NETWORKS": "true"}
        ) as server,
    ):
        headers = {"Authorization": f"Bearer {access}", "Content-Type": "application/json"}
        limits = httpx.Limits(max_connections=CALLERS)
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60, limits=limits) as http:
            alone = await posting(server.url, access, given.seconds / 4)
            print(f"posting alone: {alone:.0f}/s")
            async with Receiver().listening() as receiver:
                for number in range(given.endpoints):
                    body = {
                        "name": "bench",
                        "event": "ORDER_CREATED",
                        "target": {"type": "WEBHOOK", "callbackUrl": receiver.url(f"/{number}")},
                    }
                    (await http.post("/api/subscriptions", json=body)).raise_for_status()
                await asyncio.sleep(SETTLE_S / 2)
                await lags(http, receiver, given.rate, given.seconds, given.endpoints)
                receiver.taken.clear()
                beside = await posting(server.url, access, given.seconds / 4)
                print(f"posting beside {given.endpoints} endpoints: {beside:.0f}/s", end="")
                print(f", {len(receiver.taken) / (given.seconds / 4):.0f} deliveries/s meanwhile")


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--endpoints", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    return parser.parse_args(words)


if __name__ == "__main__":
    uvloop.run(main(arguments()))
