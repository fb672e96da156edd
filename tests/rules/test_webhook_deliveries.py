"""How a delivery goes on: attempts, pauses, and the end of trying."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.events.limits import ATTEMPTS_KEPT, BACKOFF_MS_MAX, TRIED_MS_MAX
from opendoms.events.rules.delivery import (
    Attempt,
    attempted,
    backoff_ms,
    begun,
    cancelled,
    due_of,
    lost,
    redelivered,
)
from opendoms.events.rules.place import Happened, Place
from opendoms.events.rules.replay import advanced, cancel, range_of, start
from opendoms.kernel.refusal import Conflict, Invalid, Unknown

NOW = 1_790_000_000_000
EVENT = Happened(Place(0, 7), "ORDER", "o1", 3, "e1", "ORDER_CREATED", NOW, b"{}", None)
FRESH = begun("d1", "s1", "ORDER_CREATED", EVENT, now=NOW)


def failure(at: int, status: int | None = 500) -> Attempt:
    """An attempt that was refused."""
    return Attempt(at, 5, status, None if status else "TIMEOUT")


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(status: int) -> None:
    """Decision D21."""
    after = attempted(FRESH, Attempt(NOW, 5, status))
    assert (after["state"], after["attemptCount"], due_of(after)) == ("DELIVERED", 1, None)
    assert after["attempts"] == [{"at": "2026-09-21T14:13:20.000Z", "durationMs": 5, "status": status}]


@pytest.mark.parametrize("status", [None, 100, 199, 300, 301, 304, 400, 404, 410, 429, 500, 599])
def test_anything_else_is_tried_again(status: int | None) -> None:
    """Redirects and refusals of the caller's making too: the endpoint may be mended."""
    after = attempted(FRESH, failure(NOW, status))
    assert after["state"] == "RETRYING"
    assert NOW + 800 <= (due_of(after) or 0) <= NOW + 1_005


def test_pauses_double_up_to_four_hours() -> None:
    """From a second on, each up to a fifth shorter, and different for different deliveries."""
    for failures in range(1, 60):
        longest = min(1_000 * 2 ** (failures - 1), BACKOFF_MS_MAX)
        pauses = {backoff_ms(failures, f"d{number}") for number in range(50)}
        assert longest * 0.8 <= min(pauses)
        assert max(pauses) <= longest
        assert len(pauses) > 1


def test_after_a_week_it_is_a_dead_letter() -> None:
    """The last attempt lies within seven days of the first; the latest attempts stay."""
    delivery, at = FRESH, NOW
    while delivery["state"] != "DEAD":
        delivery = attempted(delivery, failure(at))
        at = due_of(delivery) or at
    assert TRIED_MS_MAX - BACKOFF_MS_MAX <= at - NOW <= TRIED_MS_MAX
    assert len(delivery["attempts"]) == ATTEMPTS_KEPT
    assert delivery["attemptCount"] > ATTEMPTS_KEPT
    again = attempted(redelivered(delivery, now=at), failure(at))
    assert again["state"] == "RETRYING", "a redelivery begins another week"


def test_a_delivery_that_waits_behind_another_is_not_redelivered() -> None:
    """Its turn comes by itself; one that is delivered, retried or dead may be sent at once."""
    with pytest.raises(Invalid, match="WAITING"):
        redelivered(FRESH, now=NOW)
    for state in (
        attempted(FRESH, Attempt(NOW, 5, 204)),
        attempted(FRESH, failure(NOW)),
        lost(FRESH),
        cancelled(FRESH),
    ):
        assert due_of(redelivered(state, now=NOW + 9)) == NOW + 9


WANTED: dict[str, Any] = {"rate": 50}
SUBSCRIPTION = {"id": "s1", "event": "ORDER_CREATED"}


def test_a_replay_runs_to_its_last_position() -> None:
    """It counts what it sent, and is done when it has seen the last position that there was when it began."""
    replay = start(None, SUBSCRIPTION, WANTED, newest=30, now=NOW)
    assert range_of(replay).events == ["ORDER_CREATED"]
    replay = advanced(replay, 12, 5, now=NOW)
    assert (replay["state"], replay["replayed"], range_of(replay).position) == ("RUNNING", 5, 12)
    replay = advanced(replay, 30, 2, now=NOW)
    assert (replay["state"], replay["replayed"], replay["version"]) == ("DONE", 7, 3)
    with pytest.raises(Unknown):
        cancel(replay, now=NOW)


def test_one_replay_runs_at_a_time() -> None:
    """A second one is refused until the first has ended, by itself or because it was cancelled."""
    running = start(None, SUBSCRIPTION, WANTED, newest=30, now=NOW)
    with pytest.raises(Conflict):
        start(running, SUBSCRIPTION, WANTED, newest=30, now=NOW)
    assert start(cancel(running, now=NOW), SUBSCRIPTION, WANTED, newest=30, now=NOW)["version"] == 3


def test_a_replay_names_its_faults() -> None:
    """Unknown events, and an end before the beginning."""
    wanted = {
        "events": ["ORDER_CREATED", "NOTHING"],
        "from": "2026-01-02T00:00:00.000Z",
        "to": "2026-01-01T00:00:00.000Z",
    }
    with pytest.raises(Invalid) as refused:
        start(None, SUBSCRIPTION, wanted, newest=1, now=NOW)
    assert [fault.summary.partition(":")[0] for fault in refused.value.faults] == ["events[1]", "to"]
