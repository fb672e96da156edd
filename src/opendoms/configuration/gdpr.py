"""For how long data of persons is kept, and whatever it belongs to after that (decision D38)."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.configuration.kind import Kind
from opendoms.kernel.clock import INSTANT_MAX, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import DAY_MS

RETENTION_DAYS_DEFAULT: Final = 30
DELETION_DAYS_DEFAULT: Final = 180

GDPR: Final = Kind(
    "gdpr",
    {
        "retentionTime": RETENTION_DAYS_DEFAULT,
        "deletionTimeAfterRetention": DELETION_DAYS_DEFAULT,
        "actorAnonymization": True,
    },
)


class RetentionDates(NamedTuple):
    """When personal data goes, and when the rest does: instants as the wire shows them."""

    cleanup: str
    deletion: str


def retention_dates(configuration: Document, created: int) -> RetentionDates:
    """The dates of something that is created at an instant (ms), by the configuration in force.

    A day has 24 hours, so the dates are exact to the millisecond. None lies behind the end of the calendar.
    """
    cleanup = created + configuration["retentionTime"] * DAY_MS
    deletion = cleanup + configuration.get("deletionTimeAfterRetention", DELETION_DAYS_DEFAULT) * DAY_MS
    return RetentionDates(text_of(min(cleanup, INSTANT_MAX)), text_of(min(deletion, INSTANT_MAX)))
