"""Where a facility is, and how it is reached."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, Coordinates, CountryCode, CustomAttributes, Email, OneLine, Wire

EMAILS_MAX = 10


class FacilityPhoneNumber(Wire, frozen=True, gc=False):
    """A phone number."""

    value: str
    """The number."""
    type: Literal["MOBILE", "PHONE"]
    """What kind of number it is."""
    label: str | UnsetType = UNSET
    """What the number is for."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class FacilityEmailAddress(Wire, frozen=True, gc=False):
    """An e-mail address."""

    value: str
    """The address."""
    recipient: str | UnsetType = UNSET
    """Who reads it."""


class TimeZoneForCreation(Wire, frozen=True, gc=False):
    """The time zone that the facility's opening times are meant in."""

    time_zone_id: str
    """The zone's name in the IANA database, such as Europe/Berlin."""


class TimeZone(TimeZoneForCreation, frozen=True, gc=False):
    """The time zone that the facility's opening times are meant in."""

    time_zone_name: str
    """What the zone is called."""
    offset_in_seconds: float
    """How far its standard time is ahead of UTC, in seconds."""
    source: str | UnsetType = UNSET
    """Where this comes from."""


class SupplierAddressForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """Where a facility is; a managed one needs street, city and postal code as well."""

    company_name: str
    """The company at this address."""
    country: CountryCode
    """The country, as two letters of ISO 3166-1."""
    street: OneLine | UnsetType = UNSET
    """The street."""
    house_number: OneLine | UnsetType = UNSET
    """The number of the house."""
    postal_code: OneLine | UnsetType = UNSET
    """The postal code."""
    city: OneLine | UnsetType = UNSET
    """The town."""
    province: OneLine | UnsetType = UNSET
    """The part of the country."""
    additional_address_info: str | UnsetType = UNSET
    """Whatever else helps to find it."""
    phone_numbers: Annotated[tuple[FacilityPhoneNumber, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """How to call."""
    email_addresses: Annotated[tuple[FacilityEmailAddress, ...], Meta(max_length=EMAILS_MAX)] | UnsetType = UNSET
    """How to write."""
    resolved_coordinates: Coordinates | UnsetType = UNSET
    """The place on the map."""
    resolved_time_zone: TimeZoneForCreation | UnsetType = UNSET
    """The time zone; its name and offset are answered."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class FacilityAddressForCreation(SupplierAddressForCreation, frozen=True, gc=False, kw_only=True):
    """Where a managed facility is."""

    street: OneLine
    """The street."""
    postal_code: OneLine
    """The postal code."""
    city: OneLine
    """The town."""


class FacilityAddress(SupplierAddressForCreation, frozen=True, gc=False, kw_only=True):
    """Where a facility is, as it is stored."""

    resolved_time_zone: TimeZone | UnsetType = UNSET
    """The time zone that opening times are meant in."""


class ModifiedPhoneNumber(Wire, frozen=True, gc=False):
    """A phone number."""

    value: str | UnsetType = UNSET
    """The number."""
    type: Literal["MOBILE", "PHONE"] | UnsetType = UNSET
    """What kind of number it is."""
    label: str | UnsetType = UNSET
    """What the number is for."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class ModifiedEmailAddress(Wire, frozen=True, gc=False):
    """An e-mail address."""

    value: Email
    """The address."""
    recipient: str | UnsetType = UNSET
    """Who reads it."""


class ModifyFacilityAddress(Wire, frozen=True, gc=False):
    """Members of the address that are to change; the others stay."""

    company_name: str | UnsetType = UNSET
    """The company at this address."""
    country: CountryCode | UnsetType = UNSET
    """The country, as two letters of ISO 3166-1."""
    street: OneLine | UnsetType = UNSET
    """The street."""
    house_number: OneLine | UnsetType = UNSET
    """The number of the house."""
    postal_code: OneLine | UnsetType = UNSET
    """The postal code."""
    city: OneLine | UnsetType = UNSET
    """The town."""
    province: OneLine | UnsetType = UNSET
    """The part of the country."""
    additional_address_info: str | UnsetType = UNSET
    """Whatever else helps to find it."""
    phone_numbers: Annotated[tuple[ModifiedPhoneNumber, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """All phone numbers as they are to be."""
    email_addresses: Annotated[tuple[ModifiedEmailAddress, ...], Meta(max_length=EMAILS_MAX)] | UnsetType = UNSET
    """All e-mail addresses as they are to be."""
    resolved_coordinates: Coordinates | UnsetType = UNSET
    """The place on the map."""
    resolved_time_zone: TimeZoneForCreation | UnsetType = UNSET
    """The time zone; its name and offset are answered."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""
