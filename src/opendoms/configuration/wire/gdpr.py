"""For how long data of persons is kept."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import Closed, Int64, Timestamp

# A hundred years: no law asks for more, and the dates stay inside the calendar.
RETENTION_DAYS_MAX: Final = 36_500

Days = Annotated[int, Meta(ge=1, le=RETENTION_DAYS_MAX)]


class GdprConfiguration(Closed, frozen=True, gc=False):
    """For how long data of persons is kept, and whatever it belongs to after that."""

    version: Int64
    """The version of the configuration; 0 as long as it was never written."""
    retention_time: Days
    """After how many days personal data is removed; 30 as long as it was never written."""
    deletion_time_after_retention: Days | UnsetType = UNSET
    """After how many further days the rest is deleted; 180 where absent."""
    actor_anonymization: bool | UnsetType = UNSET
    """Whether the names of those who acted are removed as well; true where absent."""
    id: str | UnsetType = UNSET
    """The id of the configuration, made by the server."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the configuration was last changed."""
