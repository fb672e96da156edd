"""Lists of order records: order, pages, filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.caller import Caller
from tests.api.record_samples import PATH, URN, facility, put, sale, switched_on


async def listed(caller: Caller, query: str = "") -> tuple[list[str], int]:
    """The callers' own ids of the records on a page, and how many match in all."""
    answer = await caller.get(f"{PATH}?{query}" if query else PATH)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return [record["tenantOrderRecordId"] for record in body["orderRecords"]], body["total"]


async def taken_in(caller: Caller, count: int) -> list[dict[str, Any]]:
    """Records at one facility, the newest first, each from a call of its own."""
    store = await switched_on(caller)
    return [(await put(caller, sale(number, facilityRef=store)))[0]["orderRecord"] for number in range(count)][::-1]


async def test_the_list_is_newest_first_and_holds_whole_records(admin: Caller) -> None:
    """As they are stored; empty before the first."""
    assert (await admin.get(PATH)).json() == {"orderRecords": [], "total": 0}
    stored = await taken_in(admin, 3)
    assert (await admin.get(PATH)).json() == {"orderRecords": stored, "total": 3}


async def test_the_list_goes_in_pages(admin: Caller) -> None:
    """25 where the caller does not say; a page begins after any position; `nextCursor` leads on."""
    stored = await taken_in(admin, 27)
    first = (await admin.get(PATH)).json()
    assert (first["orderRecords"], first["total"], first["nextCursor"]) == (stored[:25], 27, stored[24]["id"])
    rest = (await admin.get(f"{PATH}?startAfterId={first['nextCursor']}")).json()
    assert rest == {"orderRecords": stored[25:], "total": 27}
    assert (await admin.get(f"{PATH}?size=2.0&startAfterId={stored[0]['id']}")).json()["orderRecords"] == stored[1:3]
    assert (await listed(admin, "startAfterId=0")) == ([], 27)
    for query in ("size=0", "size=501", "size=x", "size=1.5"):
        (summary,) = await admin.refused(400, "GET", f"{PATH}?{query}")
        assert summary.startswith("size: ")


async def test_the_list_is_filtered_by_facility_and_by_the_callers_own_id(admin: Caller) -> None:
    """Both together as well; the facility by its id or its URN; nothing matches what is not there."""
    store = await switched_on(admin)
    other = await facility(admin, "store-2")
    await put(admin, *(sale(number, facilityRef=other if number % 2 else store) for number in range(5)))
    for reference in (other, URN + "store-2"):
        assert await listed(admin, f"facilityRef={reference}") == (["sale-3", "sale-1"], 2)
        assert await listed(admin, f"facilityRef={reference}&tenantOrderRecordId=sale-3") == (["sale-3"], 1)
        assert await listed(admin, f"facilityRef={reference}&tenantOrderRecordId=sale-2") == ([], 0)
        assert await listed(admin, f"facilityRef={reference}&size=1") == (["sale-3"], 2)
    assert await listed(admin, "tenantOrderRecordId=sale-2") == (["sale-2"], 1)
    assert await listed(admin, "tenantOrderRecordId=sale-2&startAfterId=0") == ([], 1)
    for query in ("tenantOrderRecordId=sale-9", "facilityRef=none", f"facilityRef={URN}none", "facilityRef="):
        assert await listed(admin, query) == ([], 0)


@pytest.mark.parametrize("query", ["tenantOrderRecordid=sale-1", "facilityRef=%00", "tenantOrderRecordId=%00"])
async def test_a_parameter_that_makes_no_sense_is_named(admin: Caller, query: str) -> None:
    """A misspelt filter must not find everything."""
    (summary,) = await admin.refused(400, "GET", f"{PATH}?{query}")
    assert summary.partition(":")[0] == query.partition("=")[0]
