"""What documents are found by: terms and their hashes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.changeset import Entry
from opendoms.kernel.document import decode, encode
from opendoms.orders.search import ORDER_TERMS
from opendoms.search.fields import Fields, Value
from opendoms.search.terms import (
    EVERYTHING,
    Term,
    Terms,
    attribute_term,
    attribute_there,
    element_of,
    place_of,
    term_of,
    there,
)
from tests.rules import orders
from tests.rules.searches import FIELDS, NUMBERS, TERMS

CREATED = "2023-11-14T22:13:20.001Z"


def terms_of(document: dict[str, Any]) -> frozenset[int]:
    """The terms of a document, beside the one that all have."""
    entry = TERMS.entry("t", {"created": CREATED, **document})
    return frozenset(entry.terms) - {TERMS.hashed("t", EVERYTHING)}


def hashed(*terms: Term | None) -> frozenset[int]:
    """The hashes of terms."""
    return frozenset(TERMS.hashed("t", term) for term in terms if term is not None)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, []),
        ({"name": "Köln"}, [Term("name", "tKöln")]),
        ({"name": 1}, []),
        ({"name": None}, []),
        ({"name": ""}, [Term("name", "t")]),
        ({"size": 2}, [Term("size", "n2"), Term("size", "?")]),
        ({"size": "2"}, []),
        ({"size": True}, []),
        ({"open": True}, [Term("open", "b1")]),
        ({"open": False}, [Term("open", "b0")]),
        ({"words": ["a", "b", "a", 1]}, [Term("words*", "ta"), Term("words*", "tb")]),
        ({"words": "a"}, [Term("words*", "ta")]),
        ({"address": {"city": "a", "other": "b"}}, [Term("address.city", "ta")]),
        ({"address": "a"}, []),
        ({"lines": []}, []),
        ({"lines": [{}]}, [Term("lines", "?")]),
        (
            {"lines": [{"article": {"title": "a"}}, {"count": 1}, None]},
            [
                Term("lines", "?"),
                Term("lines[].article.title", "ta"),
                Term("lines[].count", "n1"),
                Term("lines[].count", "?"),
            ],
        ),
        ({"groups": ["a", "b"]}, [Term("groups", "?"), Term("groups[]", "ta"), Term("groups[]", "tb")]),
        (
            {"customAttributes": {"x": "a", "y": "2024", "n": 1, "b": True, "l": [1], "o": {}, "z": None}},
            [
                Term("customAttributes{}", "x\0ta"),
                Term("customAttributes{}", "y\0t2024"),
                Term("customAttributes{}", "y\0?m"),
                Term("customAttributes{}", "n\0n1"),
                Term("customAttributes{}", "n\0?n"),
                Term("customAttributes{}", "b\0b1"),
            ],
        ),
        ({"changed": "2023-11-14T23:13:20+01:00"}, [Term("changed", "m1700000000000"), Term("changed", "?")]),
        ({"changed": "yesterday"}, []),
    ],
)
def test_a_document_has_these_terms_and_no_others(document: dict[str, Any], expected: list[Term]) -> None:
    """One per value that can be asked for, and one where there is something that a range can begin with."""
    assert terms_of(document) == hashed(*expected)


def test_what_is_asked_for_is_spelled_as_what_is_stored() -> None:
    """The terms of questions are those of documents."""
    assert term_of("name", "text", "a") == Term("name", "ta")
    assert term_of("size", "number", Decimal("2.0")) == Term("size", "n2")
    assert term_of("size", "number", "2") is None
    assert term_of("changed", "moment", 1_700_000_000_000) == Term("changed", "m1700000000000")
    assert term_of(place_of(element_of("lines"), ("article", "title")), "text", "a") == Term(
        "lines[].article.title", "ta"
    )
    assert place_of("", ("words",), many=True) == "words*"
    assert attribute_term("c{}", "x", True) == Term("c{}", "x\0b1")
    assert attribute_term("c{}", "x", None) is None
    assert there("lines") == Term("lines", "?")
    assert attribute_there("c{}", "x", "number") == Term("c{}", "x\0?n")


@given(NUMBERS | st.integers() | st.decimals(allow_nan=False, allow_infinity=False), NUMBERS | st.integers())
def test_numbers_have_one_spelling(one: int | Decimal, other: int | Decimal) -> None:
    """Equal numbers have the same term however they are written, and others have another."""
    same = term_of("size", "number", one) == term_of("size", "number", other)
    assert same == (one == other)
    again = decode(encode({"size": one}))["size"]
    assert term_of("size", "number", again) == term_of("size", "number", one)


@pytest.mark.parametrize("number", ["1E+999999", "-1E-999999", "0E+5", "-0.0", "1" * 5000, "12300", "1.2300E2"])
def test_a_number_of_any_size_has_a_term(number: str) -> None:
    """Also one that no machine number holds, and zero has one however it is written."""
    term = term_of("size", "number", Decimal(number))
    assert term is not None
    assert (term.content == "n0") == (Decimal(number) == 0)


def test_an_entry_is_sorted_and_has_each_term_once() -> None:
    """As signed integers of 64 bits, led by the moment in milliseconds."""
    entry = TERMS.entry("t", {"created": CREATED, "words": ["a", "a"], "name": "n"})
    assert entry == Entry(1_700_000_000_001, tuple(sorted(entry.terms)))
    assert len(entry.terms) == len(set(entry.terms)) == 3
    assert all(-(2**63) <= term < 2**63 for term in entry.terms)


def test_no_tenant_shares_a_term_with_another() -> None:
    """Nor does an index with another one, also where the names run together."""
    document = {"created": CREATED, "name": "a", "customAttributes": {"x": "a"}}
    entries = [
        *(TERMS.entry(tenant, document).terms for tenant in ("t", "u", "t1")),
        Terms("other", FIELDS, ("created",)).entry("t", document).terms,
        Terms("things1", FIELDS, ("created",)).entry("t", document).terms,
    ]
    assert len({term for terms in entries for term in terms}) == 3 * len(entries)


def test_the_definition_follows_the_fields() -> None:
    """Another field, another kind, another moment or another name is another definition; another order is none."""
    fields: Fields = {"a": Value("text", ("a",)), "b": Value("text", ("b",))}
    others = [
        Terms("i", fields, ("at",)),
        Terms("i", {"a": fields["a"]}, ("at",)),
        Terms("i", {"a": fields["a"], "b": Value("number", ("b",))}, ("at",)),
        Terms("i", {"a": fields["a"], "b": Value("text", ("b",), many=True)}, ("at",)),
        Terms("i", fields, ("from",)),
        Terms("j", fields, ("at",)),
    ]
    assert len({terms.definition for terms in others}) == len(others)
    assert Terms("i", dict(reversed([*fields.items()])), ("at",)).definition == others[0].definition


def test_the_terms_of_orders_are_those_that_are_stored() -> None:
    """Whoever changes what an order is found by changes the definition with it, so that indexes are made anew."""
    entry = ORDER_TERMS.entry("t", orders.order(status="OPEN", customAttributes={"x": "a", "n": Decimal("1.50")}))
    assert (ORDER_TERMS.definition, entry.moment, len(entry.terms), sum(entry.terms)) == SNAPSHOT


SNAPSHOT = ("670b897e0dbea9e77e675b80d5a36f2e", 1_795_161_600_000, 16, 32_726_566_174_035_090_448)
