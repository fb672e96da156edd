"""Where identity is kept. No events are written for these tables: history must hold neither secrets nor hashes."""

from __future__ import annotations

from typing import Final

from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, Table

SIGNING_KEYS: Final = Table("signing_keys")
USERS: Final = Table("users", columns=(Column("email", "text"),), unique=(("users_email", ("email",)),))

QUERIES: Final = Queries("opendoms.identity")
