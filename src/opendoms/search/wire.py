"""What all searches share on the wire: the envelope and the filters of single values.

All of it is closed (decision D24): a misspelt filter must not find everything.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.search.page import SIZE_MAX
from opendoms.web.wire_types import Closed, Timestamp, Wire

TEXT_MAX = 256  # characters of one text that is looked for
VALUES_MAX = 25  # texts of one `in`
CHOICES_MAX = 500  # of one `in` of a closed list
FILTERS_MAX = 500  # of one `and` or `or`

# Says that the total was left out because counting takes too long; as header of an answer, and as it is described.
TOTAL_OMITTED: Final = ((b"opendoms-total", b"omitted"),)
TOTAL_HEADERS: Final = {
    "opendoms-total": "`omitted` where the total was asked for and left out, since counting would have taken too long."
}

SearchText = Annotated[str, Meta(max_length=TEXT_MAX)]
SearchTexts = Annotated[tuple[SearchText, ...], Meta(max_length=VALUES_MAX)]
SearchSize = Annotated[int, Meta(ge=1, le=SIZE_MAX)] | Annotated[float, Meta(ge=1, le=float(SIZE_MAX), multiple_of=1)]
Number = int | float
Direction = Literal["ASC", "DESC"]


class StringFilter(Closed, frozen=True, gc=False):
    """A text, compared as it is."""

    eq: SearchText | UnsetType = UNSET
    """The text is this one."""
    not_eq: SearchText | UnsetType = UNSET
    """The text is not this one, or is absent."""
    in_: SearchTexts | UnsetType = msgspec.field(default=UNSET, name="in")
    """The text is one of these."""
    not_in: SearchTexts | UnsetType = UNSET
    """The text is none of these, or is absent."""


class StringSearchFilter(StringFilter, frozen=True, gc=False):
    """A text, compared as it is or by a pattern."""

    like: SearchText | UnsetType = UNSET
    """A regular expression that matches somewhere in the text; `(?i)` in front ignores case."""


class StringEqFilter(Closed, frozen=True, gc=False):
    """A text, the same or another."""

    eq: SearchText | UnsetType = UNSET
    """The text is this one."""
    not_eq: SearchText | UnsetType = UNSET
    """The text is not this one, or is absent."""


class StringListFilter(Closed, frozen=True, gc=False):
    """A list of texts."""

    contains: StringEqFilter | UnsetType = UNSET
    """One of the texts is like this."""


class BooleanFilter(Closed, frozen=True, gc=False):
    """Yes or no."""

    eq: bool | UnsetType = UNSET
    """The value is this one."""
    not_eq: bool | UnsetType = UNSET
    """The value is not this one, or is absent."""


class NumberEqFilter(Closed, frozen=True, gc=False):
    """A number."""

    eq: Number | UnsetType = UNSET
    """The number is this one."""
    not_eq: Number | UnsetType = UNSET
    """The number is not this one, or is absent."""
    gt: Number | UnsetType = UNSET
    """The number is larger."""
    gte: Number | UnsetType = UNSET
    """The number is as large, or larger."""
    lt: Number | UnsetType = UNSET
    """The number is smaller."""
    lte: Number | UnsetType = UNSET
    """The number is as large, or smaller."""


class DateFilter(Closed, frozen=True, gc=False):
    """A point in time."""

    eq: Timestamp | UnsetType = UNSET
    """It is this one."""
    not_eq: Timestamp | UnsetType = UNSET
    """It is not this one, or is absent."""
    gt: Timestamp | UnsetType = UNSET
    """It is later."""
    gte: Timestamp | UnsetType = UNSET
    """It is this one or later."""
    lt: Timestamp | UnsetType = UNSET
    """It is earlier."""
    lte: Timestamp | UnsetType = UNSET
    """It is this one or earlier."""
    after: SearchText | UnsetType = UNSET
    """It is later than now plus this ISO 8601 duration; `-P1D` is a day ago."""
    before: SearchText | UnsetType = UNSET
    """It is earlier than now plus this ISO 8601 duration; `-P1D` is a day ago."""


class CustomAttributeFilter(Closed, frozen=True, gc=False):
    """An attribute of the caller's own, compared by the type of what it is compared with."""

    eq: bool | Number | SearchText | UnsetType = UNSET
    """The attribute is this."""
    not_eq: bool | Number | SearchText | UnsetType = UNSET
    """The attribute is something else, or is absent."""
    gt: Number | SearchText | UnsetType = UNSET
    """The number is larger, or the time later; a time is written as a timestamp."""
    gte: Number | SearchText | UnsetType = UNSET
    """The same, or larger or later."""
    lt: Number | SearchText | UnsetType = UNSET
    """The number is smaller, or the time earlier."""
    lte: Number | SearchText | UnsetType = UNSET
    """The same, or smaller or earlier."""
    after: SearchText | UnsetType = UNSET
    """The time is later than now plus this ISO 8601 duration."""
    before: SearchText | UnsetType = UNSET
    """The time is earlier than now plus this ISO 8601 duration."""


CustomAttributesFilter = dict[str, CustomAttributeFilter]
CustomAttributesSort = Annotated[dict[str, Direction], Meta(min_length=1, max_length=1)]


class SearchOptions(Closed, frozen=True, gc=False):
    """What else is to be answered."""

    with_total: bool | UnsetType = UNSET
    """Whether to count all results; takes longer."""


class SearchPayload(Closed, frozen=True, gc=False):
    """The envelope of every search; a slice adds `query` and `sort`."""

    size: SearchSize | UnsetType = UNSET
    """How many results to answer, going forward; 20 where absent. Not together with `last` and `before`."""
    after: str | UnsetType = UNSET
    """The `endCursor` of the page before. Not together with `before` and `last`."""
    last: SearchSize | UnsetType = UNSET
    """How many results to answer, going backward; 20 where absent. Not together with `size` and `after`."""
    before: str | UnsetType = UNSET
    """The `startCursor` of the page behind. Not together with `after` and `size`."""
    options: SearchOptions | UnsetType = UNSET
    """What else is to be answered."""
    start_after_id: str | UnsetType = UNSET
    """The id of the last result of the page before. `after` does the same, and without looking it up."""


class PageInfo(Wire, frozen=True, gc=False):
    """Where a page lies."""

    has_next_page: bool
    """Whether results follow this page."""
    has_previous_page: bool
    """Whether results come before this page."""
    start_cursor: str
    """Where the page begins: send it as `before` for the page before. Empty on an empty page."""
    end_cursor: str
    """Where the page ends: send it as `after` for the next page. Empty on an empty page."""


class SearchExplanationRange(Wire, frozen=True, gc=False):
    """The range of moments that the index is asked for, both ends included."""

    from_: Timestamp | UnsetType = msgspec.field(default=UNSET, name="from")
    """The first one; open where absent."""
    to: Timestamp | UnsetType = UNSET
    """The last one; open where absent."""


class SearchExplanation(Wire, frozen=True, gc=False):
    """How a search would be done."""

    query: str
    """What the index is asked, in words; cut where it is very long."""
    sort: str
    """The order of the results."""
    narrowed: bool
    """Whether the index narrows down what is looked at; otherwise it is every document."""
    exact: bool
    """Whether the index alone tells what matches."""
    compared: tuple[str, ...]
    """The conditions, by path, for which each document has to be looked at."""
    found: Annotated[int, Meta(ge=0)]
    """How many documents the index finds; counting stops at some point."""
    found_more: bool
    """Whether there are more than that."""
    strategy: Literal["MOMENT", "CHOICES", "SORT", "NOTHING"]
    """How results are put in order: by the index, choice by choice, by sorting all of them; or there is none."""
    cost: Literal["LOW", "MEDIUM", "HIGH", "REFUSED"]
    """How much work it is: some milliseconds, many documents to look at, or all of them."""
    steps: tuple[str, ...]
    """The steps in words."""
    range: SearchExplanationRange | UnsetType = UNSET
    """The range of moments that the index is asked for."""
