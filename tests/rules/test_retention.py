"""When persons go out of documents: to the millisecond, by the configuration that was in force."""

from __future__ import annotations

import pytest

from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.duration import DAY_MS
from opendoms.kernel.personal import ANONYMIZED
from opendoms.retention.policy import open_orders_after_ms
from opendoms.retention.rules import ending
from opendoms.retention.rules.dates import DEFAULT_POLICY, Era, Policy, era_of, timeline
from opendoms.retention.rules.ending import Ending, Told, order_ending, record_ending
from opendoms.retention.subjects import SUBJECTS
from tests.rules.orders import NOW, stored

DAY = DAY_MS
DEFAULTS = (30 * DAY, 210 * DAY)


def days(cleanup: int, deletion: int | None = None) -> Document:
    """A configuration of so many days."""
    return {"retentionTime": cleanup} | ({} if deletion is None else {"deletionTimeAfterRetention": deletion})


def order(status: str = "CANCELLED", *, anonymized: bool = False) -> Document:
    """An order stored at NOW."""
    return {**stored(), "status": status, "anonymized": anonymized}


def record(*, anonymized: bool = False) -> Document:
    """The part of a record that its ending follows from."""
    return {"anonymized": anonymized, "gdprCleanupDate": text_of(NOW + 10), "deletionDate": text_of(NOW + 20)}


def test_before_the_first_configuration_the_defaults_are_in_force() -> None:
    """30 days, then 180 more."""
    assert timeline(()) == (Era(INSTANT_MIN, INSTANT_MAX, *DEFAULTS),)


def test_each_configuration_holds_for_what_is_stored_while_it_is_in_force() -> None:
    """A change moves no date of what is there; what is stored in its very millisecond follows the new one (D68)."""
    eras = timeline([(100, days(1, 2)), (200, days(5))])
    assert eras == (
        Era(INSTANT_MIN, 99, *DEFAULTS),
        Era(100, 199, DAY, 3 * DAY),
        Era(200, INSTANT_MAX, 5 * DAY, 185 * DAY),
    )
    assert [era_of(eras, at).cleanup_ms // DAY for at in (99, 100, 199, 200)] == [30, 1, 1, 5]


def test_eras_never_overlap_and_equal_ones_are_one() -> None:
    """Clocks of nodes may differ, and a configuration may be written without a change of its times."""
    eras = timeline([(100, days(1)), (90, days(2)), (95, days(2)), (300, days(2))])
    assert eras == (Era(INSTANT_MIN, 99, *DEFAULTS), Era(100, INSTANT_MAX, 2 * DAY, 182 * DAY))


@pytest.mark.parametrize(
    ("after_ms", "anonymized", "due"),
    [
        (9, False, None),
        (10, False, Ending.ANONYMIZE),
        (10, True, None),
        (19, False, Ending.ANONYMIZE),
        (19, True, None),
        (20, True, Ending.DELETE),
        (20, False, Ending.DELETE),
    ],
)
def test_a_record_ends_to_the_millisecond(after_ms: int, anonymized: bool, due: Ending | None) -> None:  # noqa: FBT001 - a column of the table
    """Never early; and once its deletion is due, it is deleted whether or not anybody came to anonymise it."""
    assert record_ending(record(anonymized=anonymized), DEFAULT_POLICY, NOW + after_ms) is due


@pytest.mark.parametrize("status", ["CANCELLED", "OBSOLETE"])
def test_an_order_that_is_over_ends_to_the_millisecond(status: str) -> None:
    """30 days after it was stored its persons go, 180 days later the rest."""
    times = [30 * DAY - 1, 30 * DAY, 210 * DAY - 1, 210 * DAY]
    assert [order_ending(order(status), DEFAULT_POLICY, NOW + time) for time in times] == [
        None,
        Ending.ANONYMIZE,
        Ending.ANONYMIZE,
        Ending.DELETE,
    ]
    without = [order_ending(order(status, anonymized=True), DEFAULT_POLICY, NOW + time) for time in times]
    assert without == [None, None, None, Ending.DELETE]


@pytest.mark.parametrize("status", ["OPEN", "LOCKED", "PROMISED"])
def test_an_order_that_is_not_over_keeps_its_customer(status: str) -> None:
    """However old it is, unless the operator has named an age; then the longer of both times counts (D70)."""
    assert order_ending(order(status), DEFAULT_POLICY, NOW + 100 * 365 * DAY) is None
    for age, cleanup in ((100, 100), (10, 30)):
        policy = Policy(DEFAULT_POLICY.eras, age * DAY)
        times = [cleanup * DAY - 1, cleanup * DAY, (cleanup + 180) * DAY - 1, (cleanup + 180) * DAY]
        assert [order_ending(order(status), policy, NOW + time) for time in times] == [
            None,
            Ending.ANONYMIZE,
            Ending.ANONYMIZE,
            Ending.DELETE,
        ]


def test_what_is_found_and_what_is_due_is_the_same() -> None:
    """The spans by which orders are looked up have the ages at which the rule says that they are due."""
    from opendoms.retention.subjects import spans_of  # noqa: PLC0415 - only here

    policy = Policy(timeline([(NOW - 1, days(1, 2)), (NOW + 5, days(7, 7))]), 3 * DAY)
    for span in spans_of(policy):
        for created in (max(span.since, NOW - DAY), min(span.until, NOW + DAY)):
            one = order("OPEN" if span.live else "OBSOLETE", anonymized=span.anonymized)
            one["created"] = text_of(created)
            wanted = Ending.DELETE if span.anonymized else Ending.ANONYMIZE
            assert order_ending(one, policy, created + span.age_ms - 1) is None
            assert order_ending(one, policy, created + span.age_ms) is wanted


def test_an_anonymised_order_is_its_next_version() -> None:
    """The version moves, `anonymized` says so, and ids, lines and amounts are what they were."""
    before = stored(customAttributes={"note": "for Ada"})
    after = ending.anonymized(before, SUBJECTS["ORDER"].kept, actors=True, now=NOW + 5)
    assert (after["version"], after["anonymized"]) == (2, True)
    assert instant_from(after["lastModified"]) == NOW + 5
    assert after["orderLineItems"] == before["orderLineItems"]
    assert "customAttributes" not in after
    assert after["consumer"]["addresses"][0]["street"] == ANONYMIZED


def test_history_tells_of_the_change_and_not_of_the_person() -> None:
    """Document and detail of a row are anonymised; actor and the id of the request go unless actors are kept."""
    changes = {"changes": {"consumer": {"email": "a@b.de"}, "customAttributes": {"x": 1}}, "other": "Ada"}
    row = Told(2, "grace", "PATCH /api/orders/{orderId} by-grace", encode(stored(version=9)), encode(changes))
    kept = SUBJECTS["ORDER"].kept
    told = ending.told_without_persons(row, kept, actors=True)
    assert (told.seq, told.actor, told.cause) == (2, ANONYMIZED, "PATCH /api/orders/{orderId}")
    assert decode(told.detail or b"") == {"changes": {"consumer": {}}}
    assert decode(told.document)["anonymized"] is True
    assert ending.told_without_persons(row, kept, actors=False).actor == "grace"
    by_hub = ending.told_without_persons(row._replace(actor="opendoms", cause="timer X"), kept, actors=True)
    assert (by_hub.actor, by_hub.cause) == ("opendoms", "timer X")


def test_of_what_is_deleted_history_keeps_that_it_was() -> None:
    """Type, time and version stay, the document is its id and version, and nobody is named (D71)."""
    row = Told(2, "grace", "POST /api/orders x", b'{"consumer":{"email":"a@b.de"}}', b'{"changes":{}}')
    told = ending.told_of_the_deleted(row, "o-1", actors=True)
    assert told == Told(2, ANONYMIZED, "POST /api/orders", b'{"id":"o-1","version":2}', None)


def test_the_age_of_open_orders_is_a_duration_or_nothing() -> None:
    """Empty is never; anything else that is no duration names the setting."""
    assert open_orders_after_ms(" ") is None
    assert open_orders_after_ms("52w") == 52 * 7 * DAY
    with pytest.raises(ValueError, match="OPENDOMS_RETENTION_OPEN_ORDERS_AFTER"):
        open_orders_after_ms("soon")
