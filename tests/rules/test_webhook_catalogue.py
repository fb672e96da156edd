"""Which events of history go out, by which names, and what of them."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any, Final

import pytest

from opendoms.events.rules.catalogue import EVENTS, NAMES, event_id_of, is_told, told_by
from opendoms.events.rules.contexts import wanted
from opendoms.events.rules.envelope import body_of
from opendoms.events.rules.place import START, Happened
from opendoms.inventory.rules import listings, stocks
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import changed_members, encode
from opendoms.kernel.ids import new_id
from tests.rules.orders import LATER, NOW
from tests.rules.test_facility_rules import SHOP, changed, created

EVENT_ID: Final = "01a203f7-0adb-7408-bf56-1df362734a45"
PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "events.md"


def event(kind: str, type_: str, document: Document, detail: Document | None = None) -> Happened:
    """An event of history."""
    told = None if detail is None else encode(detail)
    return Happened(START, kind, document.get("id", "x"), 2, EVENT_ID, type_, NOW, encode(document), told)


def of(kind: str, decision: Decision) -> Happened:
    """What history holds after a decision."""
    assert decision.happening is not None
    return event(kind, decision.happening.type, decision.document, decision.happening.detail)


def names_of(happened: Happened) -> list[str]:
    """What an event is sent as."""
    return [told.name for told in EVENTS if is_told(told, happened)]


def payload_of(name: str, happened: Happened) -> Any:
    """What is sent of it."""
    return json.loads(body_of(name, happened))["payload"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"name": "New"}, ["FACILITY_UPDATED"]),
        ({"status": "OFFLINE"}, ["FACILITY_UPDATED", "FACILITY_WENT_OFFLINE"]),
        ({"status": "SUSPENDED", "name": "New"}, ["FACILITY_UPDATED", "FACILITY_SUSPENDED"]),
    ],
)
def test_a_facility_that_changes_its_status_is_told_as_both(change: Document, names: list[str]) -> None:
    """A change, and where the status became another one that as well."""
    stored = created({**SHOP, "status": "ONLINE"})
    happened = of("FACILITY", changed(stored, {"type": "MANAGED_FACILITY", "version": 1, **change}))
    assert names_of(happened) == names
    assert payload_of(names[-1], happened) == json.loads(happened.document)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"title": "New"}, ["LISTINGS_INFORMATION_CHANGED"]),
        ({"status": "INACTIVE"}, ["LISTINGS_STATUS_CHANGED"]),
        ({"outOfStockBehaviour": "BACKORDER"}, ["LISTINGS_STOCK_CONFIGURATIONS_CHANGED"]),
        (
            {"title": "New", "status": "INACTIVE", "outOfStockBehaviour": "BACKORDER"},
            ["LISTINGS_INFORMATION_CHANGED", "LISTINGS_STATUS_CHANGED", "LISTINGS_STOCK_CONFIGURATIONS_CHANGED"],
        ),
    ],
)
def test_a_listing_is_told_by_what_changed(change: Document, names: list[str]) -> None:
    """Each event of the original stands for some members; the payload lists the listing."""
    wanted_ = {"tenantArticleId": "a", "title": "Old"}
    stored = listings.write(None, wanted_, "f1", None, now=NOW, new_id=new_id).document
    happened = of("LISTING", listings.write(stored, {**wanted_, **change}, "f1", None, now=LATER, new_id=new_id))
    assert names_of(happened) == names
    assert payload_of(names[0], happened) == {"items": [json.loads(happened.document)]}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"value": 4}, ["INVENTORY_STOCKS_VALUE_CHANGED"]),
        ({"locationRef": "shelf"}, ["INVENTORY_STOCKS_LOCATION_CHANGED"]),
        ({"value": 4, "locationRef": "x"}, ["INVENTORY_STOCKS_VALUE_CHANGED", "INVENTORY_STOCKS_LOCATION_CHANGED"]),
        ({"customAttributes": {"a": 1}}, []),
    ],
)
def test_a_stock_is_told_by_what_changed(change: Document, names: list[str]) -> None:
    """Pieces and place have an event each; the original has no word for the rest."""
    body = {"tenantArticleId": "a", "facilityRef": "f1", "value": 3}
    stored = stocks.create(body, stocks.Facility("f1", "mine"), None, now=NOW, new_id=new_id).document
    happened = of("STOCK", stocks.change(stored, change, now=LATER))
    assert names_of(happened) == names


def test_every_name_of_an_event_has_an_id_of_its_own() -> None:
    """The first one has that of history, others one that follows from it: receivers drop what they have seen."""
    happened = event("FACILITY", "FACILITY_UPDATED", {"id": "f1", "status": "ONLINE"}, {"changed": ["status"]})
    ids = [event_id_of(name, happened) for name in names_of(happened)]
    assert ids[0] == EVENT_ID
    assert len(set(ids)) == 2
    assert ids == [event_id_of(name, happened) for name in names_of(happened)]
    assert str(uuid.UUID(ids[1])) == ids[1]
    assert json.loads(body_of("FACILITY_WENT_ONLINE", happened))["eventId"] == ids[1]
    assert [event_id_of(told.name, event(told.kind, told.type, {})) for told in EVENTS].count(EVENT_ID) == len(
        {(told.kind, told.type) for told in EVENTS}
    )


def test_updates_of_before_are_told_by_their_general_name_alone() -> None:
    """History that does not say what was changed is not guessed at."""
    assert names_of(event("FACILITY", "FACILITY_UPDATED", {"id": "f1", "status": "ONLINE"})) == ["FACILITY_UPDATED"]
    assert names_of(event("STOCK", "STOCK_UPDATED", {"id": "s1", "value": 1})) == []
    assert told_by("PICK_JOB_CREATED") is None
    assert names_of(event("CARRIER", "CARRIER_CREATED", {"id": "c1"})) == []


def test_a_process_is_told_by_what_is_left_of_its_order() -> None:
    """Its ids, and that the person is gone; what history does not hold any more is left out."""
    order = {"id": "o1", "processId": "p1", "tenantOrderId": "shop-1", "consumer": {"addresses": []}}
    forgotten = {"id": "p1", "orderRef": "o1", "isAnonymized": True, "tenantOrderId": "shop-1"}
    assert payload_of("PROCESS_ANONYMIZED", event("ORDER", "ORDER_ANONYMIZED", order)) == forgotten
    left = event("ORDER", "ORDER_DELETED", {"id": "o1", "version": 3}, {"processId": "p1"})
    assert names_of(left) == ["PROCESS_DELETED"]
    assert payload_of("PROCESS_DELETED", left) == {"id": "p1", "orderRef": "o1", "isAnonymized": True}
    bare = event("ORDER", "ORDER_ANONYMIZED", {"id": "o1", "version": 2})
    assert payload_of("PROCESS_ANONYMIZED", bare) == {"orderRef": "o1", "isAnonymized": True}


@pytest.mark.parametrize(
    ("kind", "document", "named"),
    [
        ("STOCK", {"facilityRef": "f1", "facility": {"facilityRef": "f1", "tenantFacilityId": "mine"}}, {"f1", "mine"}),
        ("LISTING", {"facilityId": "f1"}, {"f1"}),
        ("RESERVATION", {"facilityRef": "f1"}, {"f1"}),
        ("FACILITY", {"id": "f1", "tenantFacilityId": "mine"}, {"f1", "mine"}),
        ("TAG", {"id": "f1"}, set()),
        ("ORDER", {"id": "f1", "version": 3}, set()),
    ],
)
def test_contexts_see_the_facility_of_an_event(kind: str, document: Document, named: set[str]) -> None:
    """By its id and by the callers' own one, where the event has it."""
    happened = event(kind, f"{kind}_CREATED", document)
    passing = {value for value in ("f1", "mine", "f2") if wanted([{"type": "FACILITY", "values": [value]}], happened)}
    assert passing == named


def test_what_changed_is_told_without_what_always_changes() -> None:
    """Members that came, went or differ, in order; not the version and its time."""
    before = {"version": 1, "lastModified": "a", "same": 1, "gone": None, "other": [1]}
    after = {"version": 2, "lastModified": "b", "same": 1, "other": [2], "came": None}
    assert changed_members(before, after) == ["came", "gone", "other"]


def test_every_event_stands_in_the_reference() -> None:
    """The page of events has a row for each name, and no other."""
    rows = [line.split("|")[1].strip() for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert [row.strip("`") for row in rows] == list(NAMES)
