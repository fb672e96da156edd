"""What the hub reads of a connection's configuration, which is otherwise the caller's own (decision D47)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.carriers.wire.cutoffs import WEEKDAYS_MAX, Date, WeekDay
from opendoms.web.wire_types import DECIMAL_PLACES_MAX, LIST_MAX, CountryCode, Currency, Wire

Days = Annotated[int, Meta(ge=0, le=2**31 - 1)] | Annotated[float, Meta(ge=0, le=2**31 - 1, multiple_of=1)]
NonDeliveryWeekdays = Annotated[tuple[WeekDay, ...], Meta(max_length=WEEKDAYS_MAX)]


class CarrierTransitTime(Wire, frozen=True, gc=False):
    """How long the carrier is on its way, in days of delivery after the hand-over."""

    min_transit_days: Days
    """At least so many days."""
    max_transit_days: Days
    """At most so many days."""


class NonDeliveryDay(Wire, frozen=True, gc=False):
    """A day on which nothing is delivered."""

    non_delivery_day: Date
    """The day."""
    non_delivery_type: Literal["SINGLE", "RECURRING"] | UnsetType = UNSET
    """Whether it is this day alone, or this day of every year; SINGLE where absent."""


NonDeliveryDays = Annotated[tuple[NonDeliveryDay, ...], Meta(max_length=LIST_MAX)]


class NonDeliveryDaysPerProvince(Wire, frozen=True, gc=False):
    """When nothing is delivered in a part of a country, beside the days of the country."""

    province: str
    """The part of the country, as addresses name it."""
    non_delivery_days: NonDeliveryDays
    """The days."""
    recurring_non_delivery_weekdays: NonDeliveryWeekdays
    """The days of the week."""


class NonDeliveryDaysPerCountry(Wire, frozen=True, gc=False):
    """When nothing is delivered in a country."""

    country: CountryCode
    """The country, as two letters of ISO 3166-1."""
    non_delivery_days: NonDeliveryDays
    """The days."""
    recurring_non_delivery_weekdays: NonDeliveryWeekdays
    """The days of the week."""
    non_delivery_days_per_province: Annotated[tuple[NonDeliveryDaysPerProvince, ...], Meta(max_length=LIST_MAX)]
    """What holds in parts of it besides."""


class PriceRange(Wire, frozen=True, gc=False):
    """From which value to which parcels go with the carrier, in the currency's smallest unit."""

    from_: Annotated[float, Meta(ge=0)] = msgspec.field(name="from")
    """At least so much."""
    to: Annotated[float, Meta(ge=1)]
    """At most so much."""
    currency: Currency
    """The currency as an ISO 4217 code."""
    decimal_places: Annotated[int, Meta(ge=0, le=DECIMAL_PLACES_MAX)]
    """How many digits of the amounts stand behind the decimal point."""


class CarrierDeliveryCost(Wire, frozen=True, gc=False):
    """What sending a parcel costs."""

    cost: Annotated[float, Meta(ge=0)]
    """The price as a decimal number, such as 4.99."""
    currency: Currency
    """The currency as an ISO 4217 code."""


class ConnectionConfiguration(Wire, frozen=True, gc=False):
    """What is special about the carrier at this facility. Members that are not named here are the caller's own."""

    transit_time: CarrierTransitTime | UnsetType = UNSET
    """How long the carrier is on its way; without it no day of delivery is promised."""
    non_delivery_days: Annotated[tuple[NonDeliveryDaysPerCountry, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """When nothing is delivered, per country; Sundays in a country that is not here."""
    threshold: PriceRange | UnsetType = UNSET
    """Which parcels the carrier is recommended for; all where absent."""
    carrier_product_category: Literal["STANDARD", "EXPRESS", "VALUE", "FORWARDING"] | UnsetType = UNSET
    """What kind of product goes with the carrier from here; STANDARD where absent."""
    delivery_costs: Annotated[tuple[CarrierDeliveryCost, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """What it costs; delivery promises tell it, and choose by other things."""
