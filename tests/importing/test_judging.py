"""Lines that are judged in processes of their own: the same results as without, and an end for every process."""

from __future__ import annotations

import io
import json
import os

import pytest

from opendoms.configuration.gdpr import GDPR
from opendoms.importing.judges import Judges
from opendoms.importing.judging import LENGTH, TOGETHER, Question, framed, judge, judged, packed, unpacked
from opendoms.importing.orderrecords import into_database
from opendoms.importing.processes import FILE_BYTES_MIN, PROCESSES_MAX, processes_for
from opendoms.importing.stopped import Stopped
from opendoms.kernel.changeset import Changeset, Drop, Origin
from opendoms.records.composition import Composed, Situation
from opendoms.records.store import ORDER_RECORDS
from tests.importing.conftest import Shop, sale

SITUATION = Situation(
    facilities={"urn:fft:facility:tenantFacilityId:store-1": "facility-1"},
    held={},
    gdpr=GDPR.defaults,
    origin=Origin("default", "tester", "test"),
    now=1_780_000_000_000,
)
# More than are decoded at once; the last is the first again, and the one before it the first with other content.
LINES = [
    *(json.dumps(sale(number)).encode() for number in range(TOGETHER + 1)),
    b"{",
    None,
    json.dumps(sale(0, comment="other")).encode(),
    json.dumps(sale(0)).encode(),
]
STATUSES = [*["CREATED"] * (TOGETHER + 1), "FAILED", "FAILED", "FAILED", "UNCHANGED"]


def test_a_judging_process_answers_every_question_until_there_are_no_more() -> None:
    """With what the lines write and what became of them, the same as where they are judged in the asking process."""
    answers = io.BytesIO()
    judge(io.BytesIO(framed(tuple(Question(LINES, SITUATION))) * 2), answers)
    content = answers.getvalue()
    length = LENGTH.unpack(content[: LENGTH.size])[0]
    assert len(content) == 2 * (LENGTH.size + length)
    told, here = unpacked(content[LENGTH.size :][:length]), judged(LINES, SITUATION)
    assert [outcome.status for outcome in told.outcomes] == STATUSES
    assert [outcome.faults for outcome in told.outcomes[:-2]] == [outcome.faults for outcome in here.outcomes[:-2]]
    assert "differs in comment" in told.outcomes[-2].faults[0].summary
    assert [put.values for put in told.changes.puts] == [put.values for put in here.changes.puts]
    assert all(put.table is ORDER_RECORDS for put in told.changes.puts)
    assert [event.document for event in told.changes.events] == [put.document for put in told.changes.puts]
    assert len(told.changes.puts) == len(told.changes.events) == TOGETHER + 1


def test_an_answer_that_would_lose_something_is_a_bug() -> None:
    """Only what is put and told goes from process to process."""
    changes = Changeset(drops=(Drop(ORDER_RECORDS, "default", "1", 1),))
    with pytest.raises(ValueError, match="only creates"):
        packed(Composed(changes, [], {}))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_an_import_by_several_processes_is_the_same_import(shop: Shop) -> None:
    """Every sale is there once, in a file of several batches, and what failed is told in the order of the file."""
    lines = [sale(number, lineItems=[] if number == 700 else sale(number)["lineItems"]) for number in range(1_000)]
    source = shop.file(*lines, "{", sale(3))
    tally = await into_database(shop.hub, source, None, 2)
    assert (tally.created, tally.unchanged, tally.failed) == (999, 1, 2)
    assert [told["line"] for told in shop.verdicts()] == [701, 1001]
    assert await shop.stored() == [(f"sale-{number:04}", 1, "import") for number in range(1_000) if number != 700]


async def test_a_judging_process_that_ends_stops_the_import(capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever waits for it hears so too; why it ended is on standard error, without anything of the sale."""
    async with Judges(1).started() as judges:
        for _ in range(2):
            with pytest.raises(Stopped, match="judging process"):
                await judges.composed(LINES, SITUATION._replace(gdpr={}))
    told = capfd.readouterr().err
    assert "KeyError: 'retentionTime'" in told
    assert "sale-0" not in told


def test_processes_are_for_large_files_on_several_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """One per core, up to a bound."""
    for cores, count in ((1, 0), (2, 2), (500, PROCESSES_MAX)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process, cores=cores: range(cores))
        assert [processes_for(size) for size in (FILE_BYTES_MIN - 1, FILE_BYTES_MIN)] == [0, count]
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processes_for(FILE_BYTES_MIN) == 0
