"""Where configurations are kept: one document per tenant and kind, its id the kind."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Table

CONFIGURATIONS: Final = Table("configurations")
CONFIGURATION: Final = Entity("CONFIGURATION", CONFIGURATIONS)
QUERIES: Final = Queries("opendoms.configuration")
