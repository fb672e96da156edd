"""What an order's event tells of its goods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from opendoms.inventory.rules.reserving import Wanted
from opendoms.kernel.decision import Document
from opendoms.promises.plan import Plan


def goods_detail(plan: Plan, wanted: Iterable[Wanted]) -> Document:
    """Which pieces of which lines are held where, and of which none are."""
    return {
        "reserved": [
            {
                "orderLineItemId": each.order_line_item_id,
                "facilityRef": each.level.facility_ref,
                "tenantArticleId": each.level.tenant_article_id,
                "quantity": each.quantity,
            }
            for each in wanted
        ],
        "unreserved": list(_unreserved(plan)),
    }


def _unreserved(plan: Plan) -> Iterator[Document]:
    for waiting in plan.waiting:
        yield _line(waiting.item.line, waiting.item.article, waiting.item.quantity)
    for missing in plan.missing:
        yield _line(missing.line, missing.article, missing.quantity)


def _line(line: str, article: str, quantity: int) -> Document:
    return {"orderLineItemId": line, "tenantArticleId": article, "quantity": quantity}
