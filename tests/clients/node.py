"""Scripts beside this file, run by Node with the packages that package-lock.json pins."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

FOLDER: Final = Path(__file__).parent
SDK: Final = "@fulfillmenttools/fulfillmenttools-sdk-typescript"
NODE_MAJOR_MIN: Final = 18
SCRIPT_SECONDS_MAX: Final = 60


class Ran(NamedTuple):
    """What a script printed: its one JSON value, and everything that it complained about."""

    out: Any
    err: str


def run(script: str, *arguments: str, **environment: str) -> Ran:
    """Runs a script to its end; it reaches this machine alone."""
    ran = subprocess.run(
        ["node", "--require", "./only_here.cjs", script, *arguments],
        cwd=FOLDER,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        timeout=SCRIPT_SECONDS_MAX,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == 0, ran.stderr
    return Ran(json.loads(ran.stdout), ran.stderr)


def why_not() -> str:
    """Why the scripts cannot be run here; empty where they can."""
    if shutil.which("node") is None:
        return f"node is not here; the tests of other people's clients need Node {NODE_MAJOR_MIN} or newer"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < NODE_MAJOR_MIN:
        return f"node is {version}; the tests of other people's clients need {NODE_MAJOR_MIN} or newer"
    if not manifest().is_file():
        return "the SDK is not installed; `make test` does that where npm is at hand and reaches its registry"
    return ""


def manifest() -> Path:
    """The package.json of the installed SDK."""
    return FOLDER / "node_modules" / SDK / "package.json"


@pytest.fixture(scope="session")
def sdk() -> None:
    """Skips where the SDK cannot be run."""
    if reason := why_not():
        pytest.skip(reason)
