"""Money in whole minor units: integers only, rounded half-up, and the decimal places of every currency.

An amount on the wire is `{"value", "currency", "decimalPlaces"}`, where 1999 with 2 decimal places is 19.99. Nothing
here uses binary floating point; what has to be divided is kept as a numerator and a denominator until it is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from types import MappingProxyType
from typing import Final

import msgspec

# Bounds of a number that we compute with. 19 digits hold every 64-bit integer; 18 digits behind the point hold every
# decimal that a client prints from a double between 0.1 and 100 (17 significant digits).
MAX_INTEGER_DIGITS: Final = 19
MAX_FRACTION_DIGITS: Final = 18

# ISO 4217 knows at most 4; 64 bits hold 18 digits.
MAX_DECIMAL_PLACES: Final = 18

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

# ISO 4217 by number of decimal places. Codes that the standard lists without a minor unit (precious metals, units of
# account, the test code) are counted in whole units.
_BY_PLACES: Final = {
    0: """BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
        XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX""",
    2: """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
        CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD
        HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
        MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
        SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST
        XCD YER ZAR ZMW ZWL""",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# Currency code -> its number of decimal places. The keys are all currencies that an amount may have.
DECIMAL_PLACES: Final[Mapping[str, int]] = MappingProxyType(
    {code: places for places, codes in _BY_PLACES.items() for code in codes.split()}
)

_PLAIN: Final = re.compile(rf"([+-]?)([0-9]{{1,{MAX_INTEGER_DIGITS}}})(?:\.([0-9]{{1,{MAX_FRACTION_DIGITS}}}))?")
_BOUNDED: Final = Context(prec=MAX_INTEGER_DIGITS + MAX_FRACTION_DIGITS, traps=[Inexact, InvalidOperation])
_INTEGER_BOUND: Final = 10**MAX_INTEGER_DIGITS


# Structs and no tuples: a price takes dozens of these, and they are made five times as fast.
class Exact(msgspec.Struct, frozen=True, gc=False):
    """An exact number: numerator over a denominator that is greater than zero."""

    numerator: int
    denominator: int


class Money(msgspec.Struct, frozen=True, gc=False):
    """An amount: `value` whole minor units, of which 10 ** `decimal_places` make one unit of `currency`."""

    value: int
    currency: str
    decimal_places: int


def exact(raw: object) -> Exact | None:
    """The number in a JSON number (int, Decimal, float) or in a text, or None where it is none that we compute with.

    A text must be plain: an optional sign, ASCII digits, optionally a point and more digits. White space, exponents,
    grouping, a decimal comma, NaN and infinities are no numbers. More than MAX_INTEGER_DIGITS before the point or
    MAX_FRACTION_DIGITS behind it are out of bounds. A boolean is no number. The time is bounded by the length of `raw`.
    """
    if isinstance(raw, str):
        return _exact_text(raw)
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return Exact(raw, 1) if -_INTEGER_BOUND < raw < _INTEGER_BOUND else None
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    return _exact_decimal(raw) if isinstance(raw, Decimal) else None


def _exact_text(raw: str) -> Exact | None:
    # The usual price is a plain number of cents.
    if raw.isdigit() and raw.isascii() and len(raw) <= MAX_INTEGER_DIGITS:
        return Exact(int(raw), 1)
    match = _PLAIN.fullmatch(raw)
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    if fraction is None:
        return Exact(int(sign + whole), 1)
    return Exact(int(sign + whole + fraction), 10 ** len(fraction))


def _exact_decimal(raw: Decimal) -> Exact | None:
    if not raw.is_finite() or raw.adjusted() >= MAX_INTEGER_DIGITS:
        return None
    try:
        bounded = _BOUNDED.create_decimal(raw)
    except DecimalException:
        return None
    exponent = bounded.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MAX_FRACTION_DIGITS:
        return None
    return Exact(*bounded.as_integer_ratio())


def half_up(numerator: int, denominator: int) -> int:
    """The integer nearest to numerator / denominator; `denominator` is greater than zero.

    A half goes away from zero, on both sides alike: 2.5 becomes 3 and -2.5 becomes -3, so that taking an amount back
    is rounded like giving it.
    """
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def minor_units(amount: Exact, decimal_places: int, target_places: int) -> int:
    """An amount given in units of `decimal_places` as whole units of `target_places`, rounded half-up."""
    if target_places == decimal_places and amount.denominator == 1:
        return amount.numerator
    if target_places >= decimal_places:
        return half_up(amount.numerator * 10 ** (target_places - decimal_places), amount.denominator)
    return half_up(amount.numerator, amount.denominator * 10 ** (decimal_places - target_places))


def fits(value: int) -> bool:
    """Whether a value can be a 64-bit signed integer, as the wire wants it."""
    return INT64_MIN <= value <= INT64_MAX
