"""The caller of one request, as the token says it."""

from __future__ import annotations

import msgspec


class Principal(msgspec.Struct, frozen=True):
    """Who acts, for which tenant, and what they may do.

    `subject` is the token's subject (an id, shown in history); `name` a display name where the token has one.
    """

    tenant: str
    subject: str
    permissions: frozenset[str]
    name: str | None = None

    def may(self, permission: str) -> bool:
        """Whether the permission is granted."""
        return permission in self.permissions
