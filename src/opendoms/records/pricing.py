"""The price totals of an order record; the formula is `pricing.totals`."""

from __future__ import annotations

from opendoms.kernel.decision import Document
from opendoms.pricing.totals import breakdown_of, compute


def record_totals(document: Document) -> Document | None:
    """The `priceBreakdown` of an order record: always all six members, null where one cannot be computed.

    None where the record names no amount in a currency that we can read.
    """
    computed = compute(document.get("lineItems") or (), document.get("pricing"))
    return None if computed is None else breakdown_of(computed)
