"""`opendoms retention`: count what is due, do it at once, rewrite a SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import click

from opendoms.db.engine import Engine
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.sqlite_vacuum import vacuum_sqlite
from opendoms.hub import Hub, hub_for, tables
from opendoms.kernel.refusal import Fault, Unavailable
from opendoms.options import database_option
from opendoms.retention import report
from opendoms.retention.actions import RetentionActions, Tally
from opendoms.retention.report import Count
from opendoms.retention.subjects import SUBJECTS, tenants
from opendoms.settings import settings_from


@click.command()
@database_option
@click.option("--dry-run", is_flag=True, help="Count what is due and list what would go; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--vacuum", is_flag=True, help="SQLite: rewrite the file in the end. Nobody can write meanwhile.")
def retention(database: str | None, *, dry_run: bool, as_json: bool, vacuum: bool) -> None:
    """Take the persons out of what is due, and delete what is due to go, until nothing is. A server does so itself."""
    settings = settings_from(database=database)
    location = location_of(settings.database)
    if vacuum and (dry_run or not isinstance(location, SqliteLocation)):
        raise click.UsageError("--vacuum: is for SQLite, and not for a dry run.")
    found = asyncio.run(due(hub_for(settings)))
    click.echo(found.as_json() if as_json else found.as_table())
    if dry_run:
        return
    tally = asyncio.run(forget(hub_for(settings)))
    click.echo(f"{tally.anonymized} anonymised, {tally.deleted} deleted, {tally.failed} failed", err=as_json)
    if vacuum and isinstance(location, SqliteLocation):
        vacuum_sqlite(location.path, tables())
    if tally.failed:
        raise Unavailable(Fault(f"{tally.failed} could not be handled; the log says which."))


class Report(NamedTuple):
    """What is due at an instant (ms)."""

    now: int
    counts: list[Count]

    def as_json(self) -> str:
        """For machines."""
        return report.as_json(self.counts, self.now)

    def as_table(self) -> str:
        """For people."""
        return report.as_table(self.counts, self.now)


async def due(hub: Hub) -> Report:
    """Counts what is due, of every tenant; changes nothing."""
    async with _opened(hub):
        counts = await report.counted(hub.db, hub.clock, _retention_of(hub).policy)
    return Report(hub.clock.now(""), counts)


async def forget(hub: Hub) -> Tally:
    """Does all that is due. A server may run beside it: each leaves alone what the other has done."""
    async with _opened(hub):
        return await _all_of(hub.db, _retention_of(hub))


def _retention_of(hub: Hub) -> RetentionActions:
    from opendoms.app import retention_of  # noqa: PLC0415 - this file is loaded with every command, and few need slices

    return retention_of(hub)


async def _all_of(db: Engine, retention: RetentionActions) -> Tally:
    together = Tally()
    async for tenant in tenants(db):
        policy = await retention.policy(tenant)
        for subject in SUBJECTS.values():
            # Of a batch in which nothing came of anything, what failed is due still; it is the last one.
            while (tally := await retention.batch(subject, tenant, policy)).anonymized or tally.deleted:
                together = together.plus(tally._replace(failed=0))
            together = together.plus(tally)
    return together


@asynccontextmanager
async def _opened(hub: Hub) -> AsyncIterator[None]:
    """An open database, and no more: an older schema is refused, not migrated."""
    await hub.db.open()
    try:
        yield
    finally:
        await hub.db.close()
