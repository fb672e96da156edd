"""Who the order is for."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import (
    LIST_MAX,
    Coordinates,
    CountryCode,
    CustomAttributes,
    Email,
    FilledEmail,
    OneLine,
    TenantKey,
    Wire,
)

AddressType = Literal["POSTAL_ADDRESS", "PARCEL_LOCKER", "INVOICE_ADDRESS"]


class PhoneNumber(Wire, frozen=True, gc=False):
    """A telephone number of the addressee."""

    type: Literal["MOBILE", "PHONE"]
    """Whether it rings a mobile or a fixed telephone."""
    value: str
    """The number, in any notation."""
    label: str | UnsetType = UNSET
    """What the number is used for, such as "work"."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class ConsumerAddress(Wire, frozen=True, gc=False):
    """An address of the consumer, for delivery or for the invoice."""

    street: OneLine
    """The street, without the house number if that is given apart."""
    city: OneLine
    """The town."""
    postal_code: OneLine
    """The postal code, in the notation of the country."""
    country: CountryCode
    """The country as an ISO 3166-1 code of two capital letters."""
    house_number: OneLine | UnsetType = UNSET
    """The house number with its additions."""
    province: OneLine | UnsetType = UNSET
    """The state, province or region."""
    additional_address_info: str | UnsetType = UNSET
    """What else helps to find the place, such as the floor."""
    phone_numbers: Annotated[tuple[PhoneNumber, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """How the addressee is reached by telephone."""
    address_type: AddressType | UnsetType = UNSET
    """What the address is used for."""
    salutation: str | UnsetType = UNSET
    """How the addressee is greeted."""
    personal_title: str | UnsetType = UNSET
    """The title before the name, such as "Dr."."""
    first_name: str | UnsetType = UNSET
    """The given name."""
    last_name: str | UnsetType = UNSET
    """The family name."""
    company_name: str | UnsetType = UNSET
    """The company, if the parcel goes to one."""
    email: FilledEmail | UnsetType = UNSET
    """The e-mail address; carriers get it with the shipping label."""
    coordinates: Coordinates | UnsetType = UNSET
    """Where the address lies."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class OrderForCreationConsumer(Wire, frozen=True, gc=False):
    """Who ordered and who receives: a person, or a facility when stores supply each other."""

    addresses: Annotated[tuple[ConsumerAddress, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """The addresses; empty when a facility receives the goods."""
    consumer_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the consumer; lists can be narrowed to it."""
    facility_ref: str | UnsetType = UNSET
    """The receiving facility, by its id."""
    tenant_facility_id: str | UnsetType = UNSET
    """The receiving facility, by the caller's own id."""
    email: Email | UnsetType = UNSET
    """The consumer's e-mail address; better placed in the address."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""
