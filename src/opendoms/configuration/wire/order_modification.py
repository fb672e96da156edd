"""What may be edited on orders."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from opendoms.web.wire_types import Closed, Int64, Timestamp


class OrderModificationConfiguration(Closed, frozen=True, gc=False):
    """Whether orders may be edited after they were created."""

    version: Int64
    """The version of the configuration; 0 as long as it was never written."""
    allow_order_line_item_modification: bool
    """Whether the lines of an order may be changed; false as long as it was never written."""
    id: str | UnsetType = UNSET
    """The id of the configuration, made by the server."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
