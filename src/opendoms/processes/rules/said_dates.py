"""What becomes of an order at the dates that somebody has set on its process.

A date can be brought forward, never put off: what the configuration of retention says is the latest. Orders that are
not over stay as they are, and are looked at again once a day (decision D87).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.kernel.changeset import Timer
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import DAY_MS
from opendoms.orders.lifecycle import LIVE
from opendoms.processes.rules.process import DATES
from opendoms.retention.rules.dates import Policy
from opendoms.retention.rules.ending import Ending, order_ending

# The kind of timer that stands at the next of these dates, under the id of the order.
PROCESS_DATES: Final = "PROCESS_DATES"


def timer_of(tenant: str, before: Document | None, after: Document) -> tuple[Timer, ...]:
    """The timer that a change of what is said about a process sets: none where it changes no date."""
    was = before or {}
    if all(was.get(name) == after.get(name) for name in DATES):
        return ()
    return (Timer(tenant, PROCESS_DATES, after["orderRef"], min(_instants(after))),)


def ending(order: Document, said: Document, policy: Policy, now: int) -> Ending | None:
    """What is due of an order, by its process or by the policy, whichever is sooner."""
    by_policy = order_ending(order, policy, now)
    if order["status"] in LIVE or by_policy is Ending.DELETE:
        return by_policy
    cleanup, deletion = (name in said and instant_from(said[name]) <= now for name in DATES)
    if deletion:
        return Ending.DELETE
    return Ending.ANONYMIZE if cleanup and not order["anonymized"] else by_policy


def next_look(order: Document, said: Document, now: int) -> int | None:
    """When an order is to be looked at again for the sake of these dates (ms); None where they are all dealt with."""
    if order["status"] in LIVE:
        return max(now + DAY_MS, min(_instants(said)))
    return min((instant for instant in _instants(said) if instant > now), default=None)


def _instants(said: Document) -> Iterator[int]:
    return (instant_from(said[name]) for name in DATES if name in said)
