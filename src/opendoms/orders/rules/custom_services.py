"""Custom services and bundles of an order: what they refer to, and the ids that their entries get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opendoms.kernel.decision import Document
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault


def with_ids(entry: Document, new_id: NewId) -> Document:
    """An entry and everything nested in it, each with an id of its own."""
    return {
        "id": new_id(),
        **entry,
        "customServiceItems": [with_ids(nested, new_id) for nested in entry["customServiceItems"]],
    }


def article_refs(entries: list[Document]) -> set[str]:
    """The tenantArticleIds that custom services refer to; their lines cannot be edited."""
    return {item["tenantArticleRef"] for entry in _flat(entries) for item in entry["articleItems"]}


def _flat(entries: list[Document]) -> Iterator[Document]:
    for entry in entries:
        yield entry
        yield from _flat(entry["customServiceItems"])


def faults(entries: list[Document], lines: list[Document]) -> Iterator[Fault]:
    """The articles of a service must be lines of the order, in no larger quantity than ordered."""
    if not entries:
        return
    ordered: Counter[str] = Counter()
    for line in lines:
        ordered[line["article"]["tenantArticleId"]] += line["quantity"]
    for i, entry in enumerate(entries):
        yield from _entry_faults(f"customServices[{i}]", entry, ordered)


def _entry_faults(path: str, entry: Document, ordered: Counter[str]) -> Iterator[Fault]:
    for i, item in enumerate(entry["articleItems"]):
        quantity = ordered.get(item["tenantArticleRef"])
        at = f"{path}.articleItems[{i}]"
        if quantity is None:
            yield Fault(f"{at}.tenantArticleRef: is no article of this order's orderLineItems")
        elif item["quantity"] > quantity:
            yield Fault(f"{at}.quantity: expected at most the ordered {quantity}")
    for i, nested in enumerate(entry["customServiceItems"]):
        yield from _entry_faults(f"{path}.customServiceItems[{i}]", nested, ordered)
