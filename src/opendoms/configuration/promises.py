"""For how long a promise holds where the one who asks for it does not say."""

from __future__ import annotations

from typing import Final

from opendoms.configuration.kind import Kind
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import HOUR_MS, MINUTE_MS, parse_ms
from opendoms.kernel.refusal import Fault, Invalid

# The same bounds as a promise that says itself until when it holds, so that no configuration makes one that could not
# have been asked for.
VALIDITY_MS_MIN: Final = MINUTE_MS
VALIDITY_MS_MAX: Final = 8 * HOUR_MS

_EXPECTED: Final = "expected a duration from 1 minute (PT1M) to 8 hours (PT8H)"


def _complete(wanted: Document) -> Document:
    try:
        validity = parse_ms(wanted["invalidAfterTime"])
    except ValueError as error:
        raise Invalid(Fault(f"invalidAfterTime: {error}")) from None
    if not VALIDITY_MS_MIN <= validity <= VALIDITY_MS_MAX:
        raise Invalid(Fault(f"invalidAfterTime: {_EXPECTED}", f"It is {validity // 1000} seconds."))
    if validity % MINUTE_MS:
        raise Invalid(Fault("invalidAfterTime: expected a multiple of 60 seconds", f"It is {validity // 1000}."))
    return wanted


PROMISES: Final = Kind("promises", {"invalidAfterTime": "PT8H"}, _complete)


def validity_ms(configuration: Document) -> int:
    """For how many milliseconds a promise holds by this configuration."""
    return parse_ms(configuration["invalidAfterTime"])
