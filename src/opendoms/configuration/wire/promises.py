"""For how long promises hold."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import Int64, Timestamp, Wire

DURATION_CHARACTERS_MAX: Final = 100

# The contract's pattern also lets texts pass that name no time, such as PT; the rule behind it does not.
Iso8601Duration = Annotated[
    str,
    Meta(
        max_length=DURATION_CHARACTERS_MAX,
        extra_json_schema={"published": {"pattern": r"^P(?:(\d+W)|(\d+Y)?(\d+M)?(\d+D)?(?:T(\d+H)?(\d+M)?(\d+S)?)?)$"}},
    ),
]


class PromisesConfiguration(Wire, frozen=True, gc=False):
    """For how long a promised order waits for its confirmation."""

    version: Int64
    """The version of the configuration; 0 as long as it was never written."""
    invalid_after_time: Iso8601Duration
    """After which time a promise lapses that does not say so itself, as an ISO 8601 duration of whole minutes from PT1M
    to PT8H; PT8H as long as it was never written."""
    id: str | UnsetType = UNSET
    """The id of the configuration, made by the server."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the configuration was last changed."""
