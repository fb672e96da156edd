"""Lines of a file: which there are, where they end, and how they are put together."""

from __future__ import annotations

import io

from opendoms.importing.lines import LINE_BYTES_MAX, BatchLimits, Line, batches_of, lines_of

FILE = b'\xef\xbb\xbf{"a":1}\r\n\n  \n{"b":2}\n[3]'


def read(content: bytes, offset: int = 0, number: int = 0) -> list[Line]:
    """The lines from an offset on, which is behind line `number`."""
    file = io.BytesIO(content)
    file.seek(offset)
    return list(lines_of(file, number))


def test_lines_are_numbered_as_an_editor_does() -> None:
    """Blank ones count and are left out; a byte order mark is none of the first; the last needs no line break."""
    assert read(FILE) == [Line(1, 12, b'{"a":1}\r\n'), Line(4, 24, b'{"b":2}\n'), Line(5, 27, b"[3]")]
    assert read(b"") == read(b"\n\n") == []


def test_reading_goes_on_behind_any_line() -> None:
    """The rest is the same as in one go."""
    every = read(FILE)
    for place, line in enumerate(every):
        assert read(FILE, line.end, line.number) == every[place + 1 :]


def test_a_line_that_is_too_long_is_told_and_skipped() -> None:
    """However long it is, and also at the end of the file; one of just the longest length is read."""
    longest = b"x" * LINE_BYTES_MAX
    for content in (longest + b"x", longest * 3):
        assert read(content + b"\n{}\n") == [Line(1, len(content) + 1, None), Line(2, len(content) + 4, b"{}\n")]
        assert read(b"{}\n" + content) == [Line(1, 3, b"{}\n"), Line(2, 3 + len(content), None)]
    assert [line.data for line in read(longest + b"\n" + longest)] == [longest + b"\n", longest]


def test_batches_are_bounded_in_lines_and_in_bytes() -> None:
    """A line that is larger than a batch stands alone."""
    lines = [Line(number, 0, b"x" * size) for number, size in enumerate([4, 4, 4, 20, 4, 4])]
    batches = list(batches_of(iter(lines), BatchLimits(2, 10)))
    assert [[len(line.data or b"") for line in batch] for batch in batches] == [[4, 4], [4], [20], [4, 4]]
    assert [line for batch in batches for line in batch] == lines
    assert list(batches_of(iter(()), BatchLimits(2, 10))) == []
    assert list(batches_of(iter([Line(1, 5, None)]), BatchLimits(2, 10))) == [[Line(1, 5, None)]]
