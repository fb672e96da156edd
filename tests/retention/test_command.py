"""`opendoms retention`: what is due is counted and listed without changing anything, or done at once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from click.testing import CliRunner

from opendoms.app import Hub, retention_of, tables
from opendoms.cli import opendoms
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.sqlite_vacuum import vacuum_sqlite
from opendoms.kernel.clock import text_of
from opendoms.kernel.duration import DAY_MS
from opendoms.retention import report
from opendoms.retention.rules.ending import Ending
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.record_samples import put, sale, switched_on
from tests.databases import run_sql
from tests.identity.stand_ins import NOW, StillClock
from tests.retention.persons import MARK, consumer
from tests.retention.test_canary import files_with
from tests.retention.test_ending import placed

TENANT = "default"


async def counts(hub: Hub) -> list[tuple[Any, ...]]:
    """Kind, ending, entities, rows of history and since when, of what is due."""
    return [one[1:] for one in await report.counted(hub.db, hub.clock, retention_of(hub).policy)]


async def test_what_is_due_is_counted_by_what_will_become_of_it(
    hub: Hub, api: Api, admin: Caller, clock: StillClock
) -> None:
    """What was never anonymised and is to be deleted counts as deleted; a millisecond makes the difference."""
    facility_id = await switched_on(admin)
    await put(admin, sale(1, facilityRef=facility_id), sale(2, facilityRef=facility_id))
    await placed(admin)
    await placed(admin, cancelled=False)
    cleanup, deletion = NOW + 30 * DAY_MS, NOW + 210 * DAY_MS
    clock.at = cleanup - 1
    assert await counts(hub) == []
    clock.at = cleanup
    assert await counts(hub) == [
        ("ORDER_RECORD", Ending.ANONYMIZE, 2, 2, cleanup),
        ("ORDER", Ending.ANONYMIZE, 1, 2, cleanup),
    ]
    clock.at = deletion
    deleted = [one[1:4] for one in await counts(hub)]
    assert deleted == [(Ending.DELETE, 2, 2), (Ending.DELETE, 1, 2)]


def test_the_report_is_a_table_and_json_and_shows_no_person() -> None:
    """Both say what goes, by its path in the documents."""
    rows = [report.Count("shop", "ORDER", Ending.ANONYMIZE, 3, 7, NOW)]
    table = report.as_table(rows, NOW + 5)
    assert table.splitlines()[1].split() == ["shop", "ORDER", "ANONYMIZE", "3", "7", text_of(NOW)]
    assert "ORDER: consumer.addresses[].phoneNumbers is removed" in table
    assert "ORDER_RECORD" not in table
    shown = json.loads(report.as_json(rows, NOW + 5))
    assert shown["due"] == [
        {
            "tenant": "shop",
            "kind": "ORDER",
            "ending": "ANONYMIZE",
            "entities": 3,
            "historyRows": 7,
            "since": text_of(NOW),
        }
    ]
    assert "consumer.email" in shown["members"]["ORDER_RECORD"]["is removed"]
    assert report.as_table([], NOW) == f"Nothing is due at {text_of(NOW)}."


@pytest.mark.slow
async def test_the_command_counts_and_then_does_it(  # noqa: PLR0913, PLR0917 - what a whole hub is made of
    hub: Hub, api: Api, admin: Caller, database_url: str, database_kind: str, clock: StillClock
) -> None:
    """A dry run changes nothing; without it nothing is left to do, in a year in which everything is due."""
    await placed(admin, consumer=consumer())
    before = await run_sql(database_url, "select version, document from orders")

    def run(*options: str) -> Any:
        return CliRunner().invoke(opendoms, ["retention", "--database", database_url, *options])

    dry = await off_the_loop(run, "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    assert [(one["kind"], one["ending"], one["entities"]) for one in json.loads(dry.stdout)["due"]] == [
        ("ORDER", "DELETE", 1)
    ]
    assert await run_sql(database_url, "select version, document from orders") == before
    done = await off_the_loop(run)
    assert "0 anonymised, 1 deleted, 0 failed" in done.stdout
    assert await run_sql(database_url, "select count(*) from orders") == [(0,)]
    assert (await off_the_loop(run)).stdout.startswith("Nothing is due at ")
    if database_kind == "postgres":
        assert (await off_the_loop(run, "--vacuum")).exit_code == 2


async def off_the_loop(run: Any, *options: str) -> Any:
    """Runs a command, which has a loop of its own, in a thread."""
    return await asyncio.to_thread(run, *options)


class TestVacuum:
    """What SQLite leaves behind is gone once the file is rewritten."""

    @pytest.fixture
    def database_kind(self) -> str:
        """SQLite only: another database is vacuumed by who runs it."""
        return "sqlite"

    async def test_a_rewritten_file_has_no_unused_space(self, database_url: str) -> None:
        """Bytes that were given free and not overwritten, as by an earlier release, go with their space."""
        filling = f"insert into tags values ('t', 'x', 1, '{MARK * 9_000}')"  # noqa: S608 - our own word
        await run_sql(database_url, "pragma secure_delete = off", filling, "delete from tags")
        assert files_with(database_url, MARK.encode()) != []
        location = location_of(database_url)
        assert isinstance(location, SqliteLocation)
        vacuum_sqlite(location.path, tables())
        assert files_with(database_url, MARK.encode()) == []
