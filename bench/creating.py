"""Creating orders beside the ordinary stack, while our hub has something more to carry than theirs."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

ROOT: Final = Path(__file__).resolve().parents[1]
SECONDS: Final = 4
CONNECTIONS: Final = 32
ROUNDS: Final = 3


def creating(
    our_url: str, token: str, ordinary_python: str, ordinary_url: str, environment: Mapping[str, str] | None = None
) -> str:
    """A sentence with the ratio of orders created per second, ours to theirs, median of ROUNDS."""
    comparison, folder = _comparison(), Path(tempfile.mkdtemp(prefix="opendoms-at-scale-"))
    served = "ordinary:app"
    theirs = comparison.Side(
        "ordinary",
        [
            *(ordinary_python, "-m", "uvicorn", served, "--app-dir", str(_folder()), "--port", "PORT"),
            *("--no-access-log", "--log-level", "warning"),
        ],
        {"DATABASE_URL": ordinary_url},
        folder,
    )
    ours = comparison.Side(
        "opendoms",
        [sys.executable, "-m", "opendoms", "serve", "--port", "PORT", "--database", our_url],
        {"PYTHONPATH": str(ROOT / "src"), **(environment or {})},
        folder,
        token,
    )
    for _ in range(ROUNDS):
        for side in (theirs, ours):
            with side:
                post, _get = side.scripts()
                side.wrk(post, 1, CONNECTIONS)
                rate, p99 = side.wrk(post, SECONDS, CONNECTIONS)
                side.samples["post"].append(rate)
                side.samples["p99"].append(p99)
    ratios = [b / a for a, b in zip(theirs.samples["post"], ours.samples["post"], strict=True)]
    rate, p99 = statistics.median(ours.samples["post"]), statistics.median(ours.samples["p99"])
    return (
        f"creating beside the ordinary stack on its empty database: {statistics.median(ratios):.1f} x"
        f" [{min(ratios):.1f}-{max(ratios):.1f}], {rate:.0f}/s, p99 {p99:.1f} ms"
    )


def fresh_postgres(server: str, name: str) -> str:
    """The URL of a new database of that server, for the ordinary stack."""
    subprocess.run(["psql", server, "-qc", f"create database {name}"], check=True)  # noqa: S607 - found by PATH
    return urlunsplit(urlsplit(server)._replace(scheme="postgresql+asyncpg", path=f"/{name}"))


def _folder() -> Path:
    return Path(os.environ.get("OPENDOMS_BENCH", ROOT.parent / "shared" / "bench"))


def _comparison() -> Any:
    spec = importlib.util.spec_from_file_location("side_by_side", _folder() / "side_by_side.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(_folder())
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
