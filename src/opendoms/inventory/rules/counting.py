"""Which pieces count (decision D41): those that can be picked and reached, are whole, and may still be promised."""

from __future__ import annotations

from typing import Final

from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document

PICKABLE: Final = "PICKABLE"
ACCESSIBLE: Final = "ACCESSIBLE"
KEEP_ON_ZERO: Final = "KEEP_ON_ZERO"
DEFECTIVE: Final = "DEFECTIVE"
# In the order in which they are answered. The first two are on unless a stock says otherwise.
TRAITS: Final = (PICKABLE, ACCESSIBLE, KEEP_ON_ZERO, "OUTBOUND", "IN_MOTION")
_BY_DEFAULT: Final = frozenset({PICKABLE, ACCESSIBLE})


def traits_of(stock: Document) -> list[str]:
    """What may be done with a stock: the defaults, as its own configuration changes them."""
    enabled = set(_BY_DEFAULT)
    for entry in stock.get("traitConfig") or ():
        (enabled.add if entry["enabled"] else enabled.discard)(entry["trait"])
    return [trait for trait in TRAITS if trait in enabled]


def is_defective(stock: Document) -> bool:
    """Whether a stock is of no use to customers."""
    return DEFECTIVE in (stock.get("conditions") or ())


def is_lapsed(stock: Document, now: int) -> bool:
    """Whether the time has passed until which a stock may be promised."""
    until = stock.get("availableUntil")
    return until is not None and instant_from(until) <= now


def counts(stock: Document) -> bool:
    """Whether the pieces of a stock are among those that the level of its article and facility counts.

    Pieces whose time passes while they lie there stay in the count, since some may be reserved: who promises looks at
    the time (`Hold.lapsed`). Those that came too late were never there.
    """
    if is_defective(stock) or not _BY_DEFAULT.issubset(stock["traits"]):
        return False
    return not is_lapsed(stock, instant_from(stock["created"]))


def counted(stock: Document) -> int:
    """How many pieces of a stock its level counts."""
    return int(stock["value"]) if counts(stock) else 0
