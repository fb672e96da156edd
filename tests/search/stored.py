"""Orders that go into the store past the rules, and a clock that stands."""

from __future__ import annotations

from typing import Any

from opendoms.kernel.changeset import Put
from opendoms.kernel.clock import instant_from
from opendoms.kernel.document import encode
from opendoms.orders.store import ORDERS
from tests.rules.searches import NOW

Document = dict[str, Any]


class Stopped:
    """A clock that stands."""

    def now(self, tenant: str) -> int:
        """The same instant for ever."""
        return NOW


def put(tenant: str, document: Document) -> Put:
    """An order as the hub stores it, without its event."""
    columns = (
        document["status"],
        document.get("tenantOrderId"),
        None,
        instant_from(document["orderDate"]),
        None,
        0,
        False,
    )
    version: int = document["version"]
    return Put(ORDERS, tenant, document["id"], version - 1 or None, version, encode(document), columns)
