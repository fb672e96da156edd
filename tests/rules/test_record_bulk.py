"""Taking in order records: what is stored, what is refused, and what was stored before."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.configuration.gdpr import GDPR
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import Fault
from opendoms.records.rules import bulk
from opendoms.records.rules.bulk import Created, Failed, Item, Known, Unchanged
from tests.rules.orders import LATER, NOW, NOW_TEXT, ids
from tests.rules.records import FACILITIES, FACILITY, URN, line, record, stored, take_in

MINT: dict[str, Any] = {"name": "bag", "value": {"value": 10, "currency": "EUR"}}


def summaries(verdict: bulk.Verdict) -> list[str]:
    """What a refused record has to mend."""
    assert isinstance(verdict, Failed)
    return [fault.summary for fault in verdict.faults]


def document(verdict: bulk.Verdict) -> Document:
    """What is to be stored."""
    assert isinstance(verdict, Created)
    return verdict.decision.document


def test_a_record_is_stored_with_what_the_hub_makes() -> None:
    """The caller's members as they were sent; ids, version, instants and the retention dates beside them."""
    (verdict,) = take_in(record(comment="kept"))
    assert verdict == Created(
        Decision(
            {
                "id": "id-1",
                "version": 1,
                "created": NOW_TEXT,
                "lastModified": NOW_TEXT,
                "tenantOrderRecordId": "sale-1",
                "orderRecordDate": "2026-11-20T08:00:00.000Z",
                "facilityRef": FACILITY,
                "lineItems": [{"id": "id-2", **line("A-1")}, {"id": "id-3", **line("A-2", 5)}],
                "comment": "kept",
                "anonymized": False,
                "gdprCleanupDate": "2026-12-25T09:46:40.000Z",
                "deletionDate": "2027-06-23T09:46:40.000Z",
            },
            Happening("ORDER_RECORD_CREATED"),
        )
    )


def test_members_that_the_hub_makes_are_not_the_callers_to_set() -> None:
    """They are left out, in the record, in its lines, and in its pricing."""
    claimed: Document = {"id": "mine", "version": 9, "anonymized": True, "deletionDate": "2020-01-01T00:00:00.000Z"}
    mine = record(**claimed, lineItems=[line(id="mine")], pricing={"fees": [], "total": {"priceBreakdown": {}}})
    made = document(take_in(mine)[0])
    assert (made["id"], made["version"], made["anonymized"]) == ("id-1", 1, False)
    assert made["deletionDate"] == "2027-06-23T09:46:40.000Z"
    assert made["lineItems"][0]["id"] == "id-2"
    assert made["pricing"] == {"fees": []}
    assert "pricing" not in document(take_in(record(pricing={"total": {}}))[0])


def test_totals_are_computed() -> None:
    """All six members, null where one cannot be computed; none where nothing names a price (decision D16)."""
    assert "pricing" not in document(take_in(record())[0])
    priced = document(take_in(record(lineItems=[line(price="250"), line(quantity=-1, price="100")]))[0])
    breakdown = priced["pricing"]["total"]["priceBreakdown"]
    assert (breakdown["subTotal"]["value"], breakdown["total"]["value"]) == (400, 400)
    partly = document(take_in(record(pricing={"fees": [MINT]}))[0])["pricing"]
    assert partly["fees"] == [MINT]
    breakdown = partly["total"]["priceBreakdown"]
    assert set(breakdown) == {
        "subTotal",
        "totalDiscounts",
        "totalLineItemSurcharges",
        "totalTaxes",
        "totalFees",
        "total",
    }
    assert (breakdown["subTotal"], breakdown["total"], breakdown["totalFees"]["value"]) == (None, None, 10)


def test_a_facility_is_named_by_its_id_or_its_urn() -> None:
    """And stored by its id; one that does not exist is refused by path (decision D35)."""
    assert document(take_in(record(facilityRef=URN))[0])["facilityRef"] == FACILITY
    for reference in ("f-2", URN + "x", ""):
        assert summaries(take_in(record(facilityRef=reference))[0]) == ["facilityRef: no facility has this id"]


def test_everything_that_is_wrong_is_told() -> None:
    """By path, beyond what types can say."""
    bad = record(
        customAttributes={"$where": 1, "long": "x" * 16_000},
        lineItems=[line(), line(customAttributes={"a.b": 1})],
        pricing={"discounts": [{"type": "PERCENTAGE"}, {"type": "ABSOLUTE"}, {"type": "COUPON"}]},
        facilityRef="f-9",
    )
    found = summaries(take_in(bad)[0])
    assert [summary.partition(":")[0] for summary in found] == [
        "facilityRef",
        "customAttributes",
        "customAttributes",
        "lineItems[1].customAttributes",
        "pricing.discounts[0].percentage",
        "pricing.discounts[1].value",
    ]


def test_a_bad_neighbour_takes_nothing_with_it() -> None:
    """One verdict each, in the order of the items."""
    refused = Item(record("b"), (Fault("orderRecordDate: is required"),))
    items = [Item(record("a")), refused, Item(record("c", facilityRef="f-9")), Item(record("d"))]
    verdicts = bulk.take_in(items, Known(FACILITIES, {}, GDPR.defaults), now=NOW, new_id=ids())
    assert [isinstance(verdict, Created) for verdict in verdicts] == [True, False, False, True]
    assert verdicts[1] == Failed(refused.faults)


def test_what_is_stored_with_the_same_content_is_unchanged() -> None:
    """Whenever it is sent again, and by whichever name of the facility."""
    held = {"sale-1": stored()}
    assert take_in(record(), record(facilityRef=URN), held=held, now=LATER) == [Unchanged("sale-1")] * 2


def test_other_content_under_the_same_id_is_refused() -> None:
    """The record that holds it is named, and what differs (decision D15)."""
    (verdict,) = take_in(record(lineItems=[line("A-1", 3), line("A-2", 5)], comment="new"), held={"sale-1": stored()})
    assert summaries(verdict) == [
        "tenantOrderRecordId: order record id-1 holds this id and differs in lineItems[0].quantity, comment"
    ]


def test_of_two_equal_records_in_one_call_the_first_is_stored() -> None:
    """The second is unchanged; another content under its id is refused; a refused first leaves the id to the next."""
    first, second, third = take_in(record(), record(), record(comment="other"))
    assert isinstance(first, Created)
    assert second == Unchanged("sale-1")
    assert summaries(third) == ["tenantOrderRecordId: order record id-1 holds this id and differs in comment"]
    refused, stored_now = take_in(record(facilityRef="f-9"), record())
    assert isinstance(refused, Failed)
    assert isinstance(stored_now, Created)


def test_records_without_an_id_of_the_callers_own_are_always_new() -> None:
    """Nothing tells a repeated one from another sale."""
    verdicts = take_in(record(None), record(None))
    assert [document(verdict)["id"] for verdict in verdicts] == ["id-1", "id-4"]


@pytest.mark.parametrize(("reference", "same"), [(FACILITY, True), (URN, False), ("f-2", False)])
def test_a_sale_of_a_facility_that_is_gone_stays_the_same_sale(reference: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    """Sent again with the id that is stored; a URN leads nowhere any more, and another id differs."""
    known = Known({}, {"sale-1": stored()}, GDPR.defaults)
    (verdict,) = bulk.take_in([Item(record(facilityRef=reference))], known, now=NOW, new_id=ids())
    assert isinstance(verdict, Unchanged) == same


def test_what_is_looked_up() -> None:
    """Each id and each facility once; nothing of a record that its type has refused."""
    items = [
        Item(record("a")),
        Item(record("a", facilityRef=URN)),
        Item(record(None)),
        Item({"tenantOrderRecordId": 7}, (Fault("x"),)),
    ]
    assert bulk.keys_of(items) == ["a"]
    assert bulk.facilities_of(items) == {FACILITY, URN}
