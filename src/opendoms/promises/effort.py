"""How hard the fewest shipments are looked for.

The bound depends on the number of places and on the level that was asked for, never on stock: so the same sets of
places are weighed before and after more stock came in, and the best of them cannot have become worse.
"""

from __future__ import annotations

import math
from typing import Final

# Sets of places that may have to be weighed at level 1. At the default level of 0.2 all sets of 3 of 200 places are.
SETS_MAX: Final = 100_000


def places_max(candidates: int, level: float) -> int:
    """Up to how many places every set is weighed. The last place of a set follows from the others."""
    sets = max(1, math.ceil(SETS_MAX * level))
    size = 1
    while size < candidates and math.comb(candidates, size) <= sets:
        size += 1
    return size
