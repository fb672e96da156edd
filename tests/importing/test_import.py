"""Imports into a database: what is stored, what failed and why, and what happens when they are cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from opendoms.app import actions_of
from opendoms.configuration.order_records import ORDER_RECORDS
from opendoms.importing.destinations import DATABASE_BATCH, DatabaseDestination, Result
from opendoms.importing.journal import STATE_SUFFIX, Journal, Tally
from opendoms.importing.lines import LINE_BYTES_MAX, BatchLimits, Line
from opendoms.importing.orderrecords import into_database
from opendoms.importing.run import import_file
from opendoms.importing.stopped import Stopped
from opendoms.kernel.changeset import Origin
from opendoms.kernel.refusal import Forbidden
from tests.importing.conftest import ORIGIN, Shop, sale


async def test_a_file_is_taken_in_and_the_same_again_is_unchanged(shop: Shop) -> None:
    """Over several batches; every sale once, with its history, as the work of the import."""
    count = 2 * DATABASE_BATCH.lines + 10
    source = shop.file(*(sale(number) for number in range(count)))
    assert await into_database(shop.hub, source, None) == Tally(created=count)
    assert await shop.stored() == [(f"sale-{number:04}", 1, "import") for number in range(count)]
    assert await into_database(shop.hub, source, None) == Tally(unchanged=count)
    assert len(await shop.stored()) == count
    assert [path.name for path in shop.folder.iterdir()] == ["sales.ndjson"]


async def test_lines_that_fail_are_told_with_their_numbers(shop: Shop) -> None:
    """Each by its own faults; all others are stored."""
    source = shop.file(
        sale(1),
        "",
        "{not json",
        "7",
        sale(2, lineItems=[], orderRecordDate="yesterday"),
        sale(3, facilityRef="nowhere"),
        {name: value for name, value in sale(4).items() if name != "tenantOrderRecordId"},
        '"' + "x" * LINE_BYTES_MAX + '"',
        sale(1),
        sale(1, comment="other"),
        sale(5),
    )
    assert await into_database(shop.hub, source, None) == Tally(created=2, unchanged=1, failed=7)
    assert [(told["line"], told.get("tenantOrderRecordId")) for told in shop.verdicts()] == [
        (3, None),
        (4, None),
        (5, "sale-0002"),
        (6, "sale-0003"),
        (7, None),
        (8, None),
        (10, "sale-0001"),
    ]
    messages = [told["message"] for told in shop.verdicts()]
    assert [message.partition(":")[0] for message in messages] == [
        "the body is not JSON",
        "the body",
        "orderRecordDate",
        "facilityRef",
        "tenantOrderRecordId",
        "the line is longer than 1048576 bytes",
        "tenantOrderRecordId",
    ]
    assert "; lineItems: " in messages[2]
    assert "differs in comment" in messages[-1]
    assert [key for key, _, _ in await shop.stored()] == ["sale-0001", "sale-0005"]


class CutOff(DatabaseDestination):
    """Stores a number of batches, and some of them without telling."""

    limits = BatchLimits(lines=5, bytes=10_000)
    answered = 3

    async def put(self, lines: Sequence[Line]) -> list[Result]:
        """Stores, and answers as long as it may."""
        results = await super().put(lines)
        if self.answered == 0:
            raise Stopped("the lights went out")
        self.answered -= 1
        return results


async def test_an_import_that_was_cut_off_goes_on_where_it_stopped(shop: Shop) -> None:
    """What was stored and not told is recognised; every sale is there once, and every verdict too."""
    lines = [sale(number, lineItems=[] if number % 10 == 7 else sale(number)["lineItems"]) for number in range(50)]
    source = shop.file(*lines)
    records = actions_of(shop.hub).records
    with pytest.raises(Stopped, match="lights"):
        await import_file(source, CutOff(records, ORIGIN), Journal(source, None, "here"))
    assert (shop.folder / f"sales.ndjson{STATE_SUFFIX}").exists()
    before = len(await shop.stored())
    assert 14 <= before < 45
    tally = await import_file(source, DatabaseDestination(records, ORIGIN), Journal(source, None, "here"))
    assert (tally.created + tally.unchanged, tally.failed) == (45, 5)
    # What was on its way when the lights went out may have been stored a moment later.
    assert tally.unchanged >= before - 14
    assert await shop.stored() == [(f"sale-{number:04}", 1, "tester") for number in range(50) if number % 10 != 7]
    assert [told["line"] for told in shop.verdicts()] == [8, 18, 28, 38, 48]
    assert not (shop.folder / f"sales.ndjson{STATE_SUFFIX}").exists()


async def test_records_that_are_switched_off_are_not_imported(shop: Shop) -> None:
    """The refusal is that of the API, and nothing is stored; another tenant's switch does not help (decision D14)."""
    configurations = actions_of(shop.hub).configurations
    await configurations.put(ORDER_RECORDS, {"version": 1, "isOrderRecordsEnabled": False}, ORIGIN)
    elsewhere = Origin("elsewhere", "tester", "test")
    await configurations.put(ORDER_RECORDS, {"version": 0, "isOrderRecordsEnabled": True}, elsewhere)
    with pytest.raises(Forbidden, match="switched off"):
        await into_database(shop.hub, shop.file(sale(1)), None)
    assert await shop.stored() == []


async def test_an_empty_file_is_an_import_of_nothing(shop: Shop) -> None:
    """No state and no verdicts are left."""
    assert await into_database(shop.hub, shop.file(), None) == Tally()
    assert [path.name for path in shop.folder.iterdir()] == ["sales.ndjson"]


async def test_the_how_to_shows_what_is_so(shop: Shop) -> None:
    """Its line is taken in, and its verdict is the one on a line with such a quantity."""
    page = (Path(__file__).parents[2] / "docs/how-to/import-order-records.md").read_text("utf-8")
    line, verdict = (json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    bad = {
        **line,
        "tenantOrderRecordId": verdict["tenantOrderRecordId"],
        "lineItems": [{**line["lineItems"][0], "quantity": "x"}],
    }
    assert await into_database(shop.hub, shop.file(line, *[""] * 15, bad), None) == Tally(created=1, failed=1)
    assert shop.verdicts() == [verdict]
