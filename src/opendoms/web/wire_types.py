"""The field types that all wire structs share, and the structs' base classes.

A struct describes one JSON object. Python names are snake_case, wire names camelCase. A member that may be left out is
`T | UnsetType = UNSET`, so that an explicit null is refused unless the type says `| None`. The string under a member is
its text in the API description.

Two class variables say what JSON Schema types cannot; web.alternatives checks them and web.json_schema publishes them:
`AT_LEAST_ONE` and `EXACTLY_ONE` name members of which one must (may only) be there.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1
LIST_MAX: Final = 500  # entries of one list, where the contract sets no narrower bound
TENANT_KEY_MAX: Final = 256  # characters of an id of the caller's own that we index
EMAIL_MAX: Final = 254  # characters, RFC 5321
DECIMAL_PLACES_MAX: Final = 18  # no currency has more; bounds the powers of ten in sums
LIST_SIZE_DEFAULT: Final = 25  # entries of a page where the caller does not say
STICKER_NAME_MAX: Final = 14  # characters that fit on a sticker

# An atom of a mailbox name, and one label of a host name (RFC 5321). Quoted names and address literals are left out:
# no shop sends them, and carriers refuse them.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = rf"^(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\Z"

# Python's `$` also matches before a last line break, JSON Schema's does not. So these match with \Z, and `published`
# holds what the API description says in its place.
Timestamp = Annotated[datetime.datetime, Meta(tz=True)]
FilledText = Annotated[str, Meta(min_length=1)]
OneLine = Annotated[str, Meta(pattern=r"^.+\Z", extra_json_schema={"published": {"pattern": "^.+$"}})]
Email = Annotated[
    str,
    Meta(max_length=EMAIL_MAX, pattern=_EMAIL, extra_json_schema={"published": {"format": "email", "pattern": None}}),
]
FilledEmail = Annotated[Email, Meta(min_length=1)]
CountryCode = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", extra_json_schema={"published": {"pattern": "^[A-Z]{2}$"}})]
TenantKey = Annotated[
    str,
    Meta(
        max_length=TENANT_KEY_MAX,
        pattern=r"^[^\x00]*\Z",
        extra_json_schema={"published": {"pattern": r"^[^\u0000]*$"}},
    ),
]
Int64 = Annotated[int, Meta(ge=INT64_MIN, le=INT64_MAX)]
Quantity = Annotated[int, Meta(ge=1, le=INT64_MAX)]
# Where the contract says "number" for a count of pieces: 2 and 2.0 are the same, 2.5 is refused.
WholeNumber = Quantity | Annotated[float, Meta(ge=1, le=2.0**53, multiple_of=1)]
PageSize = Annotated[int, Meta(ge=1, le=LIST_MAX)]
NotNegative = Annotated[float, Meta(ge=0)]
Percentage = Annotated[float, Meta(ge=0, le=100)]
LocaleString = dict[str, str]
CustomAttributes = dict[str, Any]


# Without the garbage collector's bookkeeping, since decoded JSON has no cycles.
class Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An open object: members that it does not name are kept as sent."""


class Closed(Wire, frozen=True, gc=False, forbid_unknown_fields=True):
    """A closed object: a member that it does not name is refused."""


Currency = Literal[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF",
    "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
    "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD",
    "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP",
    "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD",
    "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XAG",
    "XAU", "XBA", "XBB", "XBC", "XBD", "XCD", "XDR", "XOF", "XPD", "XPF", "XPT", "XSU", "XTS", "XUA", "XXX", "YER",
    "ZAR", "ZMW", "ZWL",
]  # fmt: skip


class Coordinates(Wire, frozen=True, gc=False):
    """A point on the map (WGS 84)."""

    lat: float
    """The latitude in degrees."""
    lon: float
    """The longitude in degrees."""


class MonetaryValue(Wire, frozen=True, gc=False):
    """An amount of money in the currency's smallest unit."""

    value: Int64
    """The amount as a whole number of the smallest unit, such as 1999 for 19.99 EUR."""
    currency: Currency
    """The currency as an ISO 4217 code."""
    decimal_places: Annotated[int, Meta(ge=0, le=DECIMAL_PLACES_MAX)] | UnsetType = UNSET
    """How many digits of `value` stand behind the decimal point; the currency's own number where absent."""


class TagReference(Wire, frozen=True, gc=False):
    """A tag with one of its values."""

    id: str
    """The id of the tag."""
    value: str
    """The value that the tag has here."""


class Sticker(Closed, frozen=True, gc=False):
    """A short label that staff see on the order."""

    key: str
    """What identifies the sticker."""
    name_localized: Annotated[dict[str, Annotated[str, Meta(max_length=STICKER_NAME_MAX)]], Meta(min_length=1)]
    """The text per locale, at least one, each at most 14 characters long."""
    priority: Annotated[int, Meta(ge=1, le=10_000)]
    """Where the sticker stands among others; 1 comes first."""
    color: str | UnsetType = UNSET
    """The colour, such as #19b6b5."""
    name: str | UnsetType = UNSET
    """The text in one language, derived from the localized ones."""


class ErrorInner(Wire, frozen=True, gc=False):
    """One fault."""

    summary: str
    """What to mend, readable on its own: the member by its path and what was expected."""
    description: str | UnsetType = UNSET
    """What was found, and what to do about it."""
    version: Int64 | UnsetType = UNSET
    """The stored version, where a version conflict is reported."""
    request_version: Int64 | UnsetType = UNSET
    """The version that the request carried, where a version conflict is reported."""


ApiError = list[ErrorInner]


class Status(Closed, frozen=True, gc=False):
    """Whether the API is up."""

    status: Literal["UP", "DEGRADED", "DOWN"]
    """The state of the API as a whole."""


HealthStatus = Literal["UP", "DOWN"]


class HealthDependencyStatus(Wire, frozen=True, gc=False):
    """Whether something that the server needs is up."""

    name: str
    """What was asked, such as the database."""
    status: HealthStatus
    """Whether it answered."""


class HealthResult(Wire, frozen=True, gc=False):
    """Whether the server and what it needs are up."""

    status: HealthStatus
    """UP where everything below is."""
    dependencies: Annotated[tuple[HealthDependencyStatus, ...], Meta(min_length=1)]
    """What the server needs, each asked just now."""
