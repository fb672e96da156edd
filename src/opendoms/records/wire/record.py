"""An order record as it is answered."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.records.wire.creation import OrderRecordForCreation
from opendoms.records.wire.line_item import OrderRecordLineItem
from opendoms.records.wire.pricing import OrderRecordPricing
from opendoms.web.wire_types import LIST_MAX, Int64, Timestamp


class OrderRecord(OrderRecordForCreation, frozen=True, gc=False, kw_only=True):
    """A finished sale as it is stored."""

    id: str
    """The id of the order record, made by the server."""
    version: Int64
    """Counts the changes of the order record, from 1; only the removal of personal data changes it."""
    created: Timestamp
    """When the order record was stored."""
    last_modified: Timestamp
    """When the order record was last changed."""
    facility_ref: str
    """The id of the facility where the sale was made."""
    line_items: Annotated[tuple[OrderRecordLineItem, ...], Meta(max_length=LIST_MAX)]
    """What was sold."""
    pricing: OrderRecordPricing | UnsetType = UNSET
    """Discounts, fees and taxes of the whole sale, with its total."""
    anonymized: bool
    """Whether personal data has been taken out."""
    gdpr_cleanup_date: Timestamp
    """When personal data is taken out."""
    deletion_date: Timestamp
    """When the order record is deleted."""
