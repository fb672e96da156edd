"""A search index for tests, on the table of orders, and the question whether it holds exactly what is stored."""

from __future__ import annotations

import struct
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, Final

from opendoms.db.search_key import key_moment, moment_of_key
from opendoms.kernel.changeset import Entry, Index
from opendoms.kernel.document import decode
from opendoms.orders import store
from tests.databases import run_sql

MOMENT: Final = 1_790_000_000_000

# By tenant and id: the moment (ms) and the terms.
Entries = dict[tuple[str, str], tuple[int, frozenset[int]]]


def term(tenant: str, word: str) -> int:
    """The term of a word, another one for every tenant."""
    return int.from_bytes(blake2b(f"{tenant}\0{word}".encode(), digest_size=8).digest(), signed=True)


def entry(tenant: str, document: Any) -> Entry:
    """A term per member, one per item of `words`, and that of everything; `moment` is taken as it is."""
    members = document if isinstance(document, dict) else {"is": document}
    words = [f"{name}={value}" for name, value in members.items() if name not in {"words", "moment"}]
    terms = {term(tenant, word) for word in ["everything", *words, *members.get("words", ())]}
    return Entry(members.get("moment", MOMENT), tuple(sorted(terms)))


# Where the hub declares an index of its own, the databases of tests are built with its definition.
DEFINITION: Final = store.ORDERS.search_index.definition if store.ORDERS.search_index else ""
ORDERS: Final = store.ORDERS._replace(search_index=Index("order_search", entry, DEFINITION))


async def index_stored(url: str) -> Entries:
    """What the index holds. On SQLite a key that belongs to no order comes as the order ("", key)."""
    if not url.startswith("sqlite"):
        rows = await run_sql(url, "select tenant, id, moment, terms from order_search")
        return {(tenant, name): (moment, frozenset(terms)) for tenant, name, moment, terms in rows}
    rows = await run_sql(
        url,
        "insert into order_search (order_search) values ('integrity-check')",
        "create virtual table temp.words using fts5vocab (main, order_search, instance)",
        "select coalesce(tenant, ''), coalesce(id, doc), doc, words.term from words"
        " left join orders on search_key = doc",
    )
    found: dict[tuple[str, str], tuple[int, set[int]]] = {}
    for tenant, name, key, token in rows:
        found.setdefault((tenant, name), (moment_of_key(key), set()))[1].add(*struct.unpack(">q", bytes.fromhex(token)))
    return {name: (moment, frozenset(terms)) for name, (moment, terms) in found.items()}


async def index_expected(url: str, entry_of: Callable[[str, Any], Entry] = entry) -> Entries:
    """What the index must hold, by the stored orders."""
    expected = {}
    for tenant, name, document in await run_sql(url, "select tenant, id, document from orders"):
        moment, terms = entry_of(tenant, decode(document))
        shown = key_moment(moment) if url.startswith("sqlite") else moment
        expected[tenant, name] = (shown, frozenset(terms))
    return expected


async def assert_index_is_right(url: str) -> None:
    """Every stored order is in the index by exactly its terms, and nothing else is."""
    assert await index_stored(url) == await index_expected(url)
