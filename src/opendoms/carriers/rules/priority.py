"""Which of a facility's carriers a parcel is best sent with (decision D47)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from opendoms.carriers.rules.serving import is_active
from opendoms.kernel.decision import Document

# A connection and its carrier.
Connected = tuple[Document, Document]


def ranked(connected: Iterable[Connected], value: Document | None) -> Document:
    """The answer: who may take the parcel, best first, and who else comes to the facility.

    Carriers that are meant for parcels of such a value come before those that are meant for any, a narrower range
    before a wider one, then who was connected first. `value` is what the parcel is worth, where that is known: without
    it no range is fulfilled.
    """
    in_order = sorted(connected, key=lambda each: (*_range(each[0]), each[0]["id"]))
    fit = [is_active(*each) and _fits(each[0], value) for each in in_order]
    return {
        "recommendedCarriers": _results([each for each, fits in zip(in_order, fit, strict=True) if fits]),
        "otherCarriers": _results([each for each, fits in zip(in_order, fit, strict=True) if not fits]),
    }


def _results(connected: Sequence[Connected]) -> list[Document]:
    results = []
    for rank, (connection, carrier) in enumerate(connected, 1):
        result: Document = {"priority": rank, "carrier": carrier}
        threshold = _threshold(connection)
        results.append(result if threshold is None else {**result, "threshold": threshold})
    return results


def _threshold(connection: Document) -> Document | None:
    threshold: Document | None = connection.get("configuration", {}).get("threshold")
    return threshold


def _range(connection: Document) -> tuple[bool, Any, Any]:
    threshold = _threshold(connection)
    if threshold is None:
        return True, 0, 0
    unit = Decimal(10) ** int(threshold["decimalPlaces"])
    return False, (threshold["to"] - threshold["from"]) / unit, threshold["from"] / unit


def _fits(connection: Document, value: Document | None) -> bool:
    threshold = _threshold(connection)
    if threshold is None:
        return True
    if value is None or value["currency"] != threshold["currency"]:
        return False
    # Compared in one unit, without fractions: both sides carry as many digits as the other one has.
    amount = value["value"] * 10 ** int(threshold["decimalPlaces"])
    scale = 10 ** int(value["decimalPlaces"])
    return bool(threshold["from"] * scale <= amount <= threshold["to"] * scale)
