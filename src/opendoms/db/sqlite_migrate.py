"""Migrates a SQLite file. Everything here blocks: call it in a thread."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from opendoms.db.engine import SchemaMismatch
from opendoms.db.outcome import unreachable
from opendoms.db.reindex import BUILT, require_built
from opendoms.db.schema_version import APPLIED, Migration, MigrationFailed, missing, record_of, require_current, shipped
from opendoms.db.sqlite_file import connect, create, is_bug, use_log
from opendoms.kernel.changeset import Table

# A process waits this long for another that is migrating, in ms.
WAIT_MS: Final = 60_000

_CACHE_KIB: Final = 8_192
_RECORD_TABLE: Final = (
    "create table if not exists schema_migrations"
    " (number integer not null primary key, name text not null, applied_at integer not null)"
)


def check_sqlite(path: Path, tables: Sequence[Table]) -> None:
    """Raises SchemaMismatch where the file is missing, has another schema, or an index is not whole. Blocks."""
    if not path.exists():
        raise SchemaMismatch(f"There is no file {path}. `opendoms migrate` with the same database URL makes one.")
    require_current(applied_sqlite(path), shipped("sqlite"))
    require_built(tables, built_sqlite(path))


def built_sqlite(path: Path) -> list[tuple[str, ...]]:
    """What search indexes were built with: rows of BUILT. Blocks."""
    try:
        with contextlib.closing(connect(path, writes=False, cache_kib=_CACHE_KIB)) as connection:
            return connection.execute(BUILT).fetchall()
    except sqlite3.Error as error:
        raise unreachable() from error


def applied_sqlite(path: Path) -> list[int]:
    """The numbers of the migrations that are applied; none where there is no file."""
    if not path.exists():
        return []
    try:
        with contextlib.closing(connect(path, writes=False, cache_kib=_CACHE_KIB)) as connection:
            return _numbers(connection)
    except sqlite3.Error as error:
        raise unreachable() from error


def _numbers(connection: sqlite3.Connection) -> list[int]:
    known = "select 1 from sqlite_master where type = 'table' and name = 'schema_migrations'"
    if connection.execute(known).fetchone() is None:
        return []
    return [number for (number,) in connection.execute(APPLIED)]


def migrate_sqlite(path: Path, migrations: Sequence[Migration]) -> list[str]:
    """Applies what is missing of these to a file, made if need be. Returns the names. Blocks."""
    try:
        create(path)
        with contextlib.closing(connect(path, writes=True, cache_kib=_CACHE_KIB, busy_ms=WAIT_MS)) as connection:
            use_log(connection)
            done: list[str] = []
            while (name := _apply_next_sqlite(connection, migrations)) is not None:
                done.append(name)
            return done
    except OSError as error:
        raise unreachable() from error
    except sqlite3.Error as error:
        raise unreachable() from error


def _apply_next_sqlite(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> str | None:
    connection.execute("begin immediate")
    try:
        connection.execute(_RECORD_TABLE)
        following = missing(_numbers(connection), migrations)
        if following:
            _run_sqlite(connection, following[0])
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return following[0].name if following else None


def _run_sqlite(connection: sqlite3.Connection, migration: Migration) -> None:
    try:
        for statement in statements(migration.sql):
            connection.execute(statement)
    except sqlite3.Error as error:
        if is_bug(error) or isinstance(error, sqlite3.IntegrityError):
            raise MigrationFailed(f"Migration {migration.name} failed and left nothing: {error}.") from error
        raise
    connection.execute("insert into schema_migrations values (?, ?, ?)", record_of(migration))


def statements(script: str) -> Iterator[str]:
    """The statements of a SQLite script. A semicolon inside a trigger, a text or a comment ends nothing."""
    begun = ""
    for part in re.split(r"(?<=;)", script):
        begun += part
        if sqlite3.complete_statement(begun):
            yield begun.strip()
            begun = ""
    if re.sub(r"--[^\n]*", "", begun).strip():
        raise sqlite3.ProgrammingError("the last statement of the script does not end")
