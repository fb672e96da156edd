"""Order, cursors and pages of searches."""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Invalid
from opendoms.search.cursor import CURSOR_CHARACTERS_MAX, Cursors
from opendoms.search.evaluate import matches
from opendoms.search.order import NEWEST_FIRST, TEXT_MAX, Order, order_of
from opendoms.search.page import Gathering, Page, search_of
from tests.rules.searches import DOCUMENTS, FIELDS, NOW, QUERIES, SORTS, THINGS

Document = dict[str, Any]

WANTED: list[Document | None] = [
    None,
    {"id": "ASC"},
    {"name": "ASC"},
    {"name": "DESC"},
    {"size": "DESC"},
    {"created": "ASC"},
    {"address": {"city": "ASC"}},
    {"lines": {"count": "ASC"}},
    {"lines": {"count": "DESC"}},
    {"customAttributes": {"x": "ASC"}},
    {"customAttributes": {"x": "DESC"}},
]
SORT = st.sampled_from(WANTED)


def body_of(query: Document, sort: Document | None, **envelope: Any) -> Document:
    """The body of a search."""
    return {"query": query, **({"sort": [sort]} if sort else {}), **envelope}


def page_of(documents: list[Document], body: Document) -> Page:
    """The page that the body asks for."""
    gathering = Gathering(search_of(THINGS, body, now=NOW))
    for document in documents:
        gathering.add(document, encode(document))
    return gathering.page()


def ids_of(page: Page) -> list[str]:
    """The ids of a page, in order."""
    return [decode(body)["id"] for body in page.bodies]


def refused(body: Document) -> list[str]:
    """The summaries of a search that must be refused."""
    with pytest.raises(Invalid) as caught:
        search_of(THINGS, body, now=NOW)
    return [fault.summary for fault in caught.value.faults]


def wanted_ids(documents: list[Document], query: Document, sort: Document | None) -> list[str]:
    """What a search must find, in order: everything that matches, compared pair by pair."""
    order = order_of(SORTS, [sort] if sort else None)

    def compare(a: Document, b: Document) -> int:
        first, second = order.position(a), order.position(b)
        return (first > second) - (first < second)

    found = [document for document in documents if matches(FIELDS, query, document, now=NOW)]
    found.sort(key=functools.cmp_to_key(compare), reverse=order.descending)
    return [document["id"] for document in found]


def pages(documents: list[Document], body: Document, step: str) -> Iterator[Page]:
    """All pages forward (`after`) or backward (`before`)."""
    forward = step == "after"
    while True:
        page = page_of(documents, body)
        yield page
        if not page.info["hasNextPage" if forward else "hasPreviousPage"]:
            return
        body = {**body, step: page.info["endCursor" if forward else "startCursor"]}


@given(DOCUMENTS, QUERIES, SORT, st.integers(1, 5), st.randoms(use_true_random=False))
def test_pages_forward_hold_every_result_once(
    documents: list[Document], query: Document, sort: Document | None, size: int, random: Any
) -> None:
    """Page by page, in whatever order documents are read: all that match, in order, each once."""
    expected = wanted_ids(documents, query, sort)
    random.shuffle(documents)
    found = list(pages(documents, body_of(query, sort, size=size), "after"))
    assert [each for page in found for each in ids_of(page)] == expected
    assert len(found) == max(1, -(-len(expected) // size))
    assert [page.info["hasPreviousPage"] for page in found] == [place > 0 for place in range(len(found))]


@given(DOCUMENTS, QUERIES, SORT, st.integers(1, 5), st.randoms(use_true_random=False))
def test_pages_backward_hold_every_result_once(
    documents: list[Document], query: Document, sort: Document | None, size: int, random: Any
) -> None:
    """From the last page to the first, each in the order of the search."""
    expected = wanted_ids(documents, query, sort)
    random.shuffle(documents)
    found = list(pages(documents, body_of(query, sort, last=size), "before"))
    assert [each for page in reversed(found) for each in ids_of(page)] == expected
    assert [page.info["hasNextPage"] for page in found] == [place > 0 for place in range(len(found))]


@given(DOCUMENTS, SORT)
def test_down_is_the_reverse_of_up(documents: list[Document], sort: Document | None) -> None:
    """Of one member with one value per document; of lists another element decides."""
    if sort is None or "lines" in sort:
        return
    up, down = (decode(encode(sort).replace(b"DESC", to).replace(b"ASC", to)) for to in (b"ASC", b"DESC"))
    assert wanted_ids(documents, {}, up) == wanted_ids(documents, {}, down)[::-1]


@given(DOCUMENTS, SORT, st.integers(0, 11))
def test_a_cursor_says_where_it_was(documents: list[Document], sort: Document | None, place: int) -> None:
    """What is read from a cursor is the position that was written, with numbers exact."""
    order = order_of(SORTS, [sort] if sort else None)
    cursors = Cursors("things", order)
    for document in documents[place:]:
        position = order.position(document)
        assert cursors.read(cursors.write(position), "after") == position


THREE: list[Document] = [
    {"id": "1", "name": "b", "size": 2},
    {"id": "2", "name": "a", "size": Decimal("1.5")},
    {"id": "3", "name": "b"},
]


def test_the_newest_comes_first_unless_said_otherwise() -> None:
    """By id going down; equal values stand by id, in the direction of the sort; absent ones are last going up."""
    assert ids_of(page_of(THREE, {"query": {}})) == ["3", "2", "1"]
    assert ids_of(page_of(THREE, body_of({}, {"name": "ASC"}))) == ["2", "1", "3"]
    assert ids_of(page_of(THREE, body_of({}, {"name": "DESC"}))) == ["3", "1", "2"]
    assert ids_of(page_of(THREE, body_of({}, {"size": "ASC"}))) == ["2", "1", "3"]
    assert ids_of(page_of(THREE, body_of({}, {"size": "DESC"}))) == ["3", "1", "2"]


def test_of_a_list_the_smallest_decides_going_up_and_the_largest_going_down() -> None:
    """As in document databases."""
    documents: list[Document] = [
        {"id": "1", "lines": [{"count": 1}, {"count": 9}]},
        {"id": "2", "lines": [{"count": 5}]},
        {"id": "3", "lines": []},
    ]
    assert ids_of(page_of(documents, body_of({}, {"lines": {"count": "ASC"}}))) == ["1", "2", "3"]
    assert ids_of(page_of(documents, body_of({}, {"lines": {"count": "DESC"}}))) == ["3", "1", "2"]


def test_an_empty_page_has_empty_cursors() -> None:
    """Nothing is found, nothing is before or after it."""
    page = page_of([], {"query": {}, "options": {"withTotal": True}})
    assert page.info == {"hasNextPage": False, "hasPreviousPage": False, "startCursor": "", "endCursor": ""}
    assert page.envelope("things") == (
        b'{"things":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"","endCursor":""},"total":0}'
    )


def test_the_total_is_counted_only_where_it_is_asked_for() -> None:
    """It counts everything that matches, on all pages."""
    body = {"query": {"name": {"eq": "b"}}, "size": 1}
    assert page_of(THREE, body).total is None
    assert page_of(THREE, {**body, "options": {"withTotal": False}}).total is None
    assert page_of(THREE, {**body, "options": {"withTotal": True}}).total == 2
    assert b"total" not in page_of(THREE, body).envelope("things")


def test_a_start_after_an_id_is_a_position() -> None:
    """In an order by id any text is one; in another the document that has it is needed."""
    assert ids_of(page_of(THREE, {"query": {}, "startAfterId": "2"})) == ["1"]
    assert ids_of(page_of(THREE, {"query": {}, "startAfterId": "25"})) == ["2", "1"]
    search = search_of(THINGS, body_of({}, {"name": "ASC"}, startAfterId="2"), now=NOW)
    assert search.start_after_id == "2"
    gathering = Gathering(search.behind(THREE[1]))
    for document in THREE:
        gathering.add(document, encode(document))
    assert ids_of(gathering.page()) == ["1", "3"]


@pytest.mark.parametrize(
    ("members", "paths"),
    [
        (["size", "last"], ["last"]),
        (["size", "before"], ["before"]),
        (["after", "last"], ["last"]),
        (["after", "before"], ["before"]),
        (["startAfterId", "after"], ["after"]),
        (["size", "after", "last", "before"], ["last", "before", "last", "before"]),
    ],
)
def test_members_that_exclude_each_other_are_refused(members: list[str], paths: list[str]) -> None:
    """Each pair is named by the member that cannot stand there."""
    values: Document = {"size": 1, "last": 1, "after": "x", "before": "x", "startAfterId": "x"}
    summaries = refused({"query": {}, **{name: values[name] for name in members}})
    assert [summary.partition(":")[0] for summary in summaries] == paths


@pytest.mark.parametrize(
    ("sort", "summary"),
    [
        ([], "sort: expected one entry, got 0"),
        ([{}], "sort[0]: expected one member to sort by, got 0"),
        ([{"name": "ASC", "id": "ASC"}], "sort[0]: expected one member to sort by, got 2"),
        ([{"name": "up"}], "sort[0].name: expected ASC or DESC"),
        ([{"address": {"town": "ASC"}}], "sort[0].address.town: is not known here"),
    ],
)
def test_a_sort_names_one_member(sort: list[Document], summary: str) -> None:
    """Anything else is refused with its path."""
    assert refused({"query": {}, "sort": sort}) == [summary]


def test_a_cursor_is_refused_where_it_does_not_belong() -> None:
    """Cut, changed, made up, of another sort, of another direction, of another kind: 400 with the member."""
    name_up = Order("name:ASC", NEWEST_FIRST.value, descending=False)
    cursor = Cursors("things", NEWEST_FIRST).write(((2, "b"), "1"))
    foreign = [
        cursor[:-4],
        ("A" if cursor[0] != "A" else "B") + cursor[1:],
        "",
        "x",
        "ä",
        "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ",
        Cursors("things", name_up).write(((2, "b"), "1")),
        Cursors("others", NEWEST_FIRST).write(((2, "b"), "1")),
    ]
    for text in foreign:
        assert refused({"query": {}, "after": text}) == ["after: expected a cursor of this search"], text
    assert refused({"query": {}, "before": "A" * (CURSOR_CHARACTERS_MAX + 1)}) == ["before: is longer than any cursor"]
    assert ids_of(page_of(THREE, {"query": {}, "after": cursor})) == ["3", "2", "1"]


@pytest.mark.parametrize(
    "content", [[2, 5, "1"], [0, "b", "1"], [1, True, "1"], [2, "b", 1], [2, "b"], {}, "x", [7, 1, "x"]]
)
def test_a_cursor_that_was_computed_is_refused_unless_it_is_a_position(content: Any) -> None:
    """The check is no secret; whoever computes it cannot bring us to compare what does not compare."""
    cursors = Cursors("things", NEWEST_FIRST)
    data = encode(content)
    check = cursors._check(data)  # noqa: SLF001 - that is the forgery
    forged = base64.urlsafe_b64encode(check + data).rstrip(b"=").decode()
    assert refused({"query": {}, "after": forged}) == ["after: expected a cursor of this search"]


def test_long_texts_are_ordered_by_their_beginning() -> None:
    """Cursors carry only so much of them, and paging still holds each result once."""
    documents = [{"id": str(place), "name": "x" * TEXT_MAX + str(9 - place)} for place in range(5)]
    found = list(pages(documents, body_of({}, {"name": "ASC"}, size=2), "after"))
    assert [each for page in found for each in ids_of(page)] == ["0", "1", "2", "3", "4"]


def test_no_more_is_kept_than_two_pages() -> None:
    """However many documents match."""
    gathering = Gathering(search_of(THINGS, {"query": {}, "size": 3}, now=NOW))
    for number in range(100):
        gathering.add({"id": f"{number:03d}"}, b"{}")
        assert len(gathering._kept) <= 6  # noqa: SLF001 - that is the promise
    assert gathering.page().info["hasNextPage"] is True
