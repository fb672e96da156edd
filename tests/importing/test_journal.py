"""What an import remembers, whatever happens to it in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opendoms.importing.journal import STATE_SUFFIX, VERDICTS_SUFFIX, Journal, Tally, Verdict

FAILED = [Verdict(2, "quantity: expected a number", "sale-2"), Verdict(3, "the body is not JSON")]
TOLD = (
    '{"line":2,"message":"quantity: expected a number","tenantOrderRecordId":"sale-2"}\n'
    '{"line":3,"message":"the body is not JSON"}\n'
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file to be imported."""
    path = tmp_path / "sales.ndjson"
    path.write_text("{}\n" * 9)
    return path


def beside(source: Path, suffix: str) -> Path:
    """A file of the journal."""
    return source.with_name(source.name + suffix)


def test_the_next_run_goes_on_behind_what_is_remembered(source: Path) -> None:
    """With the results so far; the verdicts are one line each."""
    journal = Journal(source, None, "here")
    assert (journal.resume().line, journal.resume().offset) == (0, 0)
    journal.add(3, 9, Tally(created=1, failed=2), FAILED)
    journal.add(5, 15, Tally(unchanged=2), [])
    again = Journal(source, None, "here").resume()
    assert (again.line, again.offset, again.tally) == (5, 15, Tally(1, 2, 2))
    assert beside(source, VERDICTS_SUFFIX).read_text() == TOLD


def test_verdicts_of_a_batch_that_is_not_remembered_are_not_doubled(source: Path) -> None:
    """Whoever dies between the two files writes the verdicts again, and they replace the first ones."""
    journal = Journal(source, None, "here")
    journal.add(3, 9, Tally(created=1, failed=2), FAILED)
    with beside(source, VERDICTS_SUFFIX).open("a") as file:
        file.write('{"line":4,"mess')
    Journal(source, None, "here").resume()
    assert beside(source, VERDICTS_SUFFIX).read_text() == TOLD


def test_a_finished_import_begins_anew(source: Path) -> None:
    """Its verdicts stay until then."""
    journal = Journal(source, None, "here")
    journal.add(9, 27, Tally(created=7, failed=2), FAILED)
    assert journal.finish() == Tally(7, 0, 2)
    assert not beside(source, STATE_SUFFIX).exists()
    assert beside(source, VERDICTS_SUFFIX).read_text() == TOLD
    assert Journal(source, None, "here").resume().tally == Tally()
    assert not beside(source, VERDICTS_SUFFIX).exists()


@pytest.mark.parametrize("change", ["content", "time", "target", "state", "verdicts", "no verdicts"])
def test_another_import_does_not_go_on_from_this_one(source: Path, change: str) -> None:
    """Another file, another target, or files that were tampered with: it begins at the beginning."""
    Journal(source, None, "here").add(3, 9, Tally(created=1, failed=2), FAILED)
    match change:
        case "content":
            source.write_text("{}\n" * 10)
        case "time":
            os.utime(source, ns=(0, 0))
        case "state":
            beside(source, STATE_SUFFIX).write_text('{"format":')
        case "verdicts":
            beside(source, VERDICTS_SUFFIX).write_text("short")
        case "no verdicts":
            beside(source, VERDICTS_SUFFIX).unlink()
    begun = Journal(source, None, "there" if change == "target" else "here").resume()
    assert (begun.line, begun.offset, begun.tally) == (0, 0, Tally())
    assert not beside(source, VERDICTS_SUFFIX).exists()


def test_verdicts_can_be_kept_elsewhere(source: Path, tmp_path: Path) -> None:
    """In a file that the operator names."""
    journal = Journal(source, tmp_path / "failed.ndjson", "here")
    journal.resume()
    journal.add(3, 9, Tally(failed=2), FAILED)
    assert (tmp_path / "failed.ndjson").read_text() == TOLD
    assert not beside(source, VERDICTS_SUFFIX).exists()
