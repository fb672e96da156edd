"""The sources that orders may come from."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import (
    LIST_MAX,
    LIST_SIZE_DEFAULT,
    Closed,
    Int64,
    LocaleString,
    PageSize,
    TenantKey,
    Timestamp,
    Wire,
)

# All sources are one document, so that each has to be small.
NAME_CHARACTERS_MAX: Final = 200
NAME_LOCALES_MAX: Final = 100

SourceName = Annotated[
    dict[str, Annotated[str, Meta(max_length=NAME_CHARACTERS_MAX)]], Meta(max_length=NAME_LOCALES_MAX)
]


class OrderSourceListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of sources."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last source of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many sources a page holds at most."""


class OrderSourceEntryForCreation(Closed, frozen=True, gc=False):
    """A source as the caller names it."""

    name_localized: SourceName
    """The name per locale, at least one."""
    tenant_source_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the source; only one source has it."""


class OrderSourceEntryForUpdate(OrderSourceEntryForCreation, frozen=True, gc=False, kw_only=True):
    """A source as it is to be: members that are not sent are removed."""

    version: Int64
    """The version of the source that the caller has seen."""


class OrderSourceEntry(Closed, frozen=True, gc=False):
    """Where orders come from."""

    id: str
    """The id of the source, made by the server."""
    name_localized: LocaleString
    """The name per locale."""
    version: Int64
    """The version of the source."""
    name: str | UnsetType = UNSET
    """The name in one language, derived from the localized ones."""
    tenant_source_id: str | UnsetType = UNSET
    """The caller's own id of the source."""


class OrderSourceConfiguration(Closed, frozen=True, gc=False):
    """The sources that orders may come from."""

    version: Int64
    """The version of the configuration, which grows with every change of a source; 0 before the first one."""
    order_sources: Annotated[tuple[OrderSourceEntry, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """The sources, newest first."""
    id: str | UnsetType = UNSET
    """The id of the configuration, made by the server."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the configuration was last changed."""
