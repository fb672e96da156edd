"""The envelope of a search: which part of the results is asked for, and how it is answered.

`size` results after the cursor `after`, or `last` results before the cursor `before`; either way they are answered in
the order of the search. A search has no hidden window: whoever gathers hands over every document of the tenant.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.cursor import Cursors
from opendoms.search.evaluate import Predicate, predicate
from opendoms.search.fields import Fields
from opendoms.search.order import BY_ID, NEWEST_FIRST, Order, Position, Sorts, order_of

SIZE_DEFAULT: Final = 20
SIZE_MAX: Final = 250

# Which members of the envelope cannot stand together.
_EXCLUSIVE: Final = (
    ("size", "last"),
    ("size", "before"),
    ("after", "last"),
    ("after", "before"),
    ("startAfterId", "after"),
    ("startAfterId", "before"),
    ("startAfterId", "last"),
)


class Searchable(NamedTuple):
    """One kind of entity: its name (in cursors and answers), what it is filtered and sorted by."""

    kind: str
    fields: Fields
    sorts: Sorts
    default: Order = NEWEST_FIRST


class Search(NamedTuple):
    """A search that was understood: the test, the order, and which part is wanted.

    `start` is the position that the part begins behind: going `backward`, in front of.
    """

    test: Predicate
    order: Order
    cursors: Cursors
    size: int
    start: Position | None
    backward: bool
    with_total: bool
    start_after_id: str | None = None  # not yet resolved: see `behind`

    def behind(self, document: Document) -> Search:
        """The same search, beginning behind a document: the one that `start_after_id` names."""
        return self._replace(start=self.order.position(document), start_after_id=None)

    @property
    def falling(self) -> bool:
        """Whether positions fall on the way that this page is gathered."""
        return self.order.descending != self.backward


def search_of(searchable: Searchable, body: Document, *, now: int) -> Search:
    """The search that a body asks for. `body` is decoded JSON that the slice's wire types have judged.

    `now` is an instant in ms, for relative dates. Where `start_after_id` of the result is not None, the caller looks
    the document up and goes on with `behind`; in an order by id that is not needed. Raises Invalid for members that
    exclude each other, for foreign cursors, and for what `predicate` and `order_of` refuse.
    """
    faults = [
        Fault(f"{second}: cannot stand together with {first}")
        for first, second in _EXCLUSIVE
        if first in body and second in body
    ]
    if faults:
        raise Invalid(*faults)
    order = order_of(searchable.sorts, body.get("sort"), searchable.default)
    cursors = Cursors(searchable.kind, order)
    backward = "last" in body or "before" in body
    start = None
    for member in ("after", "before"):
        if member in body:
            start = cursors.read(body[member], member)
    search = Search(
        predicate(searchable.fields, body["query"], now=now),
        order,
        cursors,
        int(body.get("last" if backward else "size", SIZE_DEFAULT)),
        start,
        backward,
        body.get("options", {}).get("withTotal", False),
        body.get("startAfterId"),
    )
    if search.start_after_id is not None and order.value == BY_ID:
        return search.behind({"id": search.start_after_id})
    return search


class Page(NamedTuple):
    """One page of results as stored bytes; `total` is None where it was not asked for."""

    bodies: list[bytes]
    info: Document
    total: int | None

    def envelope(self, member: str) -> bytes:
        """The bytes of the answer, the results under `member`."""
        tail: dict[str, Any] = {"pageInfo": self.info}
        if self.total is not None:
            tail["total"] = self.total
        return b'{"' + member.encode() + b'":[' + b",".join(self.bodies) + b"]," + encode(tail)[1:]


class Gathering:
    """Takes documents in any order and keeps those of one page, and no more of them than twice the page."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._kept: list[tuple[Position, bytes]] = []
        self._beyond = False  # whether a match lies on the other side of the start
        self._further = False  # whether a match lies behind the page
        self._total = 0

    def add(self, document: Document, body: bytes) -> bool:
        """One document, and the bytes to answer it with. Answers whether it is a result, on whatever page."""
        search = self._search
        if not search.test(document):
            return False
        self._total += 1
        position = search.order.position(document)
        if search.start is not None and not self._follows(position, search.start):
            self._beyond = True
            return True
        self._kept.append((position, body))
        if len(self._kept) > 2 * search.size:
            self._prune()
        return True

    def page(self) -> Page:
        """The page of everything that was added."""
        self._prune()
        search, kept = self._search, self._kept
        if search.backward:
            kept = kept[::-1]
        before, after = (self._further, self._beyond) if search.backward else (self._beyond, self._further)
        info = {
            "hasNextPage": after,
            "hasPreviousPage": before,
            "startCursor": search.cursors.write(kept[0][0]) if kept else "",
            "endCursor": search.cursors.write(kept[-1][0]) if kept else "",
        }
        return Page([body for _, body in kept], info, self._total if search.with_total else None)

    def _follows(self, position: Position, start: Position) -> bool:
        return position < start if self._search.falling else position > start

    def _prune(self) -> None:
        # Positions are never equal, since they hold the id; so the bodies beside them are never compared.
        self._kept.sort(key=lambda entry: entry[0], reverse=self._search.falling)
        if len(self._kept) > self._search.size:
            self._further = True
            del self._kept[self._search.size :]
