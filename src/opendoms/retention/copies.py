"""Where the database holds what callers said, and who takes the persons out of it.

Whoever makes a table writes it down here; a test compares the list with the schema, so that no table that holds copies
of documents is forgotten. A table that holds copies of orders or order records brings a `Copies` to the composition
root, and retention has it change them in the transaction that changes the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from opendoms.kernel.changeset import Changeset
from opendoms.kernel.decision import Document
from opendoms.retention.rules.ending import Kept

# Given a copy of a document, the copy without persons.
Rewrite = Callable[[Document], Document]


class History(NamedTuple):
    """The history of an entity, and what of it may stay."""

    kind: str
    id: str
    kept: Kept


class Copies(Protocol):
    """A place that keeps something of a document, or for it, beside its table and history.

    `tables` are the names of its tables.
    """

    tables: tuple[str, ...]

    def histories(self, kind: str, stored: Document) -> Sequence[History]:
        """The histories that end as that of an entity does, given its document."""
        ...

    async def rewritten(self, tenant: str, kind: str, stored: Document, rewrite: Rewrite) -> Changeset:
        """What it takes to rewrite the copies of an entity, given its document. Only reads; may be asked again."""
        ...

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """What it takes to have no copy of an entity any more. Only reads; may be asked again."""
        ...


# Every table, and what it has to do with the persons in orders and order records.
TABLES: Final[dict[str, str]] = {
    "orders": "their documents, promoted columns and search index: rewritten, in the end deleted",
    "order_search": "the search index of orders: follows the document in the same transaction",
    "order_record_search": "the search index of order records: as that of orders",
    "order_records": "their documents and promoted columns: rewritten, in the end deleted",
    "events": "every version of a document: rewritten with it; of a deleted one only that there were these versions",
    "timers": "ids and instants; those of an order go with it",
    "search_indexes": "no persons: how the search indexes were built",
    "schema_migrations": "no persons: what was migrated",
    "configurations": "no persons: what a tenant has set",
    "signing_keys": "no persons: keys of tokens",
    "processes": "no persons: tags and dates; the one of an order goes with it",
    "users": "those who work here, kept for as long as they have an account",
    "facilities": "shops and warehouses with their own addresses",
    "tags": "no persons: tags and their values",
    "cancelation_reasons": "no persons: reasons in general",
    "subscriptions": "no persons: who is told of events, by callback URL",
    "subscription_secrets": "no persons: what deliveries are signed with",
    "webhook_endpoints": "no persons: how far each callback URL was served",
    "webhook_deliveries": "ids, instants and statuses; what is sent is read from events when it is sent",
    "webhook_replays": "no persons: ranges of events that are sent once more",
    "sandbox_clocks": "no persons: clocks of a sandbox",
    "carriers": "no persons: carriers",
    "facility_carrier_connections": "no persons: which carrier comes where",
    "listings": "no persons: articles of facilities",
    "stocks": "no persons: pieces of articles",
    "reservations": "no persons: pieces set aside, by the id of the order; they end with its person",
    "promise_explanations": "how far away customers were: removed when the order loses its person",
    "safety_stocks": "no persons: pieces to be kept back",
    "stocked_articles": "no persons: which articles have stock",
    "stock_levels": "no persons: sums of pieces",
}
