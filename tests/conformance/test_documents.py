"""Documents: put, read, replace, drop."""

from __future__ import annotations

import json
from typing import Final

import pytest

from opendoms.db.engine import Engine, RefusedBySchema
from opendoms.kernel.changeset import Changeset, Drop, Put, Stale
from opendoms.kernel.refusal import Invalid
from tests.conformance.changesets import (
    ANYBODY,
    NOW,
    PLAIN,
    TENANT,
    Counts,
    counts,
    event,
    order,
    plain,
    stored_order,
    stored_plain,
    timer,
)
from tests.conformance.searchable import ORDERS

DOCUMENTS: Final = {
    "ascii": b'{"a":1}',
    "spacing and order of members": b'{ "z" : 1,\n\t"a" : 2 , "z2":[ ] }',
    "umlauts": '{"title":"Jacke grün, Größe ß"}'.encode(),
    "emoji": '{"title":"👕 👩‍👩‍👧 🇩🇪"}'.encode(),
    "right to left and combining": '{"title":"שלום é é ﷺ"}'.encode(),
    "last code point": '{"title":"\U0010ffff \uffff"}'.encode(),
    "escapes": rb'{"title":"\u0000 \ud83d\udc55 \\ \" \/ \n"}',
    "quotes and dollars": b"""{"title":"' '' $1 :name ? %s \\\\"}""",
    "64-bit integers": b'{"low":-9223372036854775808,"high":9223372036854775807}',
    "larger integers": b'{"n":123456789012345678901234567890}',
    "decimals": b'{"n":0.1000,"m":1.0,"e":1E+400,"d":3.141592653589793238462643383279}',
    "empty": b"{}",
    "large": json.dumps({"lines": ["x" * 100] * 30_000}).encode(),
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
async def test_a_document_comes_back_byte_for_byte(engine: Engine, document: bytes) -> None:
    """A document is answered as the bytes that were put, whatever they hold."""
    await engine.apply(Changeset((order("o1", document=document),), (), (event("o1", document=document),)))
    row = await stored_order(engine, "o1")
    assert row is not None
    assert type(row[1]) is bytes
    assert row[1] == document


async def test_promoted_values_come_back_as_put(engine: Engine) -> None:
    """Text, integers and absent values of promoted columns keep their value and type."""
    await engine.apply(Changeset((order("o1", key="schlüssel '👕'", date=-62_135_596_800_000),)))
    await engine.apply(Changeset((order("o2", consumer="", date=253_402_300_799_999),)))
    first, second = await stored_order(engine, "o1"), await stored_order(engine, "o2")
    assert first is not None
    assert second is not None
    assert list(first) == [1, b'{"id":"o1","version":1}', "OPEN", "schlüssel '👕'", None, -62_135_596_800_000]
    assert list(second) == [1, b'{"id":"o2","version":1}', "OPEN", None, "", 253_402_300_799_999]


async def test_an_unknown_id_is_no_row(engine: Engine) -> None:
    """Reading what is not there answers None."""
    assert await stored_order(engine, "nobody") is None


async def test_an_update_with_the_stored_version_replaces_everything(engine: Engine) -> None:
    """The next version replaces the document and every promoted column."""
    await engine.apply(Changeset((order("o1", key="k1", consumer="c1"),)))
    await engine.apply(Changeset((order("o1", 2, status="LOCKED", key="k2", date=NOW + 1),)))
    row = await stored_order(engine, "o1")
    assert row is not None
    assert list(row) == [2, b'{"id":"o1","version":2}', "LOCKED", "k2", None, NOW + 1]


@pytest.mark.parametrize("expected", [1, 3, 9_223_372_036_854_775_807])
async def test_an_update_with_another_version_is_stale_and_changes_nothing(engine: Engine, expected: int) -> None:
    """Only the stored version can be replaced, neither an older nor a later one."""
    await engine.apply(Changeset((order("o1"),)))
    await engine.apply(Changeset((order("o1", 2),)))
    before = await stored_order(engine, "o1")
    with pytest.raises(Stale) as caught:
        await engine.apply(Changeset((order("o1", 4, expected=expected),)))
    assert (caught.value.table, caught.value.id) == ("orders", "o1")
    assert await stored_order(engine, "o1") == before


async def test_an_update_of_nothing_is_stale(engine: Engine) -> None:
    """A document that is not there cannot be replaced, and does not come to be."""
    with pytest.raises(Stale):
        await engine.apply(Changeset((order("o1", 2),)))
    assert await counts(engine) == Counts()


async def test_a_creation_of_what_exists_is_stale_and_changes_nothing(engine: Engine) -> None:
    """An id is given once."""
    await engine.apply(Changeset((order("o1", document=b'{"first":true}'),)))
    with pytest.raises(Stale) as caught:
        await engine.apply(Changeset((order("o1", document=b'{"first":false}'),)))
    assert (caught.value.table, caught.value.id) == ("orders", "o1")
    row = await stored_order(engine, "o1")
    assert row is not None
    assert row[1] == b'{"first":true}'


async def test_a_drop_with_the_stored_version_removes_the_document(engine: Engine) -> None:
    """A dropped document is gone, and its id may be used again."""
    await engine.apply(Changeset((order("o1"), order("o2"))))
    await engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, "o1", 1),)))
    assert await stored_order(engine, "o1") is None
    assert await counts(engine) == Counts(orders=1)
    await engine.apply(Changeset((order("o1"),)))
    assert await counts(engine) == Counts(orders=2)


@pytest.mark.parametrize(("name", "expected"), [("o1", 2), ("o2", 1)])
async def test_a_drop_with_another_version_is_stale_and_removes_nothing(
    engine: Engine, name: str, expected: int
) -> None:
    """Neither a document in another version nor one that is not there can be dropped."""
    await engine.apply(Changeset((order("o1"),)))
    with pytest.raises(Stale) as caught:
        await engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, name, expected),)))
    assert (caught.value.table, caught.value.id) == ("orders", name)
    assert await counts(engine) == Counts(orders=1)


async def test_the_same_id_lives_in_each_tenant_and_table_by_itself(engine: Engine) -> None:
    """Tenants do not see each other's documents, nor do tables."""
    await engine.apply(Changeset((order("same", document=b'{"of":"acme"}'), plain("same"))))
    await engine.apply(Changeset((order("same", document=b'{"of":"other"}', tenant="other"),)))
    await engine.apply(Changeset((order("same", 2, document=b'{"of":"other","v":2}', tenant="other"),)))
    mine, theirs = await stored_order(engine, "same"), await stored_order(engine, "same", "other")
    assert mine is not None
    assert theirs is not None
    assert (mine[0], mine[1]) == (1, b'{"of":"acme"}')
    assert (theirs[0], theirs[1]) == (2, b'{"of":"other","v":2}')
    assert await stored_order(engine, "same", "third") is None
    with pytest.raises(Stale):
        await engine.apply(Changeset(drops=(Drop(ORDERS, "third", "same", 1),)))
    assert await counts(engine) == Counts(orders=2, configurations=1)


async def test_ids_compare_by_bytes(engine: Engine) -> None:
    """Ids that differ in case, accents or trailing spaces are different, and sort by their bytes."""
    names = ["a", "A", "ä", "a ", "á", "Z"]
    await engine.apply(Changeset(tuple(plain(name) for name in names)))
    for name in names:
        assert await stored_plain(engine, name) is not None
    assert await stored_plain(engine, "a  ") is None


@pytest.mark.parametrize(
    "changeset",
    [
        Changeset((order("o1", key="a\0b"),)),
        Changeset((order("a\0b"),)),
        Changeset((order("o1", document=b'"\0"'),)),
        Changeset((order("o1"),), (), (event("o1", event_id="\0"),)),
        Changeset((order("o1"),), (), (event("o1", document=b'"\0"'),)),
        Changeset((order("o1"),), (), (event("o1", detail=b'"\0"'),)),
        Changeset((order("o1"),), (), (), (timer("o1", kind="\0"),)),
        Changeset((order("o1"),), (Drop(ORDERS, TENANT, "\0", 1),)),
    ],
)
async def test_the_character_nul_is_refused(engine: Engine, changeset: Changeset) -> None:
    """A text with U+0000 is refused wherever it stands, since one of the engines could not keep it."""
    with pytest.raises(Invalid):
        await engine.apply(changeset)
    assert await counts(engine) == Counts()


async def test_a_read_with_nul_is_refused(engine: Engine) -> None:
    """No stored text holds U+0000, so asking for one is a mistake of the caller."""
    with pytest.raises(Invalid):
        await stored_order(engine, "a\0b")


@pytest.mark.parametrize("key", ["x" * 2_001, "ü" * 1_001, "👕" * 501])
async def test_a_promoted_text_that_no_index_can_hold_is_refused(engine: Engine, key: str) -> None:
    """More than 2,000 bytes in a promoted column are refused."""
    with pytest.raises(Invalid):
        await engine.apply(Changeset((order("o1", key=key),)))
    assert await counts(engine) == Counts()


@pytest.mark.parametrize("key", ["x" * 2_000, "ü" * 1_000, "👕" * 500])
async def test_a_promoted_text_of_the_largest_size_is_kept(engine: Engine, key: str) -> None:
    """2,000 bytes in a promoted column are kept."""
    await engine.apply(Changeset((order("o1", key=key),)))
    row = await stored_order(engine, "o1")
    assert row is not None
    assert row[3] == key


@pytest.mark.parametrize("date", [2**63, -(2**63) - 1])
async def test_an_integer_of_more_than_64_bits_is_refused(engine: Engine, date: int) -> None:
    """A number that the column cannot hold is refused, not cut."""
    with pytest.raises(Invalid):
        await engine.apply(Changeset((order("o1", date=date),)))
    assert await counts(engine) == Counts()


async def test_half_a_surrogate_pair_is_refused(engine: Engine) -> None:
    """Text that is no Unicode is refused in writes and in reads."""
    with pytest.raises(Invalid):
        await engine.apply(Changeset((order("o1", key="\ud800"),)))
    with pytest.raises(Invalid):
        await stored_order(engine, "\ud800")
    assert await counts(engine) == Counts()


@pytest.mark.parametrize(
    "put",
    [
        order("o1", status="BAD"),
        order("o1", status=""),
        order("o1", tenant=""),
        order(""),
        order("o1", 0),
        Put(ORDERS, TENANT, "o1", None, 1, b"{}", (None, None, None, NOW, None, NOW, False)),
        Put(ORDERS, TENANT, "o1", None, 1, b"{}", ("OPEN", None, None, None, None, NOW, False)),
        Put(PLAIN, "", "o1", None, 1, b"{}"),
        Put(ANYBODY, TENANT, "", None, 1, b"{}"),
    ],
)
async def test_the_schema_refuses_what_no_rule_lets_through(engine: Engine, put: Put) -> None:
    """A bad status, an empty id or tenant, a version below 1 or a missing value is a bug, told as such."""
    with pytest.raises(RefusedBySchema):
        await engine.apply(Changeset((put,)))
    assert await counts(engine) == Counts()


async def test_what_the_schema_says_holds_no_value_of_the_row(engine: Engine) -> None:
    """The message of a broken constraint can be logged: no personal data is in it."""
    with pytest.raises(RefusedBySchema) as caught:
        await engine.apply(Changeset((order("o1", status="BAD", consumer="erika@example.com", document=b'"Erika"'),)))
    assert "erika" not in str(caught.value).lower()
    assert "status" in str(caught.value)
