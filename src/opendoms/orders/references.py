"""What orders ask of the slices that they refer to, and may not import; the composition root says who answers."""

from __future__ import annotations

from typing import Protocol

from opendoms.kernel.decision import Document


class Reasons(Protocol):
    """Knows cancelation reasons."""

    async def reason(self, tenant: str, reason_id: str) -> Document | None:
        """The stored reason, or None where there is none with this id."""
        ...
