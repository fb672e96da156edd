"""What cancelation reasons look like on the wire."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_SIZE_DEFAULT, Closed, Int64, LocaleString, PageSize, Timestamp, Wire

# Found by its text, so that the text must fit into an index whatever alphabet it is written in.
REASON_CHARACTERS_MAX: Final = 500

ReasonText = Annotated[
    str,
    Meta(
        max_length=REASON_CHARACTERS_MAX,
        pattern=r"^[^\x00]*\Z",
        extra_json_schema={"published": {"pattern": r"^[^\u0000]*$"}},
    ),
]


class CancelationReasonListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of reasons."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last reason of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many reasons a page holds at most."""


class CancelationReasonForCreation(Closed, frozen=True, gc=False):
    """A reason as the caller words it."""

    reason: ReasonText
    """The reason in words; what makes it the same as another one."""
    reason_localized: LocaleString
    """The words per locale, at least one."""


class CancelationReasonForModification(CancelationReasonForCreation, frozen=True, gc=False, kw_only=True):
    """Other words for a reason."""

    version: Int64
    """The version of the reason that the caller has seen."""


class CancelationReason(Wire, frozen=True, gc=False):
    """Why orders are cancelled."""

    id: str
    """The id of the reason, made by the server."""
    version: Int64
    """The version of the reason."""
    action: Literal["CANCELATION"]
    """What the reason is for."""
    reason: str
    """The reason in words."""
    reason_localized: LocaleString
    """The words per locale."""
    created: Timestamp | UnsetType = UNSET
    """When the reason was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the reason was last changed."""


class CancelationReasons(Wire, frozen=True, gc=False):
    """One page of reasons, newest first."""

    reasons: tuple[CancelationReason, ...]
    """The reasons of this page."""
    has_next_page: bool
    """Whether there are more after this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many reasons there are on all pages together."""
