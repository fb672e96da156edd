"""The reads of history."""

from __future__ import annotations

from typing import Final

from opendoms.db.sqlfile import Queries

QUERIES: Final = Queries("opendoms.history")
NEWS: Final = Queries("opendoms.history", "news.sql")
