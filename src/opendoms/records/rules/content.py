"""What a caller says about a sale, and where two sendings of one sale differ (decisions D15, D37).

The content of an order record is what the caller sent, without what the hub makes. Members count in any order, numbers
by their value (1.50 is 1.5); an absent member, an empty one and null are three different things, as everywhere (D29).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode

# Members that the hub makes. A caller who sends them (with a record that was read, say) says nothing by it.
SERVER_MADE: Final = frozenset(
    {"id", "version", "created", "lastModified", "anonymized", "gdprCleanupDate", "deletionDate"}
)
# Differences that are named; more of them help nobody.
DIFFERENCES_MAX: Final = 10
NAME_CHARACTERS_MAX: Final = 64

# What can still be compared once the people are out of a record: no caller keeps a person in these.
_KEPT_OF_RECORD: Final = ("tenantOrderRecordId", "orderRecordDate", "facilityRef")
_KEPT_OF_LINE: Final = ("quantity",)


def own_members(record: Document) -> Document:
    """The members of a record, sent or stored, that are the caller's; their `pricing` may still hold a total."""
    own = {name: value for name, value in record.items() if name not in SERVER_MADE}
    own["lineItems"] = [_without(line, "id") if "id" in line else line for line in record["lineItems"]]
    return own


def differences(stored: Document, sent: Document) -> list[str]:
    """The paths at which the contents of two records differ, at most DIFFERENCES_MAX; none where they are the same.

    Of a stored record whose people were taken out, only what was left alone is compared.
    """
    comparable = _kept if stored.get("anonymized") is True else _content
    one, other = comparable(stored), comparable(sent)
    # Most repeats are the very same text, which is seen many times faster than a walk is done.
    if encode(one) == encode(other):
        return []
    return list(islice(_differ("", one, other), DIFFERENCES_MAX))


def _content(record: Document) -> Document:
    own = own_members(record)
    pricing = own.get("pricing")
    if isinstance(pricing, dict):
        pricing = _without(pricing, "total")
        # The hub adds a `pricing` of its own to hold the total, so an empty one is none.
        own = {**own, "pricing": pricing} if pricing else _without(own, "pricing")
    return own


def _kept(record: Document) -> Document:
    kept: Document = {name: record[name] for name in _KEPT_OF_RECORD if name in record}
    kept["lineItems"] = [
        {name: line[name] for name in _KEPT_OF_LINE}
        | {"article": {"tenantArticleId": line["article"]["tenantArticleId"]}}
        for line in record["lineItems"]
    ]
    return kept


def _without(members: Document, left_out: str) -> Document:
    return {name: value for name, value in members.items() if name != left_out}


def _differ(path: str, stored: Any, sent: Any) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(sent, dict):
        for name in {**stored, **sent}:
            step = f"{path}.{name[:NAME_CHARACTERS_MAX]}" if path else name[:NAME_CHARACTERS_MAX]
            if name in stored and name in sent:
                yield from _differ(step, stored[name], sent[name])
            else:
                yield step
    elif isinstance(stored, list) and isinstance(sent, list) and len(stored) == len(sent):
        for place, (one, other) in enumerate(zip(stored, sent, strict=True)):
            yield from _differ(f"{path}[{place}]", one, other)
    elif _kind(stored) is not _kind(sent) or stored != sent:
        yield path


def _kind(value: Any) -> type:
    """The JSON type: Python takes true for 1, JSON does not."""
    return Decimal if type(value) in (int, float) else type(value)
