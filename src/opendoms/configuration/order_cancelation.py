"""Whether orders may be cancelled by force."""

from __future__ import annotations

from typing import Final

from opendoms.configuration.kind import Kind

ORDER_CANCELATION: Final = Kind("ordercancelation", {"allowForceCancelOrder": False}, dated=False)
