"""Where the reasons of promises are kept, beside the orders that they are of."""

from __future__ import annotations

from typing import Final

from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, Table

EXPLANATIONS: Final = Table("promise_explanations", columns=(Column("facts", "bytes"),))
# Reasons are written once.
EXPLANATION_VERSION: Final = 1

QUERIES: Final = Queries("opendoms.promises")
