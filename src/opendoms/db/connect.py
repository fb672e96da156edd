"""Makes the engine that a database URL asks for."""

from __future__ import annotations

from collections.abc import Sequence

from opendoms.db.engine import Engine
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.postgres import CONNECTIONS, PostgresEngine
from opendoms.db.sqlite import SqliteEngine
from opendoms.kernel.changeset import Table


def engine_for(url: str, tables: Sequence[Table] = (), *, connections: int = CONNECTIONS) -> Engine:
    """The engine of a URL, not yet open. It opens only where the search indexes of these tables are whole.

    `connections` is for PostgreSQL only. Raises ValueError for a wrong URL.
    """
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        return SqliteEngine(location.path, tables)
    return PostgresEngine(location.dsn, tables, connections=connections)
