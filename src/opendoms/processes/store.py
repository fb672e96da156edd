"""Where what was said about processes is kept: beside their orders, one row for each that anything was said about."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Table

PROCESSES: Final = Table("processes")
PROCESS: Final = Entity("PROCESS", PROCESSES)
QUERIES: Final = Queries("opendoms.processes")
