"""The one statement of many changesets: in which order it touches rows."""

from __future__ import annotations

from opendoms.db.postgres_statement import parameters_of, shape_of
from opendoms.kernel.changeset import Changeset, Column, Put, Table

SALES = Table("sales", (Column("place", "text"), Column("key", "text")), unique=(("sales_key", ("tenant", "key")),))
KEYLESS = Table("keyless")


def creation(table: Table, *rows: tuple[str, str | None]) -> Changeset:
    """New documents, each with an id and a key."""
    values = (lambda key: ("here", key)) if table is SALES else (lambda key: ())
    return Changeset(puts=tuple(Put(table, "t", id_, None, 1, b"{}", values(key)) for id_, key in rows))


def test_new_rows_are_inserted_in_the_order_of_their_business_keys() -> None:
    """Two nodes that insert the same keys in opposite orders wait for each other; they do not deadlock."""
    one, other = creation(SALES, ("1", "c"), ("2", "a"), ("3", None)), creation(SALES, ("4", "b"), ("5", "d"))
    (_, ids, _, _, _, keys) = parameters_of(shape_of(one), [one, other])
    assert keys == (None, "a", "b", "c", "d")
    assert ids == ("3", "2", "4", "1", "5")


def test_new_rows_without_business_keys_are_inserted_in_the_order_of_their_ids() -> None:
    """As all other rows are written."""
    changeset = creation(KEYLESS, ("b", None), ("a", None))
    assert parameters_of(shape_of(changeset), [changeset])[1] == ("a", "b")
