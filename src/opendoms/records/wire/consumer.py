"""Who bought."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import Wire

ADDRESSES_MAX: Final = 10


class OrderRecordAddress(Wire, frozen=True, gc=False):
    """An address as the till knew it: any part may be missing, and nothing about it is checked."""

    first_name: str | UnsetType = UNSET
    """The given name."""
    last_name: str | UnsetType = UNSET
    """The family name."""
    company_name: str | UnsetType = UNSET
    """The company."""
    street: str | UnsetType = UNSET
    """The street."""
    house_number: str | UnsetType = UNSET
    """The house number."""
    additional_address_info: str | UnsetType = UNSET
    """What else helps to find the place."""
    postal_code: str | UnsetType = UNSET
    """The postal code."""
    city: str | UnsetType = UNSET
    """The town."""
    province: str | UnsetType = UNSET
    """The state, province or region."""
    country: str | UnsetType = UNSET
    """The country."""


class OrderRecordConsumer(Wire, frozen=True, gc=False):
    """Who bought, as far as the till knew."""

    consumer_id: str | UnsetType = UNSET
    """The caller's own id of the consumer."""
    email: str | UnsetType = UNSET
    """The e-mail address, as it was given at the till."""
    addresses: Annotated[tuple[OrderRecordAddress, ...], Meta(max_length=ADDRESSES_MAX)] | UnsetType = UNSET
    """The addresses."""
