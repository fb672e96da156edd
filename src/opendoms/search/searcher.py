"""Searches by index: one page of results in their order, and how many there are.

The index proposes, the document decides: whatever is answered has been compared with the filter, by the same functions
that say what a filter means (search/evaluate.py), and cut to a page by the same that say what a page is
(search/page.py). The index only has to hand over enough documents: those of the page and one more, and one on the other
side of the cursor if there is any.

- In the order of moments (the default) documents come from the index in that order, and reading stops when the page is
  full.
- In another order, up to GATHERED_MAX found documents are all read and put in order.
- In the order of a value that has few choices, such as a status, more are read one choice after the other, by id.
- In the order of names that documents refer to (a facility's), more are read one name after the other, by id; of more
  than NAMES_MAX references, as in any other order.
- In any other order, up to SORTED_MAX are read; a search that finds more is refused.

A search has a time. One that needs more is refused with 400, since sending it again would not help: it must find less.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, TooSlow
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.asking import Start, Way, start_at
from opendoms.search.expression import AnyOf, Expression, any_of, none_of
from opendoms.search.fields import Named, Value
from opendoms.search.order import LAST, TEXT, TEXT_MAX, Order, Position, Ranked
from opendoms.search.page import Gathering, Page, Search, search_of
from opendoms.search.plan import TERMS_MAX, Plan, plan_of
from opendoms.search.reading import BATCH_MAX, Deadline, Reading, Searched, Take
from opendoms.search.terms import Term, place_of, text_term

# How many found documents are read to be put in order without a thought; and how many at most.
GATHERED_MAX: Final = 1_000
SORTED_MAX: Final = 20_000
# References whose names are read one after the other: each name is a question to the index.
NAMES_MAX: Final = TERMS_MAX

# Gives the document with an id, or raises Invalid where none has or had it.
Find = Callable[[str, str], Awaitable[Document]]


class Bounds(NamedTuple):
    """How long a search may take, and counting its results beside it, in seconds."""

    search_s: float
    total_s: float


class Found(NamedTuple):
    """The page of a search; `total_omitted` where counting would have taken too long."""

    page: Page
    total_omitted: bool


class Searcher:
    """Searches the documents of one table, for every tenant."""

    def __init__(self, db: Engine, clock: Clock, searched: Searched, bounds: Bounds) -> None:
        self._db = db
        self._clock = clock
        self.searched = searched
        self.bounds = bounds

    async def search(self, tenant: str, body: Document, find: Find) -> Found:
        """The results that a body asks for: decoded JSON that the slice's wire types have judged.

        `find` looks up what `startAfterId` names. Raises Invalid, also for a search that takes longer than it may.
        """
        search, plan = self.understood(tenant, body)
        if search.start_after_id is not None:
            search = search.behind(await find(tenant, search.start_after_id))
        if plan.empty:
            return Found(Gathering(search).page(), total_omitted=False)
        reading = Reading(self._db, self.searched, tenant, plan)
        try:
            return await _Run(search, reading, self.searched, self.bounds).found()
        except TooSlow:
            moment = ".".join(self.searched.terms.moment)
            hint = f"Narrow it: a range of {moment}, or a value that fewer {self.searched.searchable.kind} have."
            raise Invalid(Fault(f"query: takes longer than {self.bounds.search_s:g} s", hint)) from None

    def understood(self, tenant: str, body: Document) -> tuple[Search, Plan]:
        """What a body asks for, and how the index will be asked. Raises Invalid."""
        now = self._clock.now(tenant)
        searchable, terms = self.searched.searchable, self.searched.terms
        search = search_of(searchable, body, now=now)
        return search, plan_of(searchable.fields, terms.moment, body["query"], now=now)


def strategy_of(search: Search, searched: Searched) -> str:
    """How the results are put in order: `MOMENT`, `CHOICES` or `SORT`; the last two only where many are found."""
    value = search.order.value
    if value == searched.searchable.default.value:
        return "MOMENT"
    if isinstance(value, Named):
        return "CHOICES" if len(value.names) <= NAMES_MAX else "SORT"
    return "CHOICES" if isinstance(value, Value) and value.choices and not value.many else "SORT"


class _Side(NamedTuple):
    """Which results are wanted: `size` behind a start (or at it, where `inclusive`), on the way up or down."""

    start: Position | None
    falling: bool
    size: int
    inclusive: bool = False


class _Run:
    """One search under way."""

    def __init__(self, search: Search, reading: Reading, searched: Searched, bounds: Bounds) -> None:
        self._search = search
        self._reading = reading
        self._bounds = bounds
        self._deadline = Deadline(bounds.search_s)
        self._strategy = strategy_of(search, searched)

    async def found(self) -> Found:
        """The page, with the total where it is asked for and counted in time."""
        if self._strategy == "MOMENT":
            return await self._page(self._by_moment)
        if await self._reading.count(self._deadline, GATHERED_MAX + 1) <= GATHERED_MAX:
            return await self._sorted()
        if self._strategy == "CHOICES":
            return await self._page(self._by_choice)
        if await self._reading.count(self._deadline, SORTED_MAX + 1) <= SORTED_MAX:
            return await self._sorted()
        hint = "Narrow the query, or leave out the sort."
        raise Invalid(Fault(f"sort: more than {SORTED_MAX} results would have to be put in this order", hint))

    async def _sorted(self) -> Found:
        """Reads whatever is found; the gathering puts it in order and counts it."""
        gathering = Gathering(self._search)

        def take(document: Document, body: bytes) -> bool:
            gathering.add(document, body)
            return False

        await self._reading.by_moment(take, Way(None, falling=True, size=BATCH_MAX), self._deadline)
        return Found(gathering.page(), total_omitted=False)

    async def _page(self, read: Callable[[Take, _Side], Awaitable[None]]) -> Found:
        """Reads the page and one result more, and one result on the other side of the start."""
        search, gathering = self._search, Gathering(self._search)
        ahead = _Side(search.start, search.falling, search.size + 1)
        await read(_until(gathering, ahead.size), ahead)
        if search.start is not None:
            await read(_until(gathering, 1), _Side(search.start, not search.falling, 1, inclusive=True))
        page = gathering.page()
        if not search.with_total:
            return Found(page, total_omitted=False)
        further = page.info["hasPreviousPage" if search.backward else "hasNextPage"]
        if search.start is None and not further:
            return Found(page._replace(total=len(page.bodies)), total_omitted=False)
        try:
            return Found(page._replace(total=await self._total()), total_omitted=False)
        except TooSlow:
            return Found(page._replace(total=None), total_omitted=True)

    async def _total(self) -> int:
        """All results: by the index alone where it is exact, else by comparing every document that it finds."""
        deadline = Deadline(self._bounds.total_s)
        if self._reading.exact:
            return await self._reading.count(deadline)
        total = 0

        def take(document: Document, _body: bytes) -> bool:
            nonlocal total
            total += self._search.test(document)
            return False

        await self._reading.by_moment(take, Way(None, falling=True, size=BATCH_MAX), deadline)
        return total

    async def _by_moment(self, take: Take, side: _Side) -> None:
        start = None if side.start is None else start_at(side.start, inclusive=side.inclusive)
        await self._reading.by_moment(take, Way(start, side.falling, side.size), self._deadline)

    async def _by_choice(self, take: Take, side: _Side) -> None:
        """One choice after the other, each by id."""
        enough = False

        def take_until(document: Document, body: bytes) -> bool:
            nonlocal enough
            enough = take(document, body)
            return enough

        choices = _choices(self._search.order, falling=side.falling)
        every = frozenset(term for _, each in choices if isinstance(each, AnyOf) for term in each.terms)
        for key, expression in choices:
            if isinstance(expression, AnyOf) and all(self._reading.excludes(term, every) for term in expression.terms):
                continue
            start = None
            if side.start is not None:
                first, entity_id = side.start
                if key != first and (key > first) == side.falling:
                    continue
                start = Start(0, entity_id, side.inclusive) if key == first else None
            await self._reading.by_id(expression, take_until, Way(start, side.falling, side.size), self._deadline)
            if enough:
                return


def _until(gathering: Gathering, wanted: int) -> Take:
    """Takes documents until so many of them are results."""
    left = wanted

    def take(document: Document, body: bytes) -> bool:
        nonlocal left
        left -= gathering.add(document, body)
        return left <= 0

    return take


def _choices(order: Order, *, falling: bool) -> list[tuple[Ranked, Expression]]:
    """What each choice stands at in the order, and what finds it."""
    if isinstance(order.value, Named):
        found = _named(order.value)
    else:
        assert isinstance(order.value, Value)  # noqa: S101 - narrows the type: nothing else has choices
        place = place_of("", order.value.path)
        found = [((TEXT, choice), any_of([text_term(place, choice)])) for choice in sorted(order.value.choices)]
    return found[::-1] if falling else found


def _named(value: Named) -> list[tuple[Ranked, Expression]]:
    """Each name with what refers to it, and at last what refers to nothing that has a name."""
    place = place_of("", value.path)
    references: dict[str, list[Term]] = {}
    for reference, name in value.names.items():
        references.setdefault(name[:TEXT_MAX], []).append(text_term(place, reference))
    found: list[tuple[Ranked, Expression]] = [((TEXT, name), any_of(references[name])) for name in sorted(references)]
    return [*found, (LAST, none_of(term for terms in references.values() for term in terms))]
