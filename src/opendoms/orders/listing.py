"""Orders as a list shows them: a few members of each stored document."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from opendoms.orders.actions import Page


class _ListedArticle(msgspec.Struct, gc=False):
    title: str


class _ListedLine(msgspec.Struct, gc=False):
    quantity: int
    article: _ListedArticle


class _Listed(msgspec.Struct, gc=False, rename="camel"):
    """What is read of a stored order; everything else is skipped without being built."""

    id: str
    version: int
    created: str
    last_modified: str
    status: str
    order_date: str
    process_id: str
    order_line_items: list[_ListedLine]
    stickers: msgspec.Raw | UnsetType = UNSET
    tenant_order_id: str | UnsetType = UNSET


_decoder: Final = msgspec.json.Decoder(_Listed)


async def stripped(page: Page, size: int) -> bytes:
    """The list's body. `nextCursor` (ours) is the startAfterId of the next page, where there may be one."""
    orders = [_decoder.decode(document) for document in page.documents]
    body: dict[str, Any] = {"orders": [_row(order) for order in orders], "total": page.total}
    if len(orders) == size and page.total > size:
        body["nextCursor"] = orders[-1].id
    return msgspec.json.encode(body)


def _row(order: _Listed) -> dict[str, Any]:
    row = {
        "id": order.id,
        "version": order.version,
        "created": order.created,
        "lastModified": order.last_modified,
        "status": order.status,
        "orderDate": order.order_date,
        "processRef": order.process_id,
        "tenantOrderId": order.tenant_order_id,
        "stickers": order.stickers,
        "orderLineItems": [{"quantity": line.quantity, "title": line.article.title} for line in order.order_line_items],
    }
    return {name: value for name, value in row.items() if value is not UNSET}
