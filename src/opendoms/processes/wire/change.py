"""What can be asked of a process."""

from __future__ import annotations

import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import INT64_MAX, LIST_MAX, Closed, Int64, TagReference, Wire

TAGS_AT_ONCE_MAX = 10

ActionVersion = Annotated[int, Meta(ge=0, le=INT64_MAX)]
Tags = Annotated[tuple[TagReference, ...], Meta(min_length=1, max_length=TAGS_AT_ONCE_MAX)]


class AddTagsToProcessActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="ADD_TAGS_TO_PROCESS"):
    """Gives a process more tags."""

    version: ActionVersion
    """The version that the process has; it must still be this one."""
    tags: Tags
    """The tags, each with one of its allowed values; one that is there already is not added again."""


class AssignFacilityToProcessActionParameter(
    Wire, frozen=True, gc=False, tag_field="name", tag="ASSIGN_FACILITY_TO_PROCESS"
):
    """Has a facility fulfil the order. Refused: this hub does not route orders."""

    version: ActionVersion
    """The version that the process has; it must still be this one."""
    facility_ref: str
    """The facility."""
    reroute_description_id: str | UnsetType = UNSET
    """Why."""


class UpdateGdprCleanupDateActionParameter(
    Wire, frozen=True, gc=False, tag_field="name", tag="UPDATE_GDPR_CLEANUP_DATE"
):
    """Says when personal data is to be taken out."""

    version: ActionVersion
    """The version that the process has; it must still be this one."""
    gdpr_cleanup_date: datetime.date
    """The day, which begins at midnight UTC."""


class UpdateProcessDeletionDateActionParameter(
    Wire, frozen=True, gc=False, tag_field="name", tag="UPDATE_PROCESS_DELETION_DATE"
):
    """Says when the process is to be removed."""

    version: ActionVersion
    """The version that the process has; it must still be this one."""
    deletion_date: datetime.date
    """The day, which begins at midnight UTC."""


ProcessActionsParameter = (
    AddTagsToProcessActionParameter
    | AssignFacilityToProcessActionParameter
    | UpdateGdprCleanupDateActionParameter
    | UpdateProcessDeletionDateActionParameter
)


class AddTagsToProcess(Closed, frozen=True, gc=False, tag_field="action", tag="AddTagsToProcess"):
    """Gives a process more tags."""

    tags: Annotated[tuple[TagReference, ...], Meta(min_length=1, max_length=LIST_MAX)] | UnsetType = UNSET
    """The tags, each with one of its allowed values; one that is there already is not added again."""


class AssignFacilityToProcess(Closed, frozen=True, gc=False, tag_field="action", tag="AssignFacilityToProcess"):
    """Has a facility fulfil the order. Refused: this hub does not route orders."""

    facility_ref: str
    """The facility."""
    reroute_description_id: str | UnsetType = UNSET
    """Why."""


class UpdateGdprCleanupDateAction(Closed, frozen=True, gc=False, tag_field="action", tag="UpdateGdprCleanupDateAction"):
    """Says when personal data is to be taken out."""

    gdpr_cleanup_date: datetime.date
    """The day, which begins at midnight UTC."""


class ProcessPatchActions(Wire, frozen=True, gc=False):
    """Several things to do with a process."""

    version: Int64
    """The version that the process has; it must still be this one."""
    actions: Annotated[
        tuple[AddTagsToProcess | AssignFacilityToProcess | UpdateGdprCleanupDateAction, ...],
        Meta(min_length=1, max_length=LIST_MAX),
    ]
    """What is to be done, in this order; all of it or nothing."""
