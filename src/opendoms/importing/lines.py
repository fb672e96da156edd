"""Reads a file of one JSON object per line (NDJSON), in batches of bounded size, from any line on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

# The longest line that is read. A sale with 500 lines of 100 attributes would be longer, and is none.
LINE_BYTES_MAX: Final = 1024 * 1024

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One line that is not blank. `end` is the offset in the file behind it; `data` is None where it is too long."""

    number: int
    end: int
    data: bytes | None


class BatchLimits(NamedTuple):
    """How much a batch holds at most."""

    lines: int
    bytes: int


def lines_of(file: BinaryIO, number: int) -> Iterator[Line]:
    """The lines of a file from where it stands, which is behind line `number`."""
    offset = file.tell()
    while data := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        offset += len(data)
        whole = data.endswith(b"\n") or len(data) <= LINE_BYTES_MAX
        if not whole:
            offset += _skipped(file)
        if number == 1:
            data = data.removeprefix(_BYTE_ORDER_MARK)
        if not whole:
            yield Line(number, offset, None)
        elif data.strip():
            yield Line(number, offset, data)


def _skipped(file: BinaryIO) -> int:
    """Reads to the end of the line, a piece at a time, and says how many bytes that were."""
    skipped = 0
    while piece := file.readline(LINE_BYTES_MAX):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


def batches_of(lines: Iterator[Line], limits: BatchLimits) -> Iterator[list[Line]]:
    """The lines in batches; a line that is larger than a batch may be stands alone."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        length = len(line.data or b"")
        if batch and (len(batch) >= limits.lines or size + length > limits.bytes):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += length
    if batch:
        yield batch
