"""Which migrations there are, and which of them a database still lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import Final, NamedTuple

from opendoms.db.engine import SchemaMismatch
from opendoms.db.sqlfile import EngineName
from opendoms.kernel.clock import SystemClock

# What was applied is written down in `schema_migrations`, by number.
APPLIED: Final = "select number from schema_migrations order by number"

_FILE: Final = re.compile(r"(?P<number>[0-9]{4})_(?P<name>[a-z0-9_]+)\.sql")


class Migration(NamedTuple):
    """One file. `name` is the file's name without its suffix."""

    number: int
    name: str
    sql: str


class MigrationFailed(Exception):  # noqa: N818 - told to the operator as a sentence
    """A migration could not be applied. It left nothing; those before it stay."""


def shipped(engine: EngineName) -> list[Migration]:
    """The migrations of this release in their order. Raises ValueError where a number is missing or twice."""
    folder = resources.files("opendoms.db").joinpath("migrations", engine)
    found = []
    for file in folder.iterdir():
        match = _FILE.fullmatch(file.name)
        if match is not None:
            found.append(Migration(int(match["number"]), file.name.removesuffix(".sql"), file.read_text("utf-8")))
    found.sort()
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the numbers of the {engine} migrations are not 1, 2, 3 …")
    return found


def missing(applied: Sequence[int], known: Sequence[Migration]) -> list[Migration]:
    """What is still to be applied. Raises SchemaMismatch where something is applied that this release does not know."""
    numbers = {migration.number for migration in known}
    strange = [number for number in applied if number not in numbers]
    if strange:
        raise SchemaMismatch(
            f"The database has migration {strange[-1]}, this release knows {len(known)}: a newer release migrated it."
            " Start that release, or restore a copy from before."
        )
    return [migration for migration in known if migration.number not in applied]


def require_current(applied: Sequence[int], known: Sequence[Migration]) -> None:
    """Raises SchemaMismatch where the database is older or newer than this release."""
    names = [migration.name for migration in missing(applied, known)]
    if names:
        raise SchemaMismatch(
            f"The database lacks {len(names)} migration(s), the first is {names[0]}."
            " Run `opendoms migrate` with the same database URL."
        )


def record_of(migration: Migration) -> tuple[int, str, int]:
    """The row of `schema_migrations`: number, name, instant in ms."""
    return migration.number, migration.name, SystemClock().now("")
