"""The rules of tags."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.decision import Decision, Happening
from opendoms.kernel.refusal import Conflict, Invalid, VersionConflict
from opendoms.tags import rules

NOW = 1_790_000_000_000
AT = "2026-09-21T14:13:20.000Z"
TAG: dict[str, Any] = {"version": 3, "created": "then", "lastModified": "later", "id": "Channel"}
STORED = {**TAG, "allowedValues": ["B2B"]}


def adding(*values: str, version: int = 3) -> dict[str, Any]:
    """A change that allows these values."""
    actions = [{"action": "AddAllowedValueToTag", "allowedValue": value} for value in values]
    return {"version": version, "actions": actions}


def test_a_new_tag_has_version_1() -> None:
    """Created and last modified at the same instant, with the values as sent."""
    wanted = {"id": "Channel", "allowedValues": ["B2C", "B2B", "B2C"]}
    assert rules.create(None, wanted, now=NOW) == Decision(
        {"version": 1, "created": AT, "lastModified": AT, **wanted}, Happening("TAG_CREATED")
    )


def test_a_second_tag_of_one_name_is_refused() -> None:
    """Decision D22, whatever its values."""
    with pytest.raises(Conflict) as refused:
        rules.create(STORED, {"id": "Channel", "allowedValues": ["B2B"]}, now=NOW)
    assert refused.value.faults[0].summary == "id: there is a tag Channel already"


@pytest.mark.parametrize("tag_id", ["a/b", "/", ".", "..", "search"])
def test_an_id_that_no_path_can_hold_is_refused(tag_id: str) -> None:
    """Such a tag could never be read or changed."""
    with pytest.raises(Invalid, match="id: expected a text without a slash"):
        rules.check({"id": tag_id})


@pytest.mark.parametrize("tag_id", ["Channel", "searching", "...", "ä ö", "%2F", "a\\b", "a?b#c"])
def test_any_other_id_is_taken(tag_id: str) -> None:
    """Percent-escapes carry it through a path."""
    rules.check({"id": tag_id})


def test_values_are_added_behind_the_others_once_each() -> None:
    """All actions make one version together."""
    assert rules.modify(STORED, adding("B2C", "B2B", "C2C", "B2C"), now=NOW) == Decision(
        {**TAG, "version": 4, "lastModified": AT, "allowedValues": ["B2B", "B2C", "C2C"]}, Happening("TAG_MODIFIED")
    )
    assert STORED["allowedValues"] == ["B2B"]


def test_values_that_are_allowed_already_change_nothing() -> None:
    """Neither version nor time moves."""
    assert rules.modify(STORED, adding("B2B"), now=NOW) == Decision(STORED)


def test_a_stale_version_is_refused() -> None:
    """With both numbers, also where nothing would change."""
    with pytest.raises(VersionConflict) as refused:
        rules.modify(STORED, adding("B2B", version=2), now=NOW)
    assert (refused.value.request_version, refused.value.version) == (2, 3)


def test_a_tag_has_at_most_500_values() -> None:
    """The action with which it would have more is named; one that adds nothing does not count."""
    stored = {**STORED, "allowedValues": [str(number) for number in range(499)]}
    assert len(rules.modify(stored, adding("0", "499"), now=NOW).document["allowedValues"]) == 500
    with pytest.raises(Invalid) as refused:
        rules.modify(stored, adding("0", "499", "500"), now=NOW)
    assert [fault.summary for fault in refused.value.faults] == [
        "actions[2].allowedValue: expected at most 500 allowed values in one tag"
    ]
