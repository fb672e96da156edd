"""What tags look like on the wire."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.search.wire import FILTERS_MAX, Direction, PageInfo, SearchPayload, StringSearchFilter
from opendoms.tags.rules import VALUES_MAX
from opendoms.web.wire_types import (
    LIST_MAX,
    LIST_SIZE_DEFAULT,
    TENANT_KEY_MAX,
    Closed,
    Int64,
    PageSize,
    TenantKey,
    Timestamp,
    Wire,
)

VALUE_CHARACTERS_MAX: Final = TENANT_KEY_MAX

TagId = Annotated[TenantKey, Meta(min_length=1)]
TagValue = Annotated[str, Meta(max_length=VALUE_CHARACTERS_MAX)]


class TagListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of tags."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last tag of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many tags a page holds at most."""


class TagForCreation(Closed, frozen=True, gc=False):
    """A tag as the caller defines it."""

    id: TagId
    """The name of the tag, by which orders refer to it; part of its path."""
    allowed_values: Annotated[tuple[TagValue, ...], Meta(min_length=1, max_length=VALUES_MAX)]
    """The values that orders may carry, at least one."""


class Tag(Wire, frozen=True, gc=False):
    """What may be said about orders, and with which values."""

    id: str
    """The name of the tag, by which orders refer to it."""
    version: Int64
    """The version of the tag."""
    allowed_values: Annotated[tuple[str, ...], Meta(min_length=1)]
    """The values that orders may carry."""
    created: Timestamp | UnsetType = UNSET
    """When the tag was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When a value was last added."""


class StrippedTags(Wire, frozen=True, gc=False):
    """One page of tags, by their ids."""

    tags: tuple[Tag, ...]
    """The tags of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many tags there are on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""


class AddAllowedValueToTag(Closed, frozen=True, gc=False):
    """Allows one more value."""

    action: Literal["AddAllowedValueToTag"]
    """What is to be done."""
    allowed_value: TagValue
    """The value; one that is allowed already changes nothing."""


class TagPatchActions(Wire, frozen=True, gc=False):
    """What is to be changed about a tag."""

    version: Int64
    """The version of the tag that the caller has seen."""
    actions: Annotated[tuple[AddAllowedValueToTag, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """What is to be done, in this order; all of it or nothing."""


class TagSearchQuery(Closed, frozen=True, gc=False):
    """What tags are searched by; all that is given must hold."""

    id: StringSearchFilter | UnsetType = UNSET
    """By the name of the tag."""
    allowed_values: StringSearchFilter | UnsetType = UNSET
    """By its allowed values, of which one has to be like this."""
    and_: Annotated[tuple[TagSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[TagSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds."""


class TagSort(Closed, frozen=True, gc=False):
    """What tags are ordered by."""

    id: Direction | UnsetType = UNSET
    """By the name of the tag."""


class TagSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for tags."""

    query: TagSearchQuery
    """Which tags are looked for; an empty object finds all."""
    sort: Annotated[tuple[TagSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """The order of the results; by id going up where it is absent."""


class TagPaginatedResult(Wire, frozen=True, gc=False):
    """One page of the tags that were found."""

    tags: tuple[Tag, ...]
    """The tags of this page."""
    page_info: PageInfo
    """Where the page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many tags were found, where that was asked for."""
