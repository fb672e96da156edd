"""Where the clocks of sandboxes are kept; timers themselves are written by every changeset."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.kernel.changeset import Table

SANDBOX_CLOCKS: Final = Table("sandbox_clocks")
SANDBOX_CLOCK: Final = Entity("SANDBOX_CLOCK", SANDBOX_CLOCKS)
