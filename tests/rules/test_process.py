"""Processes: what an order makes of them, and what can be said about them."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.configuration.gdpr import GDPR
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Invalid, VersionConflict
from opendoms.processes.rules import change
from opendoms.processes.rules.change import Known, of_action, of_patch
from opendoms.processes.rules.process import process_of
from tests.rules.orders import LATER, LATER_TEXT, NOW, NOW_TEXT, stored

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
    process = process_of(in_state(status) | promise, None, GDPR.defaults, NOW)
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
    assert process_of(order, None, GDPR.defaults, LATER - 1)["domainStatuses"] == {"order": "PENDING"}
    assert process_of(order, None, GDPR.defaults, LATER)["domainStatuses"] == {"order": "OBSOLETE"}
    assert process_of(order, None, GDPR.defaults, LATER)["status"] == "CANCELED"


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
    process = process_of(order, None, GDPR.defaults, NOW)
    assert process["id"] == order["processId"]
    assert (process["orderRef"], process["tenantOrderId"]) == (order["id"], "shop-1")
    assert (process["version"], process["created"], process["lastModified"]) == (1, NOW_TEXT, NOW_TEXT)
    assert process["facilityRefs"] == ["f0", "f1", "f2", "f3", "f5", "f4"]
    assert process["flatRefs"] == [order["id"], *process["facilityRefs"]]
    assert process["tags"] == [B2B, B2C]
    assert process["gdprCleanupDate"] == text_of(NOW + 30 * 86_400_000)
    assert process["deletionDate"] == text_of(NOW + 210 * 86_400_000)
    sooner = process_of(order, None, {"retentionTime": 1, "deletionTimeAfterRetention": 2}, NOW)
    assert sooner["gdprCleanupDate"] == text_of(NOW + 86_400_000)
    assert sooner["deletionDate"] == text_of(NOW + 3 * 86_400_000)
    assert process["isAnonymized"] is False
    assert process_of({**order, "anonymized": True}, None, GDPR.defaults, NOW)["isAnonymized"] is True
    bare = process_of(stored(), None, GDPR.defaults, NOW)
    assert {"tags", "tenantOrderId"}.isdisjoint(bare)
    assert bare["facilityRefs"] == []


def changed(order: Document, *actions: Document) -> tuple[Document | None, Document]:
    """What is said about a process after these actions, and the process."""
    said: Document | None = None
    for action in actions:
        version = process_of(order, said, GDPR.defaults, NOW)["version"]
        decision = change.change(order, said, of_action({**action, "version": version}), TAGS, now=LATER)
        if decision.happening is not None:
            assert decision.happening.type == "PROCESS_MODIFIED"
            said = decision.document
    return said, process_of(order, said, GDPR.defaults, LATER)


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


def test_dates_are_set() -> None:
    """A day begins at midnight UTC; the last word counts."""
    _, process = changed(
        stored(),
        {"name": "UPDATE_GDPR_CLEANUP_DATE", "gdprCleanupDate": "2030-01-31"},
        {"name": "UPDATE_PROCESS_DELETION_DATE", "deletionDate": "2031-02-28"},
        {"name": "UPDATE_GDPR_CLEANUP_DATE", "gdprCleanupDate": "2029-12-01"},
    )
    assert process["gdprCleanupDate"] == "2029-12-01T00:00:00.000Z"
    assert process["deletionDate"] == "2031-02-28T00:00:00.000Z"
    assert process["version"] == 4


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
    assert process_of({**order, "version": 2}, said, GDPR.defaults, NOW)["version"] == 3


def test_a_facility_cannot_be_assigned() -> None:
    """This hub does not route, and says so."""
    action = {"name": "ASSIGN_FACILITY_TO_PROCESS", "version": 1, "facilityRef": "f1"}
    with pytest.raises(Invalid, match="name: ASSIGN_FACILITY_TO_PROCESS is not possible here"):
        change.change(stored(), None, of_action(action), TAGS, now=LATER)
