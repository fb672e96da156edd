"""Whether order records are taken in."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from opendoms.web.wire_types import Int64, Timestamp, Wire


class OrderRecordsConfigurationInput(Wire, frozen=True, gc=False):
    """Whether order records are to be taken in from now on."""

    version: Int64
    """The version of the configuration that the change was made from; any for the first write."""
    is_order_records_enabled: bool
    """Whether order records are taken in. Those that are stored can be read either way."""


class OrderRecordsConfiguration(OrderRecordsConfigurationInput, frozen=True, gc=False, kw_only=True):
    """Whether order records are taken in."""

    id: str
    """The id of the configuration, made by the server."""
    version: Int64
    """The version of the configuration; 0 as long as it was never written."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the configuration was last changed."""
