"""How orders may be cancelled."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from opendoms.web.wire_types import Closed, Int64, Timestamp


class OrderCancelationConfiguration(Closed, frozen=True, gc=False):
    """Whether orders may be cancelled by force."""

    version: Int64
    """The version of the configuration; 0 as long as it was never written."""
    allow_force_cancel_order: bool
    """Whether an order may be cancelled whatever has begun with it; false as long as it was never written."""
    id: str | UnsetType = UNSET
    """The id of the configuration, made by the server."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
