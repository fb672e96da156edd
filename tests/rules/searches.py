"""Samples of searches: made-up documents, a description of them, and the plain meaning of filters to compare with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from opendoms.search.expression import And, AnyOf, Expression, NoneOf, Or, Whole
from opendoms.search.fields import Attributes, Each, Fields, Nested, Value
from opendoms.search.order import Sorts
from opendoms.search.page import Searchable
from opendoms.search.plan import Plan
from opendoms.search.terms import Terms

Document = dict[str, Any]

NOW: Final = 1_700_000_000_000  # 2023-11-14T22:13:20Z

FIELDS: Final[Fields] = {
    "name": Value("text", ("name",)),
    "size": Value("number", ("size",)),
    "open": Value("boolean", ("open",)),
    "created": Value("moment", ("created",)),
    "changed": Value("moment", ("changed",)),
    "words": Value("text", ("words",), many=True),
    "address": Nested({"city": Value("text", ("city",))}, ("address",)),
    "lines": Each({"article": Value("text", ("article", "title")), "count": Value("number", ("count",))}, ("lines",)),
    "groups": Each(Value("text", ()), ("groups",)),
    "customAttributes": Attributes(("customAttributes",)),
}
SORTS: Final[Sorts] = {
    "id": Value("text", ("id",)),
    "name": Value("text", ("name",)),
    "size": Value("number", ("size",)),
    "created": Value("moment", ("created",)),
    "address": {"city": Value("text", ("address", "city"))},
    "lines": {"count": Value("number", ("lines", "count"), many=True)},
    "customAttributes": Attributes(("customAttributes",)),
}
THINGS: Final = Searchable("things", FIELDS, SORTS)
TERMS: Final = Terms("thing_search", FIELDS, ("created",))

TEXTS: Final = st.sampled_from(["", "a", "A", "b", "ä", "🧪", "Köln"])
NUMBERS: Final = st.sampled_from([-1, 0, 1, 2, Decimal("0.5"), Decimal("1.0"), Decimal("1E+30")])
MOMENTS: Final = st.sampled_from(["2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.001Z", "1999-12-31T23:59:59.999Z"])
# Durations from NOW, with the moments that they lead to.
RELATIVE: Final = {
    "PT0S": "2023-11-14T22:13:20.000Z",
    "-P1D": "2023-11-13T22:13:20.000Z",
    "–P30Y": "1993-11-14T22:13:20.000Z",
    "P1W": "2023-11-21T22:13:20.000Z",
}
ATTRIBUTES: Final = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none(), st.lists(TEXTS, max_size=1))


def _some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    """Objects that have any of these members, or null in their place."""
    return st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in members.items()})


LINES: Final = st.lists(_some(article=_some(title=TEXTS), count=NUMBERS), max_size=3)
CONTENTS: Final = _some(
    name=TEXTS,
    size=NUMBERS,
    open=st.booleans(),
    created=MOMENTS,
    changed=MOMENTS,
    words=st.lists(TEXTS, max_size=3),
    address=_some(city=TEXTS),
    lines=LINES,
    groups=st.lists(TEXTS, max_size=2),
    customAttributes=st.dictionaries(st.sampled_from(["x", "y"]), ATTRIBUTES, max_size=2),
)
DOCUMENTS: Final = st.lists(CONTENTS, max_size=12).map(
    lambda contents: [{**content, "id": f"id-{place:02d}"} for place, content in enumerate(contents)]
)

_OPERATORS: Final = ("eq", "notEq", "gt", "gte", "lt", "lte")


def _operators(values: st.SearchStrategy[Any], *names: str, lists: bool = True) -> st.SearchStrategy[Document]:
    single = dict.fromkeys(names, values)
    several = {name: st.lists(values, max_size=2) for name in (("in", "notIn") if lists else ())}
    return st.fixed_dictionaries({}, optional=single | several)


_TEXT = _operators(TEXTS, "eq", "notEq")
_NUMBER = _operators(NUMBERS, *_OPERATORS, lists=False)
_MOMENT = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(_OPERATORS, MOMENTS),
        **dict.fromkeys(("after", "before"), st.sampled_from([*RELATIVE])),
    },
)
_LEAVES: Final = st.fixed_dictionaries(
    {},
    optional={
        "name": _TEXT,
        "size": _NUMBER,
        "open": _operators(st.booleans(), "eq", "notEq", lists=False),
        "created": _MOMENT,
        "changed": _MOMENT,
        "words": _TEXT,
        "address": st.fixed_dictionaries({}, optional={"city": _TEXT}),
        "lines": st.fixed_dictionaries(
            {},
            optional={
                "contains": st.fixed_dictionaries({}, optional={"article": _TEXT, "count": _NUMBER}),
                "exists": st.booleans(),
            },
        ),
        "groups": st.fixed_dictionaries({}, optional={"contains": _TEXT}),
        "customAttributes": st.dictionaries(
            st.sampled_from(["x", "y"]), _NUMBER | _operators(st.booleans() | TEXTS, "eq", "notEq", lists=False)
        ),
    },
)


def _nested(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    several = st.lists(inner, max_size=3)
    both = st.fixed_dictionaries({}, optional={"and": several, "or": several})
    return st.tuples(_LEAVES, both).map(lambda parts: {**parts[0], **parts[1]})


QUERIES: Final = st.recursive(_LEAVES, _nested, max_leaves=6)


def found_by(expression: Expression, terms: frozenset[int], tenant: str = "t") -> bool:
    """The plain meaning of an expression, over the hashed terms of one document."""
    match expression:
        case AnyOf(some):
            return any(TERMS.hashed(tenant, term) in terms for term in some)
        case NoneOf(some):
            return not any(TERMS.hashed(tenant, term) in terms for term in some)
        case And(parts):
            return all(found_by(part, terms, tenant) for part in parts)
        case Or(parts):
            return any(found_by(part, terms, tenant) for part in parts)
        case Whole(every):
            return every


def found(plan: Plan, document: Document) -> bool:
    """Whether a plan finds a document."""
    moment, terms = TERMS.entry("t", document)
    low = plan.low if plan.low is not None else moment
    high = plan.high if plan.high is not None else moment
    return low <= moment <= high and found_by(plan.expression, frozenset(terms))
