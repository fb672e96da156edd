"""Orders as the rules get them: decoded JSON, small and complete."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.kernel.decision import Document
from opendoms.orders.rules import creation

NOW = 1_795_600_000_000  # 2026-11-25T09:46:40.000Z
NOW_TEXT = "2026-11-25T09:46:40.000Z"
LATER = NOW + 5_000
LATER_TEXT = "2026-11-25T09:46:45.000Z"


def ids() -> Callable[[], str]:
    """A supply of readable ids: id-1, id-2 …"""
    numbers = itertools.count(1)
    return lambda: f"id-{next(numbers)}"


def line(article_id: str = "A-1", quantity: int = 2, **more: Any) -> Document:
    """A line item as it is sent."""
    return {"quantity": quantity, "article": {"tenantArticleId": article_id, "title": f"Article {article_id}"}, **more}


def order(**more: Any) -> Document:
    """An order as it is sent: two lines, one address."""
    return {
        "orderDate": "2026-11-20T08:00:00.000Z",
        "consumer": {
            "consumerId": "c-1",
            "addresses": [{"street": "Main Street", "city": "Cologne", "postalCode": "50667", "country": "DE"}],
        },
        "orderLineItems": [line("A-1"), line("A-2", 5)],
        **more,
    }


def stored(**more: Any) -> Document:
    """An order as it is stored after its creation at NOW."""
    return creation.create(order(**more), now=NOW, new_id=ids()).document


def principal(*permissions: str, roles: tuple[str, ...] = ()) -> Principal:
    """A caller with just these permissions; with none given, an administrator."""
    granted = permissions_of(list(roles), list(permissions)) if permissions or roles else permissions_of(["ADMIN"], [])
    return Principal("tenant", "user-1", granted, "Ada")
