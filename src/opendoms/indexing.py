"""Brings a database to this release and builds its search indexes, with a bar on standard error meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from opendoms.app import tables
from opendoms.db import migrate as migrations
from opendoms.db import reindex


async def migrate(url: str) -> list[str]:
    """Applies and builds what is missing. Returns the names of it; raises as `db.migrate` does."""
    with _bar() as progress:
        return await migrations.migrate(url, tables(), progress)


async def pending(url: str) -> list[str]:
    """The names of what `migrate` would apply and build."""
    return await migrations.pending(url, tables())


async def rebuild(url: str) -> dict[str, int]:
    """Builds every search index anew. Returns how many documents each holds; raises as `db.migrate.reindex` does."""
    with _bar() as progress:
        return await migrations.reindex(url, tables(), progress)


@contextlib.contextmanager
def _bar() -> Iterator[reindex.Progress]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    tasks: dict[str, TaskID] = {}
    with contextlib.ExitStack() as stack:
        bar = Progress(*columns, console=Console(stderr=True), transient=True)

        def show(name: str, done: int, total: int) -> None:
            if not tasks:  # a bar writes a line even where it shows nothing
                stack.enter_context(bar)
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield show
