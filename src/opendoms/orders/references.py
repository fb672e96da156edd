"""What orders ask of the slices that they refer to, and may not import; the composition root says who answers."""

from __future__ import annotations

from typing import Protocol

from opendoms.kernel.decision import Document
from opendoms.orders.rules.references import Asked, Known


class References(Protocol):
    """Knows what orders refer to."""

    async def known(self, tenant: str, asked: Asked) -> Known:
        """What of `asked` exists, with at most one read per kind of entity, and none for a kind that is not asked."""
        ...

    async def reason(self, tenant: str, reason_id: str) -> Document | None:
        """The stored cancelation reason, or None where there is none with this id."""
        ...
