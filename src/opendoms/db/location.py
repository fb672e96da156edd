"""Reads a database URL. What it says about a wrong one never repeats the URL, since that may hold a password."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

_EXPECTED: Final = "sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host:port/name"


class SqliteLocation(NamedTuple):
    """A file; a relative path starts at the working directory."""

    path: Path


class PostgresLocation(NamedTuple):
    """A server and database, as asyncpg reads them from a URL."""

    dsn: str

    def __repr__(self) -> str:
        return "PostgresLocation(…)"


Location = SqliteLocation | PostgresLocation


def location_of(url: str) -> Location:
    """Where a URL leads. Raises ValueError with one sentence that can be shown."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise ValueError(f"The database URL must look like {_EXPECTED}.")
    if scheme == "sqlite":
        path = unquote(rest.removeprefix("/"))
        if not rest.startswith("/") or not path or "\0" in path or path.endswith("/"):
            raise ValueError(
                "The SQLite URL must name a file after three slashes: sqlite:///relative/path or sqlite:////absolute/path."
            )
        return SqliteLocation(Path(path))
    if scheme in ("postgresql", "postgres"):
        return _postgres(url)
    raise ValueError(f"The database URL has an unknown scheme; it must look like {_EXPECTED}.")


def _postgres(url: str) -> PostgresLocation:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("The host or port in the PostgreSQL URL cannot be read.") from None
    if not parts.path.strip("/"):
        raise ValueError("The PostgreSQL URL must name a database: postgresql://user:password@host:port/name.")
    return PostgresLocation(url)
