"""Rows of history are rewritten by the changeset that changes their entity, and by nothing else."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Redaction, Stale
from opendoms.kernel.refusal import Invalid
from tests.conformance.changesets import TENANT, creation, edit, event, history, order


def redaction(name: str, seq: int, *, tenant: str = TENANT, kind: str = "order") -> Redaction:
    """What a row is to tell from now on."""
    return Redaction(tenant, kind, name, seq, "nobody", "why", b'{"left":%d}' % seq, b'{"d":1}' if seq == 1 else None)


async def shown(engine: Engine, name: str) -> list[tuple[object, ...]]:
    """seq, type, actor, cause, document and detail of a history."""
    return [(row[0], row[2], *row[4:]) for row in await history(engine, name)]


async def test_rows_are_rewritten_and_keep_their_place(engine: Engine) -> None:
    """Actor, cause, document and detail change; seq, id, type and time stay; others are not touched."""
    for name in ("o1", "o2"):
        await engine.apply(creation(name))
        await engine.apply(edit(name, 2))
    before = await history(engine, "o1"), await history(engine, "o2")
    await engine.apply(
        Changeset((order("o1", 3),), (), (event("o1", 3),), redactions=(redaction("o1", 1), redaction("o1", 2)))
    )
    after = await history(engine, "o1")
    assert [tuple(row[:4]) for row in after[:2]] == [tuple(row[:4]) for row in before[0]]
    assert [tuple(row[4:]) for row in after[:2]] == [
        ("nobody", "why", b'{"left":1}', b'{"d":1}'),
        ("nobody", "why", b'{"left":2}', None),
    ]
    assert [row[0] for row in after] == [1, 2, 3]
    assert await history(engine, "o2") == before[1]


async def test_what_is_not_there_is_passed_over(engine: Engine) -> None:
    """Another tenant's row, another kind's, and one that is gone: nothing is changed and nothing is refused."""
    await engine.apply(creation("o1"))
    before = await shown(engine, "o1")
    strange = (redaction("o1", 1, tenant="other"), redaction("o1", 1, kind="other"), redaction("o1", 7))
    await engine.apply(Changeset(redactions=strange))
    assert await shown(engine, "o1") == before


async def test_a_refused_changeset_rewrites_nothing(engine: Engine) -> None:
    """Where the document has moved on, history stays as it was."""
    await engine.apply(creation("o1"))
    await engine.apply(edit("o1", 2))
    before = await shown(engine, "o1")
    with pytest.raises(Stale):
        await engine.apply(
            Changeset((order("o1", 2),), (), (event("o1", 2, event_id="x"),), redactions=(redaction("o1", 1),))
        )
    with pytest.raises(Invalid):
        await engine.apply(Changeset(redactions=(redaction("o1", 1)._replace(actor="\0"),)))
    assert await shown(engine, "o1") == before


async def test_many_at_once_are_each_their_own(engine: Engine) -> None:
    """Changesets that share a commit or a statement rewrite their own rows, and a refused one takes none along."""
    names = [f"o{number}" for number in range(40)]
    await asyncio.gather(*(engine.apply(creation(name)) for name in names))
    results = await asyncio.gather(
        *(
            engine.apply(
                Changeset(
                    (order(name, 3 if number % 10 == 0 else 2),),
                    (),
                    (event(name, 2),),
                    redactions=(redaction(name, 1),),
                )
            )
            for number, name in enumerate(names)
        ),
        return_exceptions=True,
    )
    refused = [name for name, result in zip(names, results, strict=True) if isinstance(result, Stale)]
    assert refused == names[::10]
    for name in names:
        rows = await history(engine, name)
        assert (rows[0][4] == "nobody", len(rows)) == (name not in refused, 1 if name in refused else 2)
