"""The rules of configurations: versions, defaults, promises, sources."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.configuration import order_sources, rules
from opendoms.configuration.gdpr import GDPR, retention_dates
from opendoms.configuration.kind import Kind
from opendoms.configuration.order_sources import added, changed, page, removed
from opendoms.configuration.order_tags import ORDER_TAGS
from opendoms.configuration.promises import PROMISES, validity_ms
from opendoms.kernel.clock import INSTANT_MAX, instant_from
from opendoms.kernel.decision import Decision, Happening
from opendoms.kernel.refusal import Conflict, Invalid, Unknown, VersionConflict

Document = dict[str, Any]

NOW = 1_790_000_000_000
AT = "2026-09-21T14:13:20.000Z"
DATED = Kind("dated", {"size": 1})
UNDATED = Kind("undated", {"size": 1}, dated=False)


def summaries(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    """What is to be mended."""
    return [fault.summary for fault in refused.value.faults]


def test_the_first_write_is_taken_with_any_version() -> None:
    """It makes version 1; members that the server makes are not the caller's to set."""
    wanted = {"version": 41, "size": 2, "id": "mine", "created": "x", "lastModified": "y"}
    assert rules.configure(DATED, None, wanted, now=NOW) == Decision(
        {"id": "dated", "version": 1, "created": AT, "lastModified": AT, "size": 2}, Happening("CONFIGURATION_CREATED")
    )
    assert rules.configure(UNDATED, None, wanted, now=NOW).document == {
        "id": "undated",
        "version": 1,
        "created": AT,
        "size": 2,
    }


def test_a_write_replaces_all_members_of_the_caller() -> None:
    """What is not sent is gone; what the server makes stays, and lastModified moves where the kind has it."""
    stored = {"id": "dated", "version": 4, "created": "then", "lastModified": "later", "size": 1, "color": "red"}
    decision = rules.configure(DATED, stored, {"version": 4, "size": 2}, now=NOW)
    assert decision == Decision(
        {"id": "dated", "version": 5, "created": "then", "lastModified": AT, "size": 2},
        Happening("CONFIGURATION_MODIFIED"),
    )
    assert "lastModified" not in rules.configure(UNDATED, {"id": "undated", "version": 1}, {"version": 1}, now=NOW)[0]


def test_a_write_of_what_is_so_already_is_none() -> None:
    """Whatever the order of the members."""
    stored = {"id": "dated", "version": 4, "created": "then", "lastModified": "later", "size": 1, "color": "red"}
    assert rules.configure(DATED, stored, {"color": "red", "size": 1, "version": 4}, now=NOW) == Decision(stored)


def test_a_stale_version_is_refused_with_both_numbers() -> None:
    """Also where nothing would change."""
    stored = {"id": "dated", "version": 4, "created": "then", "size": 1}
    with pytest.raises(VersionConflict) as refused:
        rules.configure(DATED, stored, {"version": 3, "size": 1}, now=NOW)
    assert (refused.value.request_version, refused.value.version) == (3, 4)


@pytest.mark.parametrize(
    ("text", "ms"), [("PT1M", 60_000), ("PT60S", 60_000), ("PT480M", 28_800_000), ("PT8H", 28_800_000)]
)
def test_a_promise_holds_from_one_minute_to_eight_hours(text: str, ms: int) -> None:
    """Both bounds are inside, however they are written."""
    wanted = {"version": 1, "invalidAfterTime": text}
    assert PROMISES.complete(wanted) == wanted
    assert validity_ms(wanted) == ms


def test_the_default_of_promises_is_one_that_could_be_set() -> None:
    """Eight hours."""
    assert PROMISES.complete({**PROMISES.defaults, "version": 0})
    assert validity_ms(PROMISES.defaults) == 28_800_000


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("PT59S", "invalidAfterTime: expected a duration from 1 minute (PT1M) to 8 hours (PT8H)"),
        ("PT0S", "invalidAfterTime: expected a duration from 1 minute (PT1M) to 8 hours (PT8H)"),
        ("PT8H1M", "invalidAfterTime: expected a duration from 1 minute (PT1M) to 8 hours (PT8H)"),
        ("P1D", "invalidAfterTime: expected a duration from 1 minute (PT1M) to 8 hours (PT8H)"),
        ("PT90S", "invalidAfterTime: expected a multiple of 60 seconds"),
        ("P1M", "invalidAfterTime: expected a duration without years and months, such as PT8H or P14D"),
        (
            "PT",
            "invalidAfterTime: expected an ISO 8601 duration such as PT8H, P14D or P1Y, at most 1000 years long",
        ),
    ],
)
def test_other_times_of_promises_are_refused(text: str, summary: str) -> None:
    """Too short, too long, no whole minutes, no fixed length, no duration."""
    with pytest.raises(Invalid) as refused:
        PROMISES.complete({"version": 1, "invalidAfterTime": text})
    assert summaries(refused) == [summary]


def test_stickers_of_tags_are_named_when_they_are_stored() -> None:
    """Each gets the name that follows from its localized ones; the rest stays as sent."""
    sticker = {"key": "b", "nameLocalized": {"de_DE": "Geschäft"}, "priority": 1}
    offer = {"tagRef": "Channel", "matchingValues": ["B2B"], "stickers": [sticker]}
    wanted = {"version": 1, "more": 1, "stickerConfiguration": {"offeredStickersByTag": [offer]}}
    named = {**offer, "stickers": [{**sticker, "name": "Geschäft"}]}
    assert ORDER_TAGS.complete(wanted) == {**wanted, "stickerConfiguration": {"offeredStickersByTag": [named]}}
    assert ORDER_TAGS.complete({"version": 1, "stickerConfiguration": {}}) == {
        "version": 1,
        "stickerConfiguration": {},
    }


def test_wrong_texts_of_stickers_are_told_by_path() -> None:
    """Every one of them."""
    wrong = [{"nameLocalized": {"deutsch": "x"}}, {"nameLocalized": {"de_DE": ""}}]
    offers = [{"stickers": [{"nameLocalized": {"de": "gut"}}]}, {"stickers": wrong}]
    with pytest.raises(Invalid) as refused:
        ORDER_TAGS.complete({"stickerConfiguration": {"offeredStickersByTag": offers}})
    at = "stickerConfiguration.offeredStickersByTag[1].stickers"
    assert summaries(refused) == [
        f"{at}[0].nameLocalized.deutsch: expected a locale such as de_DE or de as the key",
        f"{at}[1].nameLocalized.de_DE: expected a text that is not empty",
    ]


def source(source_id: str, **more: Any) -> Document:
    """A stored source."""
    return {"id": source_id, "nameLocalized": {"en_US": "Shop"}, "name": "Shop", "version": 1, **more}


WANTED = {"nameLocalized": {"en_US": "App"}, "tenantSourceId": "app"}
ENTRIES = [source("3", tenantSourceId="shop"), source("1")]


def test_a_new_source_comes_first() -> None:
    """Sources are kept newest first, which is by id going down, also where another clock made a later id."""
    entry, entries = added(ENTRIES, WANTED, lambda: "4")
    assert entry == {"id": "4", "nameLocalized": {"en_US": "App"}, "name": "App", "tenantSourceId": "app", "version": 1}
    assert entries == [entry, *ENTRIES]
    assert [entry["id"] for entry in added(ENTRIES, WANTED, lambda: "2").entries] == ["3", "2", "1"]


def test_a_tenant_has_at_most_500_sources() -> None:
    """One more is refused by name."""
    entries = [source(str(number)) for number in range(499)]
    full = added(entries, WANTED, lambda: "x").entries
    assert len(full) == 500
    with pytest.raises(Invalid) as refused:
        added(full, {"nameLocalized": {"en_US": "App"}}, lambda: "y")
    assert summaries(refused) == ["orderSources: expected at most 500"]


def test_one_source_per_id_of_the_callers_own() -> None:
    """Adding or changing to a held one is refused and names the holder; a source may keep its own."""
    held = {**WANTED, "tenantSourceId": "shop"}
    with pytest.raises(Conflict) as refused:
        added(ENTRIES, held, lambda: "4")
    assert refused.value.faults[0].summary == "tenantSourceId: shop is held by order source 3"
    with pytest.raises(Conflict) as refused:
        changed(ENTRIES, "1", {**held, "version": 1})
    assert refused.value.faults[0].summary == "tenantSourceId: shop is held by order source 3"
    assert changed(ENTRIES, "3", {**held, "version": 1}).entry["name"] == "App"


def test_changing_a_source_replaces_it_in_its_place() -> None:
    """With the next version; an id of the caller's own that is not sent is gone."""
    entry, entries = changed(ENTRIES, "3", {"nameLocalized": {"de_DE": "Laden"}, "version": 1})
    assert entry == {"id": "3", "nameLocalized": {"de_DE": "Laden"}, "name": "Laden", "version": 2}
    assert entries == [entry, ENTRIES[1]]


def test_a_source_that_is_so_already_keeps_its_version() -> None:
    """And the entries stay the same."""
    wanted = {"tenantSourceId": "shop", "version": 1, "nameLocalized": {"en_US": "Shop"}}
    assert changed(ENTRIES, "3", wanted) == (ENTRIES[0], ENTRIES)


def test_changing_what_is_not_there_or_was_changed_is_refused() -> None:
    """The unknown id by its path, the stale version with both numbers."""
    with pytest.raises(Invalid) as refused:
        changed(ENTRIES, "2", {**WANTED, "version": 1})
    assert summaries(refused) == ["ordersourceId: unknown order source 2"]
    with pytest.raises(VersionConflict) as stale:
        changed(ENTRIES, "1", {**WANTED, "version": 2})
    assert (stale.value.request_version, stale.value.version) == (2, 1)


def test_a_removed_source_leaves_the_others() -> None:
    """In their order; one that is not there is unknown."""
    assert removed(ENTRIES, "3") == [ENTRIES[1]]
    with pytest.raises(Unknown):
        removed(ENTRIES, "2")


def test_a_page_of_sources_begins_behind_a_position() -> None:
    """Which need not be the id of a source."""
    told = {"id": "ordersources", "version": 2, "orderSources": [source("5"), *ENTRIES]}
    assert [entry["id"] for entry in page(told, before="\U0010ffff", size=2)["orderSources"]] == ["5", "3"]
    assert [entry["id"] for entry in page(told, before="4", size=2)["orderSources"]] == ["3", "1"]
    assert page(told, before="1", size=2) == {**told, "orderSources": []}


def test_the_name_of_a_source_has_locales() -> None:
    """Every fault is told by its path."""
    with pytest.raises(Invalid) as refused:
        order_sources.check({"nameLocalized": {"deutsch": ""}})
    assert summaries(refused) == [
        "nameLocalized.deutsch: expected a locale such as de_DE or de as the key",
        "nameLocalized.deutsch: expected a text that is not empty",
    ]


def test_retention_counts_whole_days_from_the_creation() -> None:
    """Exact to the millisecond: 30 days to the removal of what is personal, 180 more to the end (decision D38)."""
    created = instant_from("2025-02-04T07:19:35.329Z")
    assert retention_dates(GDPR.defaults, created) == ("2025-03-06T07:19:35.329Z", "2025-09-02T07:19:35.329Z")
    assert retention_dates({"retentionTime": 1, "deletionTimeAfterRetention": 1}, created) == (
        "2025-02-05T07:19:35.329Z",
        "2025-02-06T07:19:35.329Z",
    )


def test_retention_without_a_second_duration_deletes_after_180_days() -> None:
    """The member may be left out."""
    assert retention_dates({"retentionTime": 30}, NOW) == retention_dates(GDPR.defaults, NOW)


def test_retention_ends_with_the_calendar() -> None:
    """A sandbox may be far in the future; the dates stay ones that can be shown."""
    assert retention_dates({"retentionTime": 36_500}, INSTANT_MAX - 1) == ("9999-12-31T23:59:59.999Z",) * 2
