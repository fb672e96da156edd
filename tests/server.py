"""The real server in a process of its own, on a free port of 127.0.0.1, ended by whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

READY_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 30.0
COMMAND = [sys.executable, "-m", "opendoms"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("OPENDOMS_")}


def command(*arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `opendoms` with these arguments to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=check,
        stdin=subprocess.DEVNULL,
    )


def token(database: str, *arguments: str) -> str:
    """A fresh token, of an administrator unless the arguments say otherwise."""
    given = arguments or ("--role", "ADMIN")
    return command("token", "create", "--database", database, "--subject", "tester", *given).stdout.strip()


class Server:
    """`opendoms serve` on a database; the port is chosen by the system and read from the banner."""

    def __init__(self, database: str, log: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._environment = ENVIRONMENT | dict(environment or {})
        self._database = database
        self._log = log
        self._arguments = arguments
        self.url = ""
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        log = self._log.open("ab")
        start = self._log.stat().st_size
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--database", self._database, *self._arguments],
            env=self._environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        log.close()
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not (self.url and self._answers()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                # Nobody leaves a block that was never entered.
                self.__exit__(None, None, None)
                raise AssertionError(f"the server did not start: {self._log.read_text()[start:]}")
            self.url = self._announced(start)
            time.sleep(0.02)
        return self

    def _announced(self, start: int) -> str:
        """The URL that this start has printed so far; the log may hold those of earlier starts."""
        for line in self._log.read_bytes()[start:].decode().splitlines():
            if line.startswith("opendoms is ready at "):
                return line.split()[-1]
        return ""

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/status", timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code once everything accepted is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS_MAX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.kill()
