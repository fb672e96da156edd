"""Where configurations are kept: one document per tenant and kind, its id the kind."""

from __future__ import annotations

from typing import Final

from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Table

KIND: Final = "CONFIGURATION"
CONFIGURATIONS: Final = Table("configurations")
QUERIES: Final = Queries("opendoms.configuration")
