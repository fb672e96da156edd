"""Brings a database to this release and builds its search indexes, with a bar on standard error meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from opendoms.db import migrate as migrations
from opendoms.db import reindex
from opendoms.hub import tables

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


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
    with contextlib.ExitStack() as stack:
        tasks: dict[str, TaskID] = {}
        bar: Progress | None = None

        def show(name: str, done: int, total: int) -> None:
            nonlocal bar
            if bar is None:  # a bar writes a line even where it shows nothing
                bar = stack.enter_context(_new_bar())
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield show


def _new_bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415 - mostly there is nothing to show, and nobody waits for this
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)
