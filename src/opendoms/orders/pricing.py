"""The price totals of an order, and the `pricing` that it is stored with; the formula is `pricing.totals`."""

from __future__ import annotations

from opendoms.kernel.decision import Document
from opendoms.pricing.totals import breakdown_of, compute, pricing_with


def totals(document: Document) -> Document | None:
    """The `priceBreakdown` of an order: members that cannot be computed are left out.

    None where the order names no amount in a currency that we can read. The document is an order body or a stored
    order that the wire types have accepted; numbers are int or Decimal.
    """
    computed = compute(document.get("orderLineItems") or (), document.get("pricing"))
    return None if computed is None else _without_nulls(breakdown_of(computed))


def priced(document: Document) -> Document | None:
    """The `pricing` that the order is to be stored with, or None where it is to have none.

    A new object: the caller's members with `total.priceBreakdown` of `totals`. A `total` that was there before, from
    the caller or from an earlier computation, never survives.
    """
    return pricing_with(document.get("pricing"), totals(document))


def with_total(document: Document) -> Document:
    """The same order with its `pricing` as `priced` says; the very same object where nothing changes."""
    pricing = priced(document)
    if pricing == document.get("pricing"):
        return document
    if pricing is not None:
        return {**document, "pricing": pricing}
    return {name: member for name, member in document.items() if name != "pricing"}


def _without_nulls(breakdown: Document) -> Document:
    return {
        name: _without_nulls(member) if isinstance(member, dict) else member
        for name, member in breakdown.items()
        if member is not None
    }
