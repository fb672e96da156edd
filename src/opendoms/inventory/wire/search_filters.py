"""Filters that the searches for listings, stocks and reservations share."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.search.wire import VALUES_MAX, Number, SearchText, SearchTexts
from opendoms.web.wire_types import Closed

Numbers = Annotated[tuple[Number, ...], Meta(max_length=VALUES_MAX)]


class NumberFilter(Closed, frozen=True, gc=False):
    """A number."""

    eq: Number | UnsetType = UNSET
    """The number is this one."""
    not_eq: Number | UnsetType = UNSET
    """The number is not this one, or is absent."""
    in_: Numbers | UnsetType = msgspec.field(default=UNSET, name="in")
    """The number is one of these."""
    not_in: Numbers | UnsetType = UNSET
    """The number is none of these, or is absent."""
    gt: Number | UnsetType = UNSET
    """The number is larger."""
    gte: Number | UnsetType = UNSET
    """The number is as large, or larger."""
    lt: Number | UnsetType = UNSET
    """The number is smaller."""
    lte: Number | UnsetType = UNSET
    """The number is as large, or smaller."""


class StockPropertyFilter(Closed, frozen=True, gc=False):
    """A property of a stock: a text, or a point in time where it is compared as one."""

    eq: SearchText | UnsetType = UNSET
    """The property is this."""
    not_eq: SearchText | UnsetType = UNSET
    """The property is something else, or is absent."""
    in_: SearchTexts | UnsetType = msgspec.field(default=UNSET, name="in")
    """The property is one of these."""
    not_in: SearchTexts | UnsetType = UNSET
    """The property is none of these, or is absent."""
    gt: SearchText | UnsetType = UNSET
    """The time is later; a time is written as a timestamp."""
    gte: SearchText | UnsetType = UNSET
    """It is this one or later."""
    lt: SearchText | UnsetType = UNSET
    """It is earlier."""
    lte: SearchText | UnsetType = UNSET
    """It is this one or earlier."""
    after: SearchText | UnsetType = UNSET
    """It is later than now plus this ISO 8601 duration."""
    before: SearchText | UnsetType = UNSET
    """It is earlier than now plus this ISO 8601 duration."""
    exists: bool | UnsetType = UNSET
    """Whether the property is there."""
