"""Where the clocks of sandboxes are kept, and when timers are next due; timers are written by every changeset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Table
from opendoms.kernel.document import decode
from opendoms.timers.sandbox_clock import CLOCK_ID, OwnTime, time_of

SANDBOX_CLOCKS: Final = Table("sandbox_clocks")
SANDBOX_CLOCK: Final = Entity("SANDBOX_CLOCK", SANDBOX_CLOCKS)
QUERIES: Final = Queries("opendoms.timers")

# Tenants of one sandbox that may set a clock of their own: all clocks are held in memory, and looked at one by one.
CLOCKS_MAX: Final = 1_000
# Of so many timers that are due and not free it is found out when the first one is; behind them the regular looks come.
OVERDUE_MAX: Final = 1_000


class Whose(NamedTuple):
    """The tenants that share a clock: one, or all but some."""

    tenant: str | None = None
    without: Sequence[str] = ()


class NextLook(NamedTuple):
    """When to look again: instants in ms, None where there is nothing to wait for.

    `due` is by the tenants' clock: the next timer that will be due. `free` is by the machine's: when a timer that is
    due already may be claimed (again).
    """

    due: int | None
    free: int | None


async def next_look(db: Engine, kinds: Sequence[str], due_by: int, whose: Whose) -> NextLook:
    """When to look again after a look that found nothing to claim at `due_by`, by the clock of those tenants."""
    (row,) = await db.rows(
        QUERIES.next_look,
        {
            "kinds": list(kinds),
            "due_by": due_by,
            "tenant": whose.tenant,
            "without": list(whose.without),
            "size": OVERDUE_MAX,
        },
    )
    return NextLook(*row)


async def due_after(db: Engine, kinds: Sequence[str], tenant: str, due_by: int, size: int) -> int | None:
    """Where more than `size` timers of a tenant are due by an instant: when the first one beyond them is."""
    rows = await db.rows(QUERIES.due_after, {"kinds": list(kinds), "tenant": tenant, "due_by": due_by, "size": size})
    return int(rows[0][0]) if rows else None


async def sandbox_clock(db: Engine, tenant: str) -> OwnTime | None:
    """The clock of a tenant, None where it was never set."""
    row = await db.row(QUERIES.sandbox_clock, {"tenant": tenant, "id": CLOCK_ID})
    return time_of(decode(row[0])) if row is not None else None


async def sandbox_clocks(db: Engine) -> list[tuple[str, OwnTime]]:
    """Every tenant who has set a clock."""
    rows = await db.rows(QUERIES.sandbox_clocks, {"size": CLOCKS_MAX})
    return [(row[0], time_of(decode(row[1]))) for row in rows]
