"""What tags are searched by."""

from __future__ import annotations

from typing import Final

from opendoms.search.fields import Value
from opendoms.search.order import BY_ID, Order
from opendoms.search.page import Searchable

TAGS: Final = Searchable(
    kind="tags",
    fields={"id": BY_ID, "allowedValues": Value("text", ("allowedValues",), many=True)},
    sorts={"id": BY_ID},
    # As in the list: the ids are the callers' own words, and no measure of age.
    default=Order("id:ASC", BY_ID, descending=False),
)
