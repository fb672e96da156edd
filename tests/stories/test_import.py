"""Importing by command: cut off by SIGKILL and started again, and through the API of a running server."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import time
from pathlib import Path

import pytest

from opendoms.app import hub_for
from opendoms.cli import main
from opendoms.identity.issuing import issue_token
from opendoms.importing.journal import STATE_SUFFIX, VERDICTS_SUFFIX
from opendoms.importing.orderrecords import into_database
from opendoms.settings import Settings
from tests.databases import run_sql
from tests.importing.conftest import opened, sale
from tests.server import COMMAND, ENVIRONMENT, Server, command

SALES = 2_000
STATE_SECONDS_MAX = 30.0
ORPHANED_SECONDS_MAX = 30.0


@pytest.fixture
async def database(database_url: str) -> str:
    """Order records are switched on, and there is a facility to sell at."""
    hub = await opened(database_url)
    await hub.db.close()
    return database_url


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day of a till, sent twice and shuffled."""
    numbers = [*range(SALES // 2), *range(SALES // 2)]
    random.Random(5).shuffle(numbers)  # noqa: S311 - no secret
    path = tmp_path / "day.ndjson"
    path.write_text("".join(json.dumps(sale(number)) + "\n" for number in numbers))
    return path


def killed_in_the_middle(arguments: list[str], state: Path) -> None:
    """Starts the command and ends it by SIGKILL as soon as it has remembered something."""
    running = subprocess.Popen([*COMMAND, *arguments], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + STATE_SECONDS_MAX
    while not state.exists():
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.001)
    running.kill()
    # The pipes are also held by the processes that judge: they are empty once all of those have ended by themselves.
    assert running.communicate(timeout=ORPHANED_SECONDS_MAX)[0] == b""


async def test_a_day_that_is_cut_off_by_sigkill_and_sent_again_is_there_once(database: str, day: Path) -> None:
    """The second run goes on where the first one was killed; every sale of the day is stored once, with one event.

    The processes that judged for the first one do not outlive it.
    """
    arguments = ["import", "orderrecords", str(day), "--database", database, "--processes", "2"]
    state = day.with_name(day.name + STATE_SUFFIX)
    await asyncio.to_thread(killed_in_the_middle, arguments, state)
    assert 0 < json.loads(state.read_bytes())["line"] < SALES
    hub = hub_for(Settings(database=database))
    await hub.db.open()
    second = await into_database(hub, day, None)  # what the command does
    await hub.db.close()
    assert (second.created + second.unchanged, second.failed) == (SALES, 0)
    assert not state.exists()
    counted = "select count(*), count(distinct tenant_order_record_id) from order_records"
    assert await run_sql(database, counted) == [(SALES // 2, SALES // 2)]
    assert await run_sql(database, "select count(*) from events where type = 'ORDER_RECORD_CREATED'") == [(SALES // 2,)]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_file_goes_through_a_running_server(database: str, tmp_path: Path) -> None:
    """With a token from the environment; what failed is listed, and the exit code says that something did."""
    source = tmp_path / "sales.ndjson"
    lines = [json.dumps(sale(number)) for number in range(60)]
    source.write_text("\n".join([*lines, "{}", lines[0]]))
    hub = hub_for(Settings(database=database))
    await hub.db.open()
    access = await issue_token(
        hub.db,
        hub.clock,
        subject="till",
        tenant="default",
        roles=[],
        permissions=["ORDER_RECORD_WRITE"],
        expires_s=60,
    )
    await hub.db.close()

    def run() -> subprocess.CompletedProcess[str]:
        with Server(database, tmp_path / "server.log") as server:
            done = command(
                "import", "orderrecords", str(source), "--url", server.url, check=False, OPENDOMS_TOKEN=access
            )
        assert access not in done.stderr + (tmp_path / "server.log").read_text()
        return done

    done = await asyncio.to_thread(run)
    assert (done.returncode, done.stdout) == (1, "60 created, 1 unchanged, 1 failed\n")
    verdicts = source.with_name(source.name + VERDICTS_SUFFIX)
    assert f"1 lines were not taken in; {verdicts} says why." in done.stderr
    assert await run_sql(database, "select count(*) from order_records") == [(60,)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.ndjson"], "none.ndjson"),
        (["{file}", "--url", "https://hub.test"], "--token"),
        (["{file}", "--url", "hub.test", "--token", "x"], "--url"),
        (["{file}", "--verdicts", "{file}"], "--verdicts"),
        (["{file}", "--processes", "17"], "--processes"),
        (["{file}", "--url", "https://hub.test", "--token", "x", "--processes", "2"], "--processes"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The line names what is wrong, and nothing is made or lost."""
    source = tmp_path / "sales.ndjson"
    source.write_text("{}\n")
    monkeypatch.setenv("OPENDOMS_DATABASE", f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(SystemExit, match="2"):
        main(["import", "orderrecords", *(argument.format(file=source) for argument in arguments)])
    told_at_all = capsys.readouterr()
    assert (told_at_all.out, told_at_all.err.count("\n")) == ("", 1)
    assert told in told_at_all.err
    assert [path.name for path in tmp_path.iterdir()] == ["sales.ndjson"]
    assert source.read_text() == "{}\n"
