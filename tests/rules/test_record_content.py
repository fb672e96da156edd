"""What makes two sendings of a sale the same, and where they differ."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.records.rules.content import DIFFERENCES_MAX, SERVER_MADE, differences
from tests.rules.records import FACILITY, line, record, stored

FULL: Document = record(
    consumer={"email": "ada@example.com", "addresses": [{"lastName": "Example", "country": "DE"}]},
    customAttributes={"flag": True, "count": 1, "nothing": None, "empty": [], "deep": {"list": [1, {"a": "b"}]}},
    origin={"type": "POS", "terminalId": "7"},
    payments=[{"value": {"value": 500, "currency": "EUR"}, "status": "COMPLETED"}],
    pricing={"fees": [{"name": "bag", "value": {"value": 10, "currency": "EUR"}}]},
    lineItems=[line("A-1", Decimal("1.50"), "100"), line("A-2", 5, customAttributes=None)],
    unheardOf={"kept": "as sent"},
)


def changed(*path: str | int, to: Any) -> Document:
    """FULL with another value at a place; `...` takes the member away."""
    after = copy.deepcopy(FULL)
    place: Any = after
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return after


def keep() -> Document:
    """FULL as it is stored, through JSON and back."""
    return decode(encode(stored(**{name: value for name, value in FULL.items() if name != "tenantOrderRecordId"})))


def test_a_sale_that_is_sent_again_is_the_same() -> None:
    """What the hub added says nothing: ids, versions, dates, totals."""
    assert differences(keep(), FULL) == []
    # A caller may send back what was read.
    assert differences(keep(), keep()) == []


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(dict(reversed(FULL.items())), id="the order of members"),
        pytest.param(changed("lineItems", 0, "quantity", to=Decimal("1.5")), id="digits of a number"),
        pytest.param(changed("lineItems", 1, "quantity", to=Decimal("5.0")), id="an integer as a decimal"),
        pytest.param({**FULL, "id": "mine", "version": 7, "anonymized": True}, id="members that the hub makes"),
        pytest.param(changed("pricing", to={**FULL["pricing"], "total": {"priceBreakdown": {}}}), id="a total"),
    ],
)
def test_what_does_not_count(same: Document) -> None:
    """The same sale in another spelling."""
    assert differences(keep(), same) == []


@pytest.mark.parametrize(
    ("other", "paths"),
    [
        (changed("orderRecordDate", to="2026-11-20T08:00:00.001Z"), ["orderRecordDate"]),
        (changed("facilityRef", to="f-2"), ["facilityRef"]),
        (changed("lineItems", 0, "quantity", to=Decimal("1.51")), ["lineItems[0].quantity"]),
        (changed("lineItems", to=[line()]), ["lineItems"]),
        (changed("payments", 0, "value", "value", to=501), ["payments[0].value.value"]),
        (changed("payments", to=...), ["payments"]),
        (changed("payments", to=[]), ["payments"]),
        (changed("pricing", to=...), ["pricing"]),
        (changed("pricing", "fees", 0, "name", to="box"), ["pricing.fees[0].name"]),
        (changed("consumer", "addresses", 0, "lastName", to="Other"), ["consumer.addresses[0].lastName"]),
        (changed("customAttributes", "flag", to=1), ["customAttributes.flag"]),
        (changed("customAttributes", "count", to=True), ["customAttributes.count"]),
        (changed("customAttributes", "count", to="1"), ["customAttributes.count"]),
        (changed("customAttributes", "nothing", to=...), ["customAttributes.nothing"]),
        (changed("customAttributes", "empty", to=None), ["customAttributes.empty"]),
        (changed("customAttributes", "deep", "list", 1, "a", to="c"), ["customAttributes.deep.list[1].a"]),
        (changed("lineItems", 1, "customAttributes", to=...), ["lineItems[1].customAttributes"]),
        (changed("unheardOf", "kept", to="otherwise"), ["unheardOf.kept"]),
        ({**FULL, "comment": "x"}, ["comment"]),
    ],
)
def test_every_difference_is_named_by_its_path(other: Document, paths: list[str]) -> None:
    """Whichever way round the two are compared."""
    assert differences(keep(), other) == paths
    assert differences(other, keep()) == paths


def test_no_more_differences_are_named_than_help() -> None:
    """And a member with a very long name is named in short."""
    many: Document = {f"n{number}": number for number in range(DIFFERENCES_MAX + 5)}
    assert len(differences(stored(), record(customAttributes=None, **many))) == DIFFERENCES_MAX
    assert differences(stored(), {**record(), "x" * 1_000: 1}) == ["x" * 64]


def test_an_empty_pricing_is_none() -> None:
    """The hub adds a `pricing` to hold the total, so that it cannot tell an empty one from none."""
    assert differences(stored(), record(pricing={})) == []
    assert differences(stored(lineItems=[line(price="5")]), record(lineItems=[line(price="5")], pricing={})) == []
    assert differences(stored(), record(pricing={"fees": []})) == ["pricing"]


def test_a_record_without_its_people_is_compared_by_what_is_left() -> None:
    """Decision D37: after anonymisation only date, facility, and the articles with their quantities count."""
    anonymized = {**stored(), "anonymized": True, "consumer": {"addresses": [{"lastName": "ANONYMIZED"}]}}
    assert differences(anonymized, record(consumer={"addresses": [{"lastName": "Example"}]}, customAttributes={})) == []
    assert differences(anonymized, record(facilityRef="f-2")) == ["facilityRef"]
    assert differences(anonymized, record(lineItems=[line("A-1", 3), line("A-3", 5)])) == [
        "lineItems[0].quantity",
        "lineItems[1].article.tenantArticleId",
    ]


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.decimals(-9, 9, places=2), st.text())
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3))
)
MEMBERS = st.dictionaries(st.text().filter(lambda name: name not in SERVER_MADE), VALUES, max_size=4)


@given(MEMBERS, MEMBERS)
def test_any_record_is_the_same_as_itself_and_no_other(attributes: Document, others: Document) -> None:
    """Through JSON and back; and two are the same only where JSON says so, whichever is asked first."""
    sent = {**attributes, **record(customAttributes=attributes)}
    kept = decode(encode({**attributes, **stored(customAttributes=attributes), "facilityRef": FACILITY}))
    assert differences(kept, sent) == []
    one, other = record(customAttributes=attributes), record(customAttributes=others)
    assert len(differences(one, other)) == len(differences(other, one))
    assert (differences(one, other) == []) == (canonical(attributes) == canonical(others))


def canonical(value: Any) -> Any:
    """Equal exactly where two JSON values are: Python takes true for 1."""
    match value:
        case bool() | None | str():
            return (type(value).__name__, value)
        case dict():
            return {name: canonical(inner) for name, inner in value.items()}
        case list():
            return [canonical(inner) for inner in value]
        case _:
            return ("number", value)
