"""The parts of a grouped statement that write stock levels, and which level was too low when it was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.levels import COLUMNS, GUARD, KEY, SETS, TABLE, changes_of, opened_of
from opendoms.db.postgres_link import LinkLost, Links
from opendoms.kernel.changeset import Changeset, Short
from opendoms.kernel.refusal import Unavailable

# Raised by opendoms_enough: a level is lower than what is asked of it.
TOO_LOW: Final = "OD003"

_TYPES: Final = ("text[]", *["text[]"] * 2, *["bigint[]"] * 6)
CHANGE_COLUMNS: Final = tuple(zip(COLUMNS, _TYPES, strict=True))
OPEN_COLUMNS: Final = (
    ("tenant", "text[]"),
    ("facility_ref", "text[]"),
    ("tenant_article_id", "text[]"),
    ("on_hand", "bigint[]"),
    ("safety", "bigint[]"),
)

_NAMES: Final = {"level": "this.", "given": "given."}
_MATCHING: Final = " and ".join(f"this.{name} = given.{name}" for name in KEY)
_IS_ENOUGH: Final = (
    f"select 1 from {TABLE} as this, (select {{values}}) as given ({', '.join(COLUMNS)})"
    f" where {_MATCHING} and {GUARD.format(**_NAMES)}"
)
_ASKED: Final = ", ".join(
    f"${place}::{array.removesuffix('[]')}" for place, (_, array) in enumerate(CHANGE_COLUMNS, start=1)
)


def change_text(given: str) -> str:
    """The update of levels; `given` is the unnest of CHANGE_COLUMNS."""
    return (
        f"update {TABLE} as this set {SETS.format(**_NAMES)} from {given}"
        f" where {_MATCHING} and {GUARD.format(**_NAMES)} returning 1"
    )


def open_text(given: str) -> str:
    """The insert of levels; `given` is the unnest of OPEN_COLUMNS. A level that is there already is a collision."""
    names = ", ".join(name for name, _ in OPEN_COLUMNS)
    return f"insert into {TABLE} ({names}, reserved, restocked) select given.*, 0, 1 from {given}"


def change_rows(changesets: Sequence[Changeset]) -> list[tuple[Any, ...]]:
    """The rows for `change_text`: one per level, sorted."""
    return [tuple(change) for change in changes_of(changesets)]


def open_rows(changesets: Sequence[Changeset]) -> list[tuple[Any, ...]]:
    """The rows for `open_text`."""
    return [tuple(level[:5]) for level in opened_of(changesets)]


async def short_of(changeset: Changeset, links: Links) -> Short:
    """Names the level that is too low; with a single one there is nothing to ask."""
    changes = changes_of((changeset,))
    guilty = changes[0]
    for change in changes if len(changes) > 1 else ():
        try:
            link = await links.take()
            try:
                enough = await link.rows(_IS_ENOUGH.format(values=_ASKED), tuple(change))
            finally:
                links.give(link)
        except (LinkLost, Unavailable, asyncpg.PostgresError):
            break  # not known any more; the first one is named
        if not enough:
            guilty = change
            break
    return Short(guilty.facility_ref, guilty.tenant_article_id)
