"""Which policy a tenant has: the history of its configuration, and what the operator has set."""

from __future__ import annotations

from typing import Final

from opendoms.db.engine import Engine
from opendoms.identity.durations import parse_duration
from opendoms.kernel.document import decode
from opendoms.retention.rules.dates import Policy, timeline
from opendoms.retention.subjects import QUERIES

# So many versions of a tenant's configuration count; what was stored before the oldest of them is kept by the default.
VERSIONS_MAX: Final = 1_000
_SECOND_MS: Final = 1_000


def open_orders_after_ms(setting: str) -> int | None:
    """The age of the setting `retention_open_orders_after` in ms; None where it is empty. Raises ValueError."""
    if not setting.strip():
        return None
    try:
        return parse_duration(setting) * _SECOND_MS
    except ValueError as error:
        raise ValueError(f"retention_open_orders_after (OPENDOMS_RETENTION_OPEN_ORDERS_AFTER): {error}") from None


async def policy_of(db: Engine, tenant: str, open_after_ms: int | None) -> Policy:
    """The policy of a tenant. The names of those who acted go unless its configuration says otherwise now."""
    rows = await db.rows(QUERIES.gdpr_versions, {"tenant": tenant, "size": VERSIONS_MAX})
    versions = [(row[0], decode(row[1])) for row in reversed(rows)]
    actors = versions[-1][1].get("actorAnonymization", True) if versions else True
    return Policy(timeline(versions), open_after_ms, actors)
