"""Writes stock levels to SQLite, where one writer comes after the other, so that a guard is all that it takes."""

from __future__ import annotations

import sqlite3
from typing import Final

from opendoms.db.levels import COLUMNS, GUARD, KEY, SETS, TABLE, changes_of, opened_of
from opendoms.kernel.changeset import Changeset, Short, Stale

_NAMES: Final = {"level": "", "given": ":"}
_CHANGE: Final = (
    f"update {TABLE} set {SETS.format(**_NAMES)}"
    f" where {' and '.join(f'{name} = :{name}' for name in KEY)} and {GUARD.format(**_NAMES)}"
)
_OPEN: Final = (
    f"insert into {TABLE} (tenant, facility_ref, tenant_article_id, on_hand, safety, reserved, restocked)"
    " values (?, ?, ?, ?, ?, 0, 1) on conflict do nothing"
)


def change_levels(connection: sqlite3.Connection, changeset: Changeset) -> None:
    """Applies holds and restocks. Raises Short, or Stale where a level that is to be made is there already."""
    for change in changes_of((changeset,)):
        values = dict(zip(COLUMNS, change, strict=True))
        if connection.execute(_CHANGE, values).rowcount != 1:
            raise Short(change.facility_ref, change.tenant_article_id)
    for level in opened_of((changeset,)):
        if connection.execute(_OPEN, level[:5]).rowcount != 1:
            raise Stale(TABLE, level.tenant_article_id)
