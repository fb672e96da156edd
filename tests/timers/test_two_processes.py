"""Many timers due at once, with two processes on one PostgreSQL, one of which may be killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from opendoms.db.connect import engine_for
from opendoms.kernel.changeset import Changeset, Timer
from tests.databases import PostgresServer, run_sql
from tests.timers.node import KIND
from tests.tree import ROOT

# Fewer on a machine that is too slow for this many.
TIMERS: Final = int(os.environ.get("OPENDOMS_TEST_TIMERS", "10000"))
END_SECONDS_MAX: Final = 90
# The killed process gets so far: a fourth of all effects.
HOLD_AFTER: Final = TIMERS // 4

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

Node = subprocess.Popen[str]


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database."""
    url = postgres_server.create()
    yield url
    postgres_server.give_back(url)


async def plant(url: str) -> None:
    """Sets all the timers, each due a while ago."""
    engine = engine_for(url)
    await engine.open()
    for start in range(0, TIMERS, 1_000):
        some = range(start, min(start + 1_000, TIMERS))
        await engine.apply(Changeset(timers=tuple(Timer("acme", KIND, f"o{number:05}", number) for number in some)))
    await engine.close()


@contextmanager
def node(url: str, name: str, *hold_after: str) -> Iterator[Node]:
    """A process that waits for a line before it begins."""
    command = [sys.executable, "-m", "tests.timers.node", url, name, *hold_after]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdin=pipe, stdout=pipe)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def begin(*nodes: Node) -> None:
    """Lets them go."""
    for process in nodes:
        assert process.stdin is not None
        print(file=process.stdin, flush=True)


async def firings(url: str) -> list[tuple[int, int, int]]:
    """How many entities were counted, the sum of their counts, and how many events tell of it."""
    return await run_sql(
        url, "select count(*), sum(version), (select count(*) from events where type = 'COUNTED') from configurations"
    )


async def test_each_of_many_timers_fires_once(url: str) -> None:
    """Two processes share them; nothing is left, and each had its effect exactly once."""
    await plant(url)
    with node(url, "a") as first, node(url, "b") as second:
        begin(first, second)
        told = [process.communicate(timeout=END_SECONDS_MAX)[0].split() for process in (first, second)]
    assert [words[0] for words in told] == ["done", "done"]
    effects = [int(words[1]) for words in told]
    assert sum(effects) == TIMERS
    assert all(effects), "one process did all the work, so this shows nothing"
    assert await firings(url) == [(TIMERS, TIMERS, TIMERS)]


async def test_all_fire_once_though_a_process_is_killed_in_the_middle(url: str) -> None:
    """It dies by SIGKILL with claims in hand: the survivor runs those when they have run out, and none twice."""
    await plant(url)
    with node(url, "killed", str(HOLD_AFTER)) as killed, node(url, "survivor") as survivor:
        begin(killed, survivor)
        assert killed.stdout is not None
        assert killed.stdout.readline() == "holding\n"
        killed.kill()
        killed.wait()
        in_hand = await run_sql(url, "select count(*) from timers where claimed_by like 'killed/%'")
        told = survivor.communicate(timeout=END_SECONDS_MAX)[0].split()
    assert in_hand[0][0] > 0
    assert told[0] == "done"
    assert await firings(url) == [(TIMERS, TIMERS, TIMERS)]
    by_actor = dict(await run_sql(url, "select actor, count(*) from events group by actor"))
    assert by_actor == {"killed": TIMERS - int(told[1]), "survivor": int(told[1])}
    assert by_actor["killed"] >= HOLD_AFTER
