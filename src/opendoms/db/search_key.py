"""The rowids of the search index in SQLite: the moment, then a number among the documents of that moment.

Rowids have 64 bits. 44 of them hold the moment, from the year 1691 to 2248; what lies outside stands with the first or
the last of these. So keys are in order of moments, but documents of one key moment are in no order.
"""

from __future__ import annotations

from typing import Final

# How many documents of one table may have the same moment: 1,048,576.
SLOT_BITS: Final = 20
SLOT_MAX: Final = (1 << SLOT_BITS) - 1
# In ms.
KEY_MOMENT_MAX: Final = (1 << 63 - SLOT_BITS) - 1
KEY_MOMENT_MIN: Final = -KEY_MOMENT_MAX - 1


def key_moment(moment: int) -> int:
    """The moment (ms) as a key holds it."""
    return max(KEY_MOMENT_MIN, min(KEY_MOMENT_MAX, moment))


def keys_of_moment(moment: int) -> tuple[int, int]:
    """The first and the last key of a moment (ms)."""
    first = key_moment(moment) << SLOT_BITS
    return first, first | SLOT_MAX


def moment_of_key(key: int) -> int:
    """The moment (ms) that a key holds."""
    return key >> SLOT_BITS
