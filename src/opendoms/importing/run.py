"""Runs an import: several batches on their way at once, remembered in the order of the file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from opendoms.importing.destinations import Destination, Result
from opendoms.importing.journal import Journal, Tally, Verdict
from opendoms.importing.lines import Line, batches_of, lines_of


async def import_file(source: Path, destination: Destination, journal: Journal) -> Tally:
    """Takes in the lines that no earlier run has, and says what became of all of them.

    A progress bar goes to standard error. Raises what the destination raises; the journal then knows what is stored.
    """
    columns = TextColumn("order records"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    state = journal.resume()
    with (
        source.open("rb") as file,
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
    ):
        shown = bar.add_task("order records", total=state.size, completed=state.offset)
        file.seek(state.offset)
        waiting: deque[tuple[list[Line], asyncio.Task[list[Result]]]] = deque()

        async def settle() -> None:
            batch, task = waiting.popleft()
            _remember(journal, batch, await task)
            bar.update(shown, completed=batch[-1].end)

        try:
            for batch in batches_of(lines_of(file, state.line), destination.limits):
                while len(waiting) >= destination.at_once:
                    await settle()
                waiting.append((batch, asyncio.create_task(destination.put(batch))))
            while waiting:
                await settle()
        finally:
            await _cancelled([task for _, task in waiting])
    return journal.finish()


async def _cancelled(tasks: Sequence[asyncio.Task[list[Result]]]) -> None:
    """Ends what is still on its way. What of it is stored nevertheless is recognised by the next run."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _remember(journal: Journal, batch: Sequence[Line], results: Sequence[Result]) -> None:
    statuses = [result.status for result in results]
    tally = Tally(statuses.count("CREATED"), statuses.count("UNCHANGED"), statuses.count("FAILED"))
    failed = [
        Verdict(line.number, result.message, result.key)
        for line, result in zip(batch, results, strict=True)
        if result.status == "FAILED"
    ]
    journal.add(batch[-1].number, batch[-1].end, tally, failed)
