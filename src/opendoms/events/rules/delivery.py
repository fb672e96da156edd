"""How a delivery goes on: attempts, pauses between them, and when it is given up."""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

from opendoms.events.limits import ATTEMPTS_KEPT, BACKOFF_MS_MAX, BACKOFF_MS_MIN, TRIED_MS_MAX
from opendoms.events.rules.catalogue import event_id_of
from opendoms.events.rules.place import Happened
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid

# What two deliveries that fail together are apart at their next attempt: up to this share of the pause, in percent.
JITTER_PERCENT: Final = 20

WAITING: Final = "WAITING"
RETRYING: Final = "RETRYING"
DELIVERED: Final = "DELIVERED"
DEAD: Final = "DEAD"
CANCELLED: Final = "CANCELLED"
STATES: Final = (WAITING, RETRYING, DELIVERED, DEAD, CANCELLED)
OPEN: Final = (WAITING, RETRYING)

EVENT_GONE: Final = "EVENT_GONE"


class Attempt(NamedTuple):
    """What came of one request. `at` is an instant in ms. `status` is None where there was no answer, and `error` why.

    Neither holds anything that the endpoint said: that may be personal data.
    """

    at: int
    ms: int
    status: int | None
    error: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the endpoint has taken the event: any 2xx (decision D21)."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - the class of success


def begun(delivery_id: str, subscription_id: str, name: str, event: Happened, *, now: int) -> Document:
    """A delivery of which nothing was tried yet. `now` is an instant in ms."""
    return {
        "id": delivery_id,
        "version": 1,
        "subscriptionId": subscription_id,
        "event": name,
        "eventId": event_id_of(name, event),
        "entityType": event.kind,
        "entityId": event.entity_id,
        "sequence": event.seq,
        "occurred": text_of(event.at),
        "created": text_of(now),
        "state": WAITING,
        "attemptCount": 0,
        "attempts": [],
    }


def attempted(delivery: Document, attempt: Attempt, *, backoff_ms_min: int = BACKOFF_MS_MIN) -> Document:
    """The delivery after an attempt: delivered, to be tried again after a pause, or dead."""
    count = delivery["attemptCount"] + 1
    end = attempt.at + attempt.ms
    told: Document = {"at": text_of(attempt.at), "durationMs": attempt.ms}
    if attempt.status is not None:
        told["status"] = attempt.status
    if attempt.error is not None:
        told["error"] = attempt.error
    begun_at = delivery.get("triedSince", text_of(attempt.at))
    after = {
        **_without(delivery, "nextAttempt"),
        "attemptCount": count,
        "attempts": [*delivery["attempts"], told][-ATTEMPTS_KEPT:],
        "triedSince": begun_at,
    }
    if attempt.delivered:
        return {**after, "state": DELIVERED, "delivered": text_of(end)}
    tries = after["tries"] = delivery.get("tries", 0) + 1
    due = end + backoff_ms(tries, delivery["id"], minimum=backoff_ms_min)
    if due - instant_from(begun_at) > TRIED_MS_MAX:
        return {**after, "state": DEAD}
    return {**after, "state": RETRYING, "nextAttempt": text_of(due)}


def lost(delivery: Document) -> Document:
    """The delivery of an event that history does not keep any more: a dead letter that says so."""
    return {**_without(delivery, "nextAttempt"), "state": DEAD, "reason": EVENT_GONE}


def redelivered(delivery: Document, *, now: int) -> Document:
    """The delivery, to be tried at once and for as long as a new one.

    Raises Invalid where it waits behind an earlier event of its entity.
    """
    if delivery["state"] == WAITING and "nextAttempt" not in delivery:
        raise Invalid(
            Fault(
                f"Delivery {delivery['id']} is WAITING for an earlier event of the same entity.",
                "It is sent as soon as that one is delivered or given up.",
            )
        )
    kept = _without(delivery, "triedSince", "tries", "delivered", "reason")
    state = RETRYING if delivery["state"] == RETRYING else WAITING
    return {**kept, "state": state, "nextAttempt": text_of(now)}


def cancelled(delivery: Document) -> Document:
    """The delivery whose subscription was deleted."""
    return {**_without(delivery, "nextAttempt"), "state": CANCELLED}


def due_of(delivery: Document) -> int | None:
    """The instant (ms) of the next attempt, None where there is none or others come first."""
    return instant_from(delivery["nextAttempt"]) if "nextAttempt" in delivery else None


def backoff_ms(failures: int, delivery_id: str, *, minimum: int = BACKOFF_MS_MIN) -> int:
    """The pause after so many failures (from 1): it doubles up to BACKOFF_MS_MAX, and differs between deliveries."""
    pause = min(BACKOFF_MS_MAX, minimum << min(failures - 1, BACKOFF_MS_MAX.bit_length()))
    share = zlib.crc32(f"{delivery_id}/{failures}".encode()) % (JITTER_PERCENT + 1)
    return pause - pause * share // 100


def _without(delivery: Document, *names: str) -> Document:
    return {name: value for name, value in delivery.items() if name not in names}
