"""What every slice is built from, and every table of documents: all that a command needs that serves nothing.

The composition root knows the slices themselves. It is several times larger, and whoever makes a token or brings a
schema up to date does not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from opendoms.cancelation.store import CANCELATION_REASONS
from opendoms.carriers.store import CARRIERS, CONNECTIONS
from opendoms.configuration.store import CONFIGURATIONS
from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.events.store import TABLES as EVENT_TABLES
from opendoms.facilities.store import FACILITIES
from opendoms.identity.store import SIGNING_KEYS, USERS
from opendoms.inventory.store import TABLES as INVENTORY_TABLES
from opendoms.kernel.changeset import Table
from opendoms.kernel.clock import Clock, SystemClock
from opendoms.kernel.ids import NewId, new_id
from opendoms.orders.store import ORDERS
from opendoms.processes.store import PROCESSES
from opendoms.promises.store import EXPLANATIONS
from opendoms.records.store import ORDER_RECORDS
from opendoms.settings import Settings
from opendoms.tags.store import TAGS
from opendoms.timers.sandbox_clock import SandboxClock
from opendoms.timers.store import SANDBOX_CLOCKS

if TYPE_CHECKING:
    from opendoms.history.pulse import Pulse


class Hub(NamedTuple):
    """What every slice is built from."""

    db: Engine
    clock: Clock
    new_id: NewId
    settings: Settings
    pulse: Pulse | None = None  # wakes those who wait for events; there where requests are served


def tables() -> list[Table]:
    """Every table of documents; tests hold them against the schema."""
    orders = [ORDERS, PROCESSES, CONFIGURATIONS, FACILITIES, TAGS, CANCELATION_REASONS]
    core = [ORDER_RECORDS, CARRIERS, CONNECTIONS, *INVENTORY_TABLES, EXPLANATIONS, SIGNING_KEYS, USERS, SANDBOX_CLOCKS]
    return [*orders, *core, *EVENT_TABLES]


def hub_for(settings: Settings, clock: Clock | None = None) -> Hub:
    """The hub of these settings, not yet connected."""
    db = engine_for(settings.database, tables(), connections=settings.connections)
    machine = clock or SystemClock()
    return Hub(db, SandboxClock(machine) if settings.sandbox else machine, new_id, settings)
