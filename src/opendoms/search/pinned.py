"""Which values a filter leaves to a member: what an ordinary index can be asked for. Pure."""

from __future__ import annotations

from opendoms.kernel.decision import Document
from opendoms.search.fields import Path


def pinned(query: Document, path: Path) -> frozenset[str] | None:
    """The only values that a text can have in a document that matches; None where the filter leaves it open.

    `query` is a filter that `evaluate.predicate` has accepted; `path` leads through it to the operators of the text,
    in a list through `contains`. Documents with these values still have to be compared with the filter.
    """
    found = [_given(query, path)]
    found += [pinned(part, path) for part in query.get("and", ())]
    if "or" in query:
        parts = [pinned(part, path) for part in query["or"]]
        known = [part for part in parts if part is not None]
        found.append(frozenset().union(*known) if len(known) == len(parts) else None)
    # Each of these holds, so the shortest one says the most.
    return min((each for each in found if each is not None), key=len, default=None)


def _given(query: Document, path: Path) -> frozenset[str] | None:
    operators = query
    for name in path:
        operators = operators.get(name, {})
    if "eq" in operators:
        return frozenset((operators["eq"],))
    return frozenset(operators["in"]) if "in" in operators else None
