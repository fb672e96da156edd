"""What an import remembers: where it stands in its file, and what became of the lines that failed.

Both are files beside the imported one. The state is written after every batch that is stored durably; whoever is killed
in between repeats that batch, and the repeated sales are recognised. It goes when the import is done, so that the next
one starts from the beginning. The verdicts are cut back to what the state knows of, so that none is there twice.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

VERDICTS_SUFFIX: Final = ".verdicts.ndjson"
STATE_SUFFIX: Final = ".import-state.json"
FORMAT: Final = 1


class Tally(msgspec.Struct, frozen=True):
    """How many lines had which result."""

    created: int = 0
    unchanged: int = 0
    failed: int = 0


class Verdict(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Why a line was not taken in. It repeats nothing of the line but the caller's own id."""

    line: int
    message: str
    tenant_order_record_id: str | None = None


class State(msgspec.Struct, frozen=True, rename="camel"):
    """Everything up to `line`, which ends at `offset`, is done. The rest says which import this is the state of."""

    format: int
    target: str
    size: int
    modified: int
    line: int = 0
    offset: int = 0
    verdict_bytes: int = 0
    tally: Tally = Tally()


class Journal:
    """Keeps the state and the verdicts of one import. `target` says where to, without anything secret."""

    def __init__(self, source: Path, verdicts: Path | None, target: str) -> None:
        self.verdicts = verdicts or verdicts_beside(source)
        self._state_path = source.with_name(source.name + STATE_SUFFIX)
        about = source.stat()
        self.state = State(FORMAT, target, about.st_size, about.st_mtime_ns)

    def resume(self) -> State:
        """Where the import goes on: behind what an earlier run of the same has done, else at the beginning."""
        found = self._found()
        if found is not None and self._cut_back(found.verdict_bytes):
            self.state = found
        else:
            self.verdicts.unlink(missing_ok=True)
        return self.state

    def _found(self) -> State | None:
        try:
            found = msgspec.json.decode(self._state_path.read_bytes(), type=State)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        ours = self.state
        same = (found.format, found.target, found.size, found.modified) == (
            ours.format,
            ours.target,
            ours.size,
            ours.modified,
        )
        return found if same else None

    def _cut_back(self, size: int) -> bool:
        """Leaves the first `size` bytes of the verdicts. False where there are fewer."""
        if not self.verdicts.exists():
            return size == 0
        if self.verdicts.stat().st_size < size:
            return False
        os.truncate(self.verdicts, size)
        return True

    def add(self, line: int, end: int, tally: Tally, failed: list[Verdict]) -> None:
        """Remembers a batch that is stored: its last line and where that ends, its results, and what failed."""
        state = self.state
        written = b"".join(msgspec.json.encode(verdict) + b"\n" for verdict in failed)
        if written:
            with self.verdicts.open("ab") as file:
                file.write(written)
        self.state = msgspec.structs.replace(
            state,
            line=line,
            offset=end,
            verdict_bytes=state.verdict_bytes + len(written),
            tally=Tally(
                state.tally.created + tally.created,
                state.tally.unchanged + tally.unchanged,
                state.tally.failed + tally.failed,
            ),
        )
        # Replaced as a whole: a reader finds the old state or the new one.
        fresh = self._state_path.with_name(self._state_path.name + ".new")
        fresh.write_bytes(msgspec.json.encode(self.state))
        fresh.replace(self._state_path)

    def finish(self) -> Tally:
        """Forgets the state, since everything is done. The verdicts stay."""
        self._state_path.unlink(missing_ok=True)
        return self.state.tally


def verdicts_beside(source: Path) -> Path:
    """Where the verdicts on the lines of a file stand unless somebody says otherwise."""
    return source.with_name(source.name + VERDICTS_SUFFIX)
