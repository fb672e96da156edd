"""How long, how often and how much: every bound of the relay. Tests make some of them smaller."""

from __future__ import annotations

from typing import Final, NamedTuple

SUBSCRIPTIONS_MAX: Final = 500  # per tenant
SERVED_MAX: Final = 10_000  # subscriptions that one process looks after
BACKOFF_MS_MIN: Final = 1_000
BACKOFF_MS_MAX: Final = 4 * 3_600_000
# How long an event is tried before it is a dead letter, from its first attempt on.
TRIED_MS_MAX: Final = 7 * 86_400_000
# Attempts that a delivery remembers; the latest stay.
ATTEMPTS_KEPT: Final = 20
# Dead letters stay visible for so long after they were stored.
DEAD_LETTERS_MS: Final = 90 * 86_400_000
# How long the secret before a rotation goes on signing.
ROTATION_MS: Final = 86_400_000


class Limits(NamedTuple):
    """The bounds of one relay. Times in ms unless the name says otherwise."""

    answer_s: float = 10.0
    """An endpoint has so long to answer, connecting included."""
    answer_bytes_max: int = 16 * 1024
    """Of an answer's body so much is read; nothing of it is kept."""
    in_flight_max: int = 32
    """Requests to one endpoint at a time."""
    in_flight_failing_max: int = 4
    """The same, while nothing but failures comes back."""
    failures_max: int = 32
    """So many failures in a row, and the endpoint counts as failing: no new events are begun, what waits is tried."""
    parked_max: int = 10_000
    """Entities of one endpoint whose events wait for a retry. With more, new events wait where they are."""
    parked_failing_max: int = 64
    """The same, while the endpoint counts as failing."""
    window_max: int = 256
    """Events of one endpoint in memory."""
    window_bytes_max: int = 4 * 1024 * 1024
    """The same in bytes, beyond the one event that is always taken."""
    stuck_s: float = 1.0
    """A window that is full and has not moved for so long is emptied into rows."""
    read_max: int = 64
    """Events that are read at once."""
    rows_per_flush_max: int = 200
    """Outcomes that are written at once."""
    flush_ms: int = 50
    """An outcome is written so long after it is known: what a crash may have sent twice."""
    due_look_ms: int = 1_000
    """How often it is looked what waits for a retry."""
    idle_flush_ms: int = 10_000
    """How often it is noted how far was read, where nothing was to be sent."""
    lease_ms: int = 12_000
    """How long an endpoint stays with a process that does not speak up (PostgreSQL)."""
    look_ms: int = 1_000
    """How often a process looks which subscriptions there are, and what it may take over."""
    pulse_ms_min: int = 5
    """Events that come within this time wake the relay once."""
    pulse_ms_max: int = 50
    """How late it is noticed, at most, what other processes have written (PostgreSQL)."""
    stop_ms: int = 3_000
    """How long requests on their way may take when the relay stops."""
    trouble_ms: int = 2_000
    """The pause after the database did not answer."""
    sweep_ms: int = 60_000
    """How often deliveries are removed that are kept long enough."""
    swept_max: int = 500
    """Deliveries that are removed at once."""
    backoff_ms_min: int = BACKOFF_MS_MIN
    """The pause after the first failure; it doubles."""
