"""The judging processes of an import: started, asked, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Final

from opendoms.importing.judging import LENGTH, Lines, Question, framed, judged, unpacked
from opendoms.importing.stopped import Stopped
from opendoms.records.composition import Composed, Situation

_ANSWER_BYTES_BUFFERED: Final = 1024 * 1024


class Judges:
    """Judges lines in so many processes, each of which has one lot in hand at a time; without any, in this one."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._idle: asyncio.Queue[Process] = asyncio.Queue()

    async def composed(self, lines: Lines, situation: Situation) -> Composed:
        """What the lines write, and what became of each. Raises Stopped where a process has ended."""
        if not self.count:
            return judged(lines, situation)
        process = await self._idle.get()
        try:
            assert process.stdin is not None  # noqa: S101 - narrows the type
            assert process.stdout is not None  # noqa: S101 - narrows the type
            process.stdin.write(framed(tuple(Question(lines, situation))))
            await process.stdin.drain()
            length = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
            answer = await process.stdout.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as error:
            self._idle.put_nowait(process)  # whoever waits for it shall hear the same
            raise Stopped("a judging process of the import has ended") from error
        self._idle.put_nowait(process)
        return unpacked(answer)

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator[Judges]:
        """The processes live as long as the context. They are killed at its end: they keep nothing."""
        processes: list[Process] = []
        try:
            for _ in range(self.count):
                processes.append(await _started())
                self._idle.put_nowait(processes[-1])
            yield self
        finally:
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            for process in processes:
                await process.wait()


async def _started() -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "opendoms.importing.judging",
        stdin=PIPE,
        stdout=PIPE,
        limit=_ANSWER_BYTES_BUFFERED,
        # It finds the modules where this process found them.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        # Ctrl-C is for the import, which then ends them.
        start_new_session=True,
    )
