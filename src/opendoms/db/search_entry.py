"""What documents are found by: the entry of every put on a table with a search index, and whether it can be stored."""

from __future__ import annotations

from typing import Final

from opendoms.db.outcome import unstorable
from opendoms.kernel.changeset import Changeset, Entry, Index, Put
from opendoms.kernel.document import decode

_INTEGER_END: Final = 1 << 63


def with_entries(changeset: Changeset) -> Changeset:
    """The changeset with the entry of every put that needs one. Raises Invalid for numbers of more than 64 bits."""
    if not any(put.table.search_index is not None for put in changeset.puts):
        return changeset
    return changeset._replace(puts=tuple(_with_entry(put) for put in changeset.puts))


def _with_entry(put: Put) -> Put:
    index = put.table.search_index
    if index is None:
        return put
    entry = put.entry
    if entry is None:
        entry = index.entry(put.tenant, decode(put.document))
        put = put._replace(entry=entry)
    if not _is_storable(entry):
        raise unstorable()
    return put


def stored_entry(index: Index, tenant: str, document: bytes | str) -> Entry:
    """The entry of a document that is stored. Raises Invalid as `with_entries` does."""
    entry = index.entry(tenant, decode(document))
    if not _is_storable(entry):
        raise unstorable()
    return entry


def _is_storable(entry: Entry) -> bool:
    moment, terms = entry
    if not -_INTEGER_END <= moment < _INTEGER_END:
        return False
    return not terms or (min(terms) >= -_INTEGER_END and max(terms) < _INTEGER_END)
