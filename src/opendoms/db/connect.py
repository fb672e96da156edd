"""Makes the engine that a database URL asks for."""

from __future__ import annotations

from opendoms.db.engine import Engine
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.postgres import CONNECTIONS, PostgresEngine
from opendoms.db.sqlite import SqliteEngine


def engine_for(url: str, *, connections: int = CONNECTIONS) -> Engine:
    """The engine of a URL, not yet open. `connections` is for PostgreSQL only. Raises ValueError for a wrong URL."""
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        return SqliteEngine(location.path)
    return PostgresEngine(location.dsn, connections=connections)
