"""What must hold of the discounts of a whole order or order record."""

from __future__ import annotations

from typing import Final

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault

_HUNDRED: Final = 100


def pricing_faults(pricing: Document, path: str = "pricing") -> list[Fault]:
    """What is wrong with the discounts of a `pricing`, each with its path; empty where nothing is.

    An ABSOLUTE discount needs `value`, a PERCENTAGE discount needs `percentage`. Any percentage lies between 0 and 100
    and any discount value is zero or more, since discounts are sent positive.
    """
    faults: list[Fault] = []
    for place, discount in enumerate(pricing.get("discounts") or ()):
        at = f"{path}.discounts[{place}]"
        kind, value, percentage = discount.get("type"), discount.get("value"), discount.get("percentage")
        if kind == "ABSOLUTE" and value is None:
            faults.append(Fault(f"{at}.value: required where type is ABSOLUTE"))
        if kind == "PERCENTAGE" and percentage is None:
            faults.append(Fault(f"{at}.percentage: required where type is PERCENTAGE"))
        if percentage is not None and not 0 <= percentage <= _HUNDRED:
            faults.append(Fault(f"{at}.percentage: expected a number from 0 to 100"))
        if value is not None and value["value"] < 0:
            faults.append(Fault(f"{at}.value.value: expected 0 or more", "Discounts are sent as positive numbers."))
    return faults
