"""Says in words how a search would be done, for whoever wants to know why it takes long."""

from __future__ import annotations

from typing import Any, Final, Literal

from opendoms.db.engine import Engine, TooSlow
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.search.expression import EVERY, words
from opendoms.search.page import Search
from opendoms.search.plan import Plan
from opendoms.search.reading import Deadline, Reading, Searched
from opendoms.search.searcher import GATHERED_MAX, SORTED_MAX, Searcher, strategy_of

# Found documents are counted up to this number.
COUNTED_MAX: Final = SORTED_MAX + 1
# Words of one plan; a filter may hold a thousand conditions.
WORDS_MAX: Final = 10_000  # characters

Cost = Literal["LOW", "MEDIUM", "HIGH", "REFUSED"]

_ORDERED: Final = {
    "MOMENT": "Reads the index in the order of results and stops when the page is full.",
    "CHOICES": "Reads one choice of the sort after the other, each by id, and stops when the page is full.",
    "SORT": "Reads everything that the index finds and puts it in order.",
}
_TOO_MANY: Final = f"Is refused: more than {SORTED_MAX} documents would have to be read and put in order."


async def explanation(searcher: Searcher, db: Engine, tenant: str, body: Document) -> Document:
    """How a body would be searched, as JSON values. Finds nothing, but counts. Raises Invalid as the search does."""
    search, plan = searcher.understood(tenant, body)
    told: Document = {
        "query": words(plan.expression)[:WORDS_MAX],
        "sort": search.order.name,
        "narrowed": plan.expression != EVERY or plan.low is not None or plan.high is not None,
        "exact": plan.exact,
        "compared": list(plan.unsure),
    }
    bounds = {"from": plan.low, "to": plan.high}
    if plan.low is not None or plan.high is not None:
        told["range"] = {name: text_of(bound) for name, bound in bounds.items() if bound is not None}
    found = 0
    if not plan.empty:
        try:
            reading = Reading(db, searcher.searched, tenant, plan)
            found = await reading.count(Deadline(searcher.bounds.total_s), COUNTED_MAX)
        except TooSlow:
            found = COUNTED_MAX
    told["found"] = min(found, SORTED_MAX)
    told["foundMore"] = found > SORTED_MAX
    return told | _judged(search, searcher.searched, plan, found)


def _judged(search: Search, searched: Searched, plan: Plan, found: int) -> dict[str, Any]:
    """The strategy, its cost, and the steps in words."""
    if plan.empty:
        return {"strategy": "NOTHING", "cost": "LOW", "steps": ["Nothing can match, so nothing is read."]}
    strategy = strategy_of(search, searched)
    if strategy != "MOMENT" and found <= GATHERED_MAX:
        strategy = "SORT"
    steps = [_index_step(searched, plan), _ORDERED[strategy]]
    cost: Cost = "LOW"
    if strategy == "SORT" and found > SORTED_MAX:
        return {"strategy": strategy, "cost": "REFUSED", "steps": [steps[0], _TOO_MANY]}
    if strategy != "MOMENT" and found > GATHERED_MAX:
        cost = "MEDIUM"
    if not plan.exact:
        steps.append("Compares each document with the conditions under `compared`, which the index does not know.")
        if found > GATHERED_MAX:
            cost = "HIGH" if found > SORTED_MAX else "MEDIUM"
    if search.with_total:
        steps.append(
            "Counts by the index alone."
            if plan.exact
            else "Counts by comparing every document that the index finds, or leaves the total out."
        )
    return {"strategy": strategy, "cost": cost, "steps": steps}


def _index_step(searched: Searched, plan: Plan) -> str:
    name = searched.terms.index
    if plan.expression == EVERY and plan.low is None and plan.high is None:
        return f"Takes every document from the index {name}."
    by = [] if plan.expression == EVERY else ["terms"]
    if plan.low is not None or plan.high is not None:
        by.append(f"a range of {'.'.join(searched.terms.moment)}")
    return f"Finds documents in the index {name} by {' and '.join(by)}."
