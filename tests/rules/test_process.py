"""Processes: what an order makes of them, and what can be said about them."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.changeset import Timer
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import DAY_MS
from opendoms.kernel.personal import without_persons
from opendoms.kernel.refusal import Invalid, VersionConflict
from opendoms.processes.ending import PROCESS_MEMBERS
from opendoms.processes.rules import change
from opendoms.processes.rules.change import Known, of_action, of_patch
from opendoms.processes.rules.process import process_of
from opendoms.processes.rules.said_dates import PROCESS_DATES, ending, next_look, timer_of
from opendoms.retention.rules.dates import DEFAULT_POLICY, timeline
from opendoms.retention.rules.ending import Ending
from tests.rules.orders import LATER, LATER_TEXT, NOW, NOW_TEXT, stored

ERAS = DEFAULT_POLICY.eras
TAGS = Known({"Channel": frozenset({"B2B", "B2C"})})
B2B, B2C = {"id": "Channel", "value": "B2B"}, {"id": "Channel", "value": "B2C"}
TAG_ACTION = {"name": "ADD_TAGS_TO_PROCESS", "version": 1, "tags": [B2B]}


def stored_with(**more: Any) -> Document:
    """A stored order with these members, whatever they refer to."""
    return stored() | more


def in_state(status: str, **more: Any) -> Document:
    """A stored order in this state."""
    return {**stored(**more), "status": status}


@pytest.mark.parametrize(
    ("status", "entity", "whole"),
    [
        ("OPEN", "CREATED", "CREATED"),
        ("LOCKED", "PENDING", "CREATED"),
        ("PROMISED", "PENDING", "CREATED"),
        ("CANCELLED", "CANCELED", "CANCELED"),
        ("OBSOLETE", "OBSOLETE", "CANCELED"),
    ],
)
def test_the_order_says_how_far_a_process_is(status: str, entity: str, whole: str) -> None:
    """Decision D55: by the state of the order; what this hub does not do is not available."""
    promise = {"promisesOptions": {"validUntil": LATER_TEXT}} if status == "PROMISED" else {}
    process = process_of(in_state(status) | promise, None, ERAS, NOW)
    assert (process["status"], process["domsStatus"]) == (whole, whole)
    assert process["statuses"] == process["domsStatuses"] == {"status": whole}
    assert process["moduleStatuses"] == [{"module": "ORDER", "status": entity}]
    assert process["lastModuleEntityStatuses"] == [
        {"moduleEntity": "ORDER", "status": entity, "entityRef": process["orderRef"]}
    ]
    assert process["domainStatuses"] == {"order": entity}
    for other in ("operative", "inventory", "return"):
        assert process[f"{other}Status"] == process[f"{other}Statuses"]["status"] == "NOT_AVAILABLE"
    assert process["carrierManagementStatuses"] == {"status": "NOT_AVAILABLE"}


def test_a_promise_is_over_when_its_time_has_passed() -> None:
    """Whether somebody has noticed yet or not."""
    order = in_state("PROMISED") | {"promisesOptions": {"validUntil": LATER_TEXT}}
    assert process_of(order, None, ERAS, LATER - 1)["domainStatuses"] == {"order": "PENDING"}
    assert process_of(order, None, ERAS, LATER)["domainStatuses"] == {"order": "OBSOLETE"}
    assert process_of(order, None, ERAS, LATER)["status"] == "CANCELED"


def test_a_process_is_derived_from_its_order() -> None:
    """Its id, times, references and tags, and the dates that the configuration says."""
    order = stored_with(
        tenantOrderId="shop-1",
        tags=[B2B, B2C, B2B],
        consumer={"facilityRef": "f0"},
        deliveryPreferences={
            "supplyingFacilities": ["f4", "f1"],
            "collect": [
                {
                    "facilityRef": "f1",
                    "supplyingFacilities": ["f2"],
                    "supplyingFacilitiesConfigurations": [{"facilityRef": "f3", "deliveryEvents": []}],
                }
            ],
            "shipping": {"preselectedFacilities": [{"facilityRef": "f5"}, {"tenantFacilityId": "mine"}]},
        },
    )
    process = process_of(order, None, ERAS, NOW)
    assert process["id"] == order["processId"]
    assert (process["orderRef"], process["tenantOrderId"]) == (order["id"], "shop-1")
    assert (process["version"], process["created"], process["lastModified"]) == (1, NOW_TEXT, NOW_TEXT)
    assert process["facilityRefs"] == ["f0", "f1", "f2", "f3", "f5", "f4"]
    assert process["flatRefs"] == [order["id"], *process["facilityRefs"]]
    assert process["tags"] == [B2B, B2C]
    assert process["gdprCleanupDate"] == text_of(NOW + 30 * 86_400_000)
    assert process["deletionDate"] == text_of(NOW + 210 * 86_400_000)
    sooner = process_of(order, None, timeline([(0, {"retentionTime": 1, "deletionTimeAfterRetention": 2})]), NOW)
    assert sooner["gdprCleanupDate"] == text_of(NOW + 86_400_000)
    assert sooner["deletionDate"] == text_of(NOW + 3 * 86_400_000)
    assert process["isAnonymized"] is False
    assert process_of({**order, "anonymized": True}, None, ERAS, NOW)["isAnonymized"] is True
    bare = process_of(stored(), None, ERAS, NOW)
    assert {"tags", "tenantOrderId"}.isdisjoint(bare)
    assert bare["facilityRefs"] == []


def changed(order: Document, *actions: Document) -> tuple[Document | None, Document]:
    """What is said about a process after these actions, and the process."""
    said: Document | None = None
    for action in actions:
        version = process_of(order, said, ERAS, NOW)["version"]
        decision = change.change(order, said, of_action({**action, "version": version}), TAGS, now=LATER)
        if decision.happening is not None:
            assert decision.happening.type == "PROCESS_MODIFIED"
            said = decision.document
    return said, process_of(order, said, ERAS, LATER)


def test_tags_are_added() -> None:
    """To those of the order, each once; asking for what is there already says nothing."""
    order = stored_with(tags=[B2B])
    said, process = changed(order, {**TAG_ACTION, "tags": [B2B, B2C, B2C]})
    assert said == {
        "id": order["processId"],
        "version": 1,
        "created": LATER_TEXT,
        "lastModified": LATER_TEXT,
        "orderRef": order["id"],
        "tags": [B2C],
    }
    assert process["tags"] == [B2B, B2C]
    assert (process["version"], process["lastModified"], process["created"]) == (2, LATER_TEXT, NOW_TEXT)
    again, _ = changed(order, {**TAG_ACTION, "tags": [B2C]}, {**TAG_ACTION, "tags": [B2B, B2C]})
    assert again is not None
    assert again["version"] == 1
    assert changed(order, {**TAG_ACTION, "tags": [B2B]})[0] is None


def cleanup_on(day: str) -> Document:
    """The action that says when the person goes."""
    return {"name": "UPDATE_GDPR_CLEANUP_DATE", "gdprCleanupDate": day}


def deletion_on(day: str) -> Document:
    """The action that says when the order goes."""
    return {"name": "UPDATE_PROCESS_DELETION_DATE", "deletionDate": day}


def test_dates_are_brought_forward() -> None:
    """A day begins at midnight UTC; the last word counts, and the configuration where that is sooner."""
    order = stored()
    _, process = changed(order, cleanup_on("2026-12-20"), deletion_on("2027-02-28"), cleanup_on("2026-12-01"))
    assert process["gdprCleanupDate"] == "2026-12-01T00:00:00.000Z"
    assert process["deletionDate"] == "2027-02-28T00:00:00.000Z"
    assert process["version"] == 4
    _, process = changed(order, cleanup_on("2099-12-01"), deletion_on("2099-12-31"))
    assert process["gdprCleanupDate"] == text_of(NOW + 30 * DAY_MS)
    assert process["deletionDate"] == text_of(NOW + 210 * DAY_MS)


def test_a_date_sets_a_timer() -> None:
    """At the sooner of both dates, under the id of the order; tags set none."""
    order = stored()
    said, _ = changed(order, deletion_on("2026-12-20"))
    both, _ = changed(order, deletion_on("2026-12-20"), cleanup_on("2026-12-01"))
    tagged, _ = changed(order, TAG_ACTION)
    assert said is not None
    assert both is not None
    assert tagged is not None
    assert timer_of("acme", None, tagged) == ()
    assert timer_of("acme", said, {**said, "tags": [B2B]}) == ()
    at = instant_from("2026-12-01T00:00:00.000Z")
    assert timer_of("acme", said, both) == (Timer("acme", PROCESS_DATES, order["id"], at),)


def test_what_is_due_by_the_dates_of_a_process() -> None:
    """Nothing a millisecond early, nothing of an order that is not over; what the policy says stands."""
    said: Document = {"gdprCleanupDate": text_of(NOW + DAY_MS), "deletionDate": text_of(NOW + 3 * DAY_MS)}
    over, live = in_state("CANCELLED"), in_state("OPEN")
    gone = {**over, "anonymized": True}
    at = [NOW + DAY_MS - 1, NOW + DAY_MS, NOW + 3 * DAY_MS - 1, NOW + 3 * DAY_MS]
    assert [ending(over, said, DEFAULT_POLICY, now) for now in at] == [
        None,
        Ending.ANONYMIZE,
        Ending.ANONYMIZE,
        Ending.DELETE,
    ]
    assert [ending(gone, said, DEFAULT_POLICY, now) for now in at] == [None, None, None, Ending.DELETE]
    assert [ending(live, said, DEFAULT_POLICY, now) for now in at] == [None] * 4
    assert ending(over, {"tags": []}, DEFAULT_POLICY, NOW + 30 * DAY_MS) is Ending.ANONYMIZE
    assert ending(over, said, DEFAULT_POLICY, NOW + 210 * DAY_MS) is Ending.DELETE
    assert [next_look(over, said, now) for now in at] == [NOW + DAY_MS, NOW + 3 * DAY_MS, NOW + 3 * DAY_MS, None]
    assert next_look(live, said, NOW + 9 * DAY_MS) == NOW + 10 * DAY_MS


def test_what_is_said_about_a_process_is_of_no_person() -> None:
    """All that can be said stays when the person of its order goes."""
    said, _ = changed(
        stored(),
        TAG_ACTION,
        {"name": "UPDATE_GDPR_CLEANUP_DATE", "gdprCleanupDate": "2030-01-31"},
        {"name": "UPDATE_PROCESS_DELETION_DATE", "deletionDate": "2031-02-28"},
    )
    assert said is not None
    assert said.keys() == PROCESS_MEMBERS.keys()
    assert without_persons(said, PROCESS_MEMBERS) == said


def test_a_patch_does_everything_or_nothing() -> None:
    """Its actions in their order make one version; one that is wrong is named by its path, and nothing is done."""
    order = stored()
    date = {"action": "UpdateGdprCleanupDateAction", "gdprCleanupDate": "2030-01-31"}
    asked = of_patch({"version": 1, "actions": [date, {"action": "AddTagsToProcess", "tags": [B2B]}]})
    assert asked.tag_ids() == {"Channel"}
    said = change.change(order, None, asked, TAGS, now=LATER).document
    assert (said["version"], said["tags"]) == (1, [B2B])
    wrong = [
        {"action": "AddTagsToProcess", "tags": [{"id": "Nothing", "value": "x"}, {"id": "Channel", "value": "D2C"}]},
        {"action": "AddTagsToProcess"},
        {"action": "AssignFacilityToProcess", "facilityRef": "f1"},
        date,
    ]
    with pytest.raises(Invalid) as refused:
        change.change(order, None, of_patch({"version": 1, "actions": wrong}), TAGS, now=LATER)
    assert [fault.summary for fault in refused.value.faults] == [
        "actions[0].tags[0].id: no tag has this id",
        "actions[0].tags[1].value: is no allowed value of this tag",
        "actions[2].action: AssignFacilityToProcess is not possible here",
    ]


def test_a_process_has_so_many_tags_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be one too many is refused."""
    monkeypatch.setattr(change, "TAGS_MAX", 1)
    with pytest.raises(Invalid, match="more than 1 tags"):
        change.change(stored(), None, of_action({**TAG_ACTION, "tags": [B2B, B2C]}), TAGS, now=LATER)


def test_the_version_is_that_of_order_and_process_together() -> None:
    """A change of either makes the version that was seen before a stale one; it never comes back."""
    order = stored()
    said, process = changed(order, TAG_ACTION)
    assert process["version"] == 2
    for stale in (1, 3):
        with pytest.raises(VersionConflict) as refused:
            change.change(order, said, of_action({**TAG_ACTION, "version": stale}), TAGS, now=LATER)
        assert (refused.value.request_version, refused.value.version) == (stale, 2)
    assert process_of({**order, "version": 2}, said, ERAS, NOW)["version"] == 3


def test_a_facility_cannot_be_assigned() -> None:
    """This hub does not route, and says so."""
    action = {"name": "ASSIGN_FACILITY_TO_PROCESS", "version": 1, "facilityRef": "f1"}
    with pytest.raises(Invalid, match="name: ASSIGN_FACILITY_TO_PROCESS is not possible here"):
        change.change(stored(), None, of_action(action), TAGS, now=LATER)
