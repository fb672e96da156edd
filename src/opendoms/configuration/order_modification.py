"""What may be edited on an order that was taken in."""

from __future__ import annotations

from typing import Final

from opendoms.configuration.kind import Kind

ORDER_MODIFICATION: Final = Kind("ordermodification", {"allowOrderLineItemModification": False}, dated=False)
