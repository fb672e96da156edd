"""Writes stock levels to SQLite, where one writer comes after the other, so that a guard is all that it takes."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from opendoms.db.levels import COLUMNS, GUARD, KEY, SETS, TABLE, changes_of, opened_of
from opendoms.kernel.changeset import Changeset, Short, Stale

_NAMES: Final = {"level": "", "given": ":"}
_CHANGE: Final = (
    f"update {TABLE} set {SETS.format(**_NAMES)}"
    f" where {' and '.join(f'{name} = :{name}' for name in KEY)} and {GUARD.format(**_NAMES)}"
)
# Many changes at once, from a JSON array of their values; the levels that were changed.
_GIVEN: Final = ", ".join(f"json_extract(value, '$[{place}]') as {name}" for place, name in enumerate(COLUMNS))
_CHANGE_MANY: Final = (
    f"update {TABLE} as level set {SETS.format(level='level.', given='given.')}"
    f" from (select {_GIVEN} from json_each(?)) as given"
    f" where {' and '.join(f'level.{name} = given.{name}' for name in KEY)}"
    f" and {GUARD.format(level='level.', given='given.')}"
    f" returning {', '.join(f'{name}' for name in KEY)}"
)
# From so many on, one statement for all of them.
_MANY: Final = 3
_OPEN: Final = (
    f"insert into {TABLE} (tenant, facility_ref, tenant_article_id, on_hand, safety, reserved, restocked)"
    " values (?, ?, ?, ?, ?, 0, 1) on conflict do nothing"
)


def change_levels(connection: sqlite3.Connection, changeset: Changeset) -> None:
    """Applies holds and restocks. Raises Short, or Stale where a level that is to be made is there already."""
    changes = changes_of((changeset,))
    if len(changes) >= _MANY:
        changed = connection.execute(_CHANGE_MANY, (json.dumps(changes),)).fetchall()
        if len(changed) != len(changes):
            done = {tuple(row) for row in changed}
            short = next(change for change in changes if change[: len(KEY)] not in done)
            raise Short(short.facility_ref, short.tenant_article_id)
        changes = []
    for change in changes:
        values = dict(zip(COLUMNS, change, strict=True))
        if connection.execute(_CHANGE, values).rowcount != 1:
            raise Short(change.facility_ref, change.tenant_article_id)
    for level in opened_of((changeset,)):
        if connection.execute(_OPEN, level[:5]).rowcount != 1:
            raise Stale(TABLE, level.tenant_article_id)
