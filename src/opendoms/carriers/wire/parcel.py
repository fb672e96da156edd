"""Sizes of parcels, as carriers and connections hold them."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from opendoms.web.wire_types import Closed, LocaleString, Wire


class ParcelDimensions(Closed, frozen=True, gc=False):
    """How large and how heavy a parcel is, in cm and grams."""

    width: float | UnsetType = UNSET
    """How wide."""
    length: float | UnsetType = UNSET
    """How long."""
    height: float | UnsetType = UNSET
    """How high."""
    weight: float | UnsetType = UNSET
    """How heavy."""
    custom_weight: float | UnsetType = UNSET
    """How heavy, as the caller puts it on the label."""


class ParcelLabelClassificationServices(Wire, frozen=True, gc=False):
    """What is special about a parcel of this size."""

    bulky_goods: bool | UnsetType = UNSET
    """Whether it counts as bulky."""


class ParcelLabelClassificationForCreation(Wire, frozen=True, gc=False):
    """A size of parcels."""

    name_localized: LocaleString
    """What it is called, per locale; at least one."""
    dimensions: ParcelDimensions | None
    """How large it is."""
    services: ParcelLabelClassificationServices | UnsetType = UNSET
    """What is special about it."""


class ParcelLabelClassification(ParcelLabelClassificationForCreation, frozen=True, gc=False, kw_only=True):
    """A size of parcels, as it is stored."""

    name: str | UnsetType = UNSET
    """What it is called, in one language."""
