"""For how long what is kept, by the configuration that was in force when it was stored (decision D68).

Orders do not carry their dates: they follow from the instant at which an order was stored and from the history of the
configuration, which is read once per look. All instants and spans are in ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from opendoms.configuration.gdpr import DELETION_DAYS_DEFAULT, GDPR
from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import DAY_MS


class Era(NamedTuple):
    """A time with one configuration: what is stored in it (`since` and `until` included) is kept so long."""

    since: int
    until: int
    cleanup_ms: int
    deletion_ms: int


Timeline = tuple[Era, ...]


def timeline(versions: Sequence[tuple[int, Document]]) -> Timeline:
    """The eras of a tenant, given each version of the configuration with the instant of its writing, oldest first.

    Before the first one the defaults were in force. What is stored in the very millisecond of a change counts as after.
    """
    # Two nodes' clocks may differ, and a later version never begins before an earlier one.
    begins = list(accumulate((at for at, _ in versions), max))
    starts = [(INSTANT_MIN, GDPR.defaults), *zip(begins, (document for _, document in versions), strict=True)]
    ends = [at - 1 for at in begins] + [INSTANT_MAX]
    eras: list[Era] = []
    for (since, configuration), until in zip(starts, ends, strict=True):
        cleanup = configuration["retentionTime"] * DAY_MS
        days = configuration.get("deletionTimeAfterRetention", DELETION_DAYS_DEFAULT)
        era = Era(since, until, cleanup, cleanup + days * DAY_MS)
        if until < since:
            continue
        if eras and eras[-1][2:] == era[2:]:
            era = era._replace(since=eras.pop().since)
        eras.append(era)
    return tuple(eras)


def era_of(eras: Timeline, created: int) -> Era:
    """The era in which something was stored."""
    return next(era for era in reversed(eras) if era.since <= created)


class Policy(NamedTuple):
    """What is in force for a tenant.

    `open_after_ms` is the age after which an order that is not over counts as over, None for never. `actors`: the names
    of those who acted go with the persons.
    """

    eras: Timeline
    open_after_ms: int | None = None
    actors: bool = True


DEFAULT_POLICY: Final = Policy(timeline(()))
