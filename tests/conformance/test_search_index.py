"""The search index: a document stands in it by exactly its terms, from the commit that writes the document on."""

from __future__ import annotations

import asyncio
import random
from typing import Any, Final

import pytest

from opendoms.db.engine import Engine, RefusedBySchema
from opendoms.db.search_key import KEY_MOMENT_MAX, KEY_MOMENT_MIN
from opendoms.kernel.changeset import Changeset, Drop, Entry, Put, Stale, Taken
from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Invalid
from tests.conformance.changesets import TENANT, order
from tests.conformance.searchable import MOMENT, ORDERS, assert_index_is_right, index_stored, term
from tests.databases import run_sql


def found_by(name: str, version: int = 1, *, tenant: str = TENANT, **members: Any) -> Put:
    """An order with these members, by which it is found."""
    return order(name, version, tenant=tenant, document=encode({"id": name, **members}))


def words(tenant: str, *given: str) -> frozenset[int]:
    """The terms of these words and of everything."""
    return frozenset(term(tenant, word) for word in ("everything", *given))


async def apply(engine: Engine, *puts: Put) -> None:
    """Writes these in one changeset."""
    await engine.apply(Changeset(puts))


async def test_a_document_is_in_the_index_as_long_as_it_is_stored(engine: Engine, database_url: str) -> None:
    """A creation adds the entry, an edit changes exactly what differs, a removal takes it away."""
    await apply(engine, found_by("o1", words=["red", "green"]), found_by("o2"))
    assert await index_stored(database_url) == {
        (TENANT, "o1"): (MOMENT, words(TENANT, "id=o1", "red", "green")),
        (TENANT, "o2"): (MOMENT, words(TENANT, "id=o2")),
    }
    await apply(engine, found_by("o1", 2, words=["green", "blue"]))
    assert (await index_stored(database_url))[TENANT, "o1"] == (MOMENT, words(TENANT, "id=o1", "green", "blue"))
    await apply(engine, found_by("o1", 3))
    assert (await index_stored(database_url))[TENANT, "o1"] == (MOMENT, words(TENANT, "id=o1"))
    await engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, "o1", 3),)))
    assert await index_stored(database_url) == {(TENANT, "o2"): (MOMENT, words(TENANT, "id=o2"))}


async def test_an_entry_may_be_given(engine: Engine, database_url: str) -> None:
    """Who has computed the entry already hands it in; it is the one that is stored, an empty one too."""
    given = Entry(MOMENT + 5, (-(2**63), -1, 0, 7, 2**63 - 1))
    await apply(engine, found_by("o1")._replace(entry=given))
    assert await index_stored(database_url) == {(TENANT, "o1"): (given.moment, frozenset(given.terms))}
    await engine.apply(Changeset((found_by("none")._replace(entry=Entry(MOMENT, ())),)))
    known = "select count(*) from orders" if engine.name == "sqlite" else "select count(*) from order_search"
    assert await run_sql(database_url, known) == [(2,)]
    # The look behind this test asks for what the documents say.
    await run_sql(database_url, "delete from orders")
    await run_sql(
        database_url,
        "insert into order_search (order_search) values ('delete-all')"
        if engine.name == "sqlite"
        else "delete from order_search",
    )


@pytest.mark.parametrize(
    "entry", [Entry(2**63, ()), Entry(0, (2**63,)), Entry(-(2**63) - 1, ()), Entry(0, (-(2**64),))]
)
async def test_numbers_that_no_index_holds_are_refused(engine: Engine, database_url: str, entry: Entry) -> None:
    """A moment or a term of more than 64 bits is refused on both engines alike, and nothing is written."""
    with pytest.raises(Invalid):
        await apply(engine, found_by("fine"), found_by("bad")._replace(entry=entry))
    assert await index_stored(database_url) == {}
    assert await run_sql(database_url, "select id from orders") == []


async def test_tenants_have_entries_of_their_own(engine: Engine, database_url: str) -> None:
    """The same order of fifty tenants stands in the index fifty times, and no two share a term."""
    tenants = [f"tenant{number}" for number in range(50)]
    await asyncio.gather(*(apply(engine, found_by("same", tenant=tenant, words=["red"])) for tenant in tenants))
    await asyncio.gather(
        *(apply(engine, found_by("same", 2, tenant=tenant, words=["blue"])) for tenant in tenants[:20])
    )
    await asyncio.gather(
        *(engine.apply(Changeset(drops=(Drop(ORDERS, tenant, "same", 1),))) for tenant in tenants[40:])
    )
    stored = await index_stored(database_url)
    assert stored == {
        (tenant, "same"): (MOMENT, words(tenant, "id=same", "blue" if number < 20 else "red"))
        for number, tenant in enumerate(tenants[:40])
    }
    assert len(frozenset().union(*(terms for _, terms in stored.values()))) == 40 * 3


MOMENTS: Final = [0, -1, 1, -86_400_000, 2**53, KEY_MOMENT_MAX, KEY_MOMENT_MIN, KEY_MOMENT_MAX + 1, 2**63 - 1, -(2**63)]


async def test_moments_of_all_times(engine: Engine, database_url: str) -> None:
    """Before 1970, beyond 2248, equal and moved: every order keeps a place of its own, in the order of moments."""
    puts = [found_by(f"o{number}", moment=moment) for number, moment in enumerate(MOMENTS)]
    twins = [put._replace(id=f"{put.id}-twin") for put in puts]
    await apply(engine, *puts)
    await apply(engine, *twins)
    await assert_index_is_right(database_url)
    if engine.name == "sqlite":
        keys = await run_sql(database_url, "select search_key, id from orders order by search_key")
        assert len({key for key, _ in keys}) == 2 * len(MOMENTS)
        in_order = [MOMENTS[int(name.removesuffix("-twin")[1:])] for _, name in keys]
        clamped = [max(KEY_MOMENT_MIN, min(KEY_MOMENT_MAX, moment)) for moment in in_order]
        assert clamped == sorted(clamped)
    moved = [found_by(f"o{number}", 2, moment=moment) for number, moment in enumerate(reversed(MOMENTS))]
    await apply(engine, *moved)
    await assert_index_is_right(database_url)
    await engine.apply(Changeset(drops=tuple(Drop(ORDERS, TENANT, put.id, 1) for put in twins)))
    assert len(await index_stored(database_url)) == len(MOMENTS)


async def test_a_document_may_have_thousands_of_terms(engine: Engine, database_url: str) -> None:
    """Five thousand terms are stored, changed in part, and removed."""
    many = [f"word{number}" for number in range(5_000)]
    await apply(engine, found_by("o1", words=many), found_by("o2"))
    await apply(engine, found_by("o1", 2, words=[*many[1_000:], "new"]))
    assert (await index_stored(database_url))[TENANT, "o1"][1] == words(TENANT, "id=o1", "new", *many[1_000:])
    await engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, "o1", 2),)))
    assert {name for _, name in await index_stored(database_url)} == {"o2"}


async def test_an_equal_entry_is_not_written_again(engine: Engine, database_url: str) -> None:
    """An edit that changes no term leaves the index as it lies on the disk."""
    await apply(engine, *(found_by(f"o{number}", words=["red"]) for number in range(5)))
    physical = (
        "select id, block from order_search_data order by id"
        if engine.name == "sqlite"
        else "select ctid::text, xmin::text, id from order_search order by id"
    )
    before = await run_sql(database_url, physical)
    await apply(engine, found_by("o1", 2, words=["red"]), found_by("o2", 2, words=["red", "red"]))
    assert await run_sql(database_url, physical) == before
    await apply(engine, found_by("o1", 3, words=["blue"]))
    assert await run_sql(database_url, physical) != before


async def test_a_refused_changeset_leaves_the_index_untouched(engine: Engine, database_url: str) -> None:
    """Stale, taken or impossible: what a refused changeset would have indexed, changed or removed stays as it was."""
    held = ("OPEN", "held", None, 0, None, 0, False)
    await apply(engine, found_by("o1", words=["red"])._replace(values=held), found_by("o2"))
    before = await index_stored(database_url)
    gone = (Drop(ORDERS, TENANT, "o2", 1),)
    fresh, edited = found_by("o3", words=["blue"]), found_by("o1", 2, words=["green"])._replace(values=held)
    for puts, drops, refusal in (
        ((fresh, edited, found_by("o2", 3)), (), Stale),
        ((fresh, edited, found_by("o2")), (), Stale),
        ((fresh, edited), (Drop(ORDERS, TENANT, "o2", 2),), Stale),
        ((edited, fresh._replace(values=held)), gone, Taken),
        ((edited, fresh._replace(values=("BAD", None, None, 0, None, 0, False))), gone, RefusedBySchema),
    ):
        with pytest.raises(refusal):
            await engine.apply(Changeset(puts, drops))
        assert await index_stored(database_url) == before
    await engine.apply(Changeset((fresh, edited), gone))
    assert {name for _, name in await index_stored(database_url)} == {"o1", "o3"}


async def test_changesets_that_share_a_commit_each_reach_the_index(engine: Engine, database_url: str) -> None:
    """Hundreds of random creations, edits and removals at once, some of them refused: the index is what is stored."""
    rng = random.Random(4)  # noqa: S311 - the same changesets in every run
    versions = {f"o{number}": 1 for number in range(60)}
    await apply(engine, *(found_by(name, moment=MOMENT + rng.randrange(3)) for name in versions))

    async def work(name: str) -> int:
        refused = 0
        for _ in range(5):
            version = versions[name]
            kind = rng.randrange(6)
            members: dict[str, Any] = {
                "words": rng.sample(["a", "b", "c", "d"], 2),
                "moment": MOMENT + rng.randrange(3),
            }
            try:
                if version == 0:
                    await apply(engine, found_by(name, **members))
                    versions[name] = 1
                elif kind == 0:
                    await engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, name, version),)))
                    versions[name] = 0
                elif kind == 1:
                    await apply(engine, found_by(f"{name}-{rng.random()}", **members), found_by(name, version + 2))
                else:
                    await apply(engine, found_by(name, version + 1, **members))
                    versions[name] += 1
            except Stale:
                refused += 1
        return refused

    assert sum(await asyncio.gather(*map(work, versions))) >= 10
    await assert_index_is_right(database_url)
    live = {name for name, version in versions.items() if version}
    assert {name for _, name in await index_stored(database_url)} == live


async def test_one_document_that_changes_many_times_in_a_commit(engine: Engine, database_url: str) -> None:
    """Created, edited, removed and created again by changesets that are handed in together."""
    steps = [
        Changeset((found_by("o1", words=["a"]),)),
        Changeset((found_by("o1", 2, words=["b"], moment=MOMENT + 1),)),
        Changeset((found_by("o1", 3, words=["a"]),)),
        Changeset(drops=(Drop(ORDERS, TENANT, "o1", 3),)),
        Changeset((found_by("o2", words=["c"]),)),
        Changeset((found_by("o1", words=["d"]),)),
        Changeset((found_by("o1", 2, words=["d", "e"]),)),
    ]
    assert await asyncio.gather(*map(engine.apply, steps)) == [None] * len(steps)
    assert await index_stored(database_url) == {
        (TENANT, "o1"): (MOMENT, words(TENANT, "id=o1", "d", "e")),
        (TENANT, "o2"): (MOMENT, words(TENANT, "id=o2", "c")),
    }


async def test_many_documents_in_one_changeset_are_all_found(engine: Engine, database_url: str) -> None:
    """A thousand orders of one moment are indexed together, changed together and removed together."""
    names = [f"o{number:04}" for number in range(1_000)]
    await apply(engine, *(found_by(name) for name in names))
    assert len(await index_stored(database_url)) == 1_000
    await apply(engine, *(found_by(name, 2, words=["red"]) for name in names))
    assert {terms for _, terms in (await index_stored(database_url)).values()} == {
        words(TENANT, f"id={name}", "red") for name in names
    }
    await engine.apply(Changeset(drops=tuple(Drop(ORDERS, TENANT, name, 2) for name in names)))
    assert await index_stored(database_url) == {}


async def test_an_index_that_lacks_a_document_gets_it_by_the_next_write(engine: Engine, database_url: str) -> None:
    """An order that was written past the hub, and so is not in the index, comes into it when it is edited."""
    await apply(engine, found_by("o1"), found_by("o2"))
    if engine.name == "sqlite":
        await run_sql(
            database_url,
            "insert into order_search (order_search) values ('delete-all')",
            "update orders set search_key = null",
        )
    else:
        await run_sql(database_url, "delete from order_search")
    await apply(engine, found_by("o1", 2, words=["red"]))
    await engine.apply(Changeset(drops=(Drop(ORDERS, TENANT, "o2", 1),)))
    assert await index_stored(database_url) == {(TENANT, "o1"): (MOMENT, words(TENANT, "id=o1", "red"))}
