"""Where cancelation reasons are kept."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, ColumnValue, Table
from opendoms.kernel.decision import Document

CANCELATION_REASONS: Final = Table(
    "cancelation_reasons",
    columns=(Column("reason", "text"),),
    unique=(("cancelation_reasons_reason", ("tenant", "reason")),),
)


def promoted(document: Document) -> tuple[ColumnValue, ...]:
    """The values of CANCELATION_REASONS.columns for a document."""
    return (document["reason"],)


CANCELATION_REASON: Final = Entity("CANCELATION_REASON", CANCELATION_REASONS, promoted)
QUERIES: Final = Queries("opendoms.cancelation")
