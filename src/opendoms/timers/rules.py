"""What may be done to the clock of a sandbox. Instants in ms; `machine` is what the machine's clock shows."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.kernel.clock import INSTANT_MAX, text_of
from opendoms.kernel.duration import YEARS_MAX, parse_ms
from opendoms.kernel.refusal import Conflict, Fault, Invalid
from opendoms.timers.sandbox_clock import OwnTime

# Rules add durations to the present; what they may add stays within the calendar.
CLOCK_MAX: Final = INSTANT_MAX - YEARS_MAX * 366 * 86_400_000

_UNSET: Final = OwnTime(version=0)


class Change(NamedTuple):
    """What a call asks for: exactly one of them. `advance` is an ISO 8601 duration."""

    now: int | None = None
    advance: str | None = None
    frozen: bool | None = None


class Move(NamedTuple):
    """Where a clock goes: to `target`, where it stands or from where it runs on."""

    target: int
    frozen: bool


def move(stored: OwnTime | None, change: Change, machine: int) -> Move:
    """Where the change takes the clock. Raises Conflict while another call moves it, and Invalid for a way back."""
    time = stored or _UNSET
    if time.is_moving(machine):
        raise Conflict(
            Fault(
                "The clock is being moved by another call.",
                "Wait for its answer. Should it have broken off, the clock can be moved again within a minute.",
            )
        )
    present = time.at(machine)
    frozen = time.frozen_at is not None
    if change.frozen is not None:
        return Move(present, change.frozen)
    if change.now is not None:
        target = _later("now", change.now, present)
        return Move(target, frozen=True)
    return Move(_later("advance", present + _span_ms(change.advance or ""), present), frozen)


def _span_ms(text: str) -> int:
    try:
        return parse_ms(text)
    except ValueError as error:
        raise Invalid(Fault(f"advance: {error}")) from None


def _later(member: str, target: int, present: int) -> int:
    if target < present:
        raise Invalid(
            Fault(
                f"{member}: expected no earlier than {text_of(present)}, which the clock shows",
                "Time does not go back: what has happened has its instant. Use another tenant, or a fresh database.",
            )
        )
    if target > CLOCK_MAX:
        raise Invalid(Fault(f"{member}: expected to lead no further than {text_of(CLOCK_MAX)}"))
    return target


def standing(stored: OwnTime | None, at: int, by: str, until: int) -> OwnTime:
    """The clock in hand of the call `by` until an instant of the machine's clock, at the next step of its way."""
    return OwnTime((stored or _UNSET).version + 1, frozen_at=at, moved_by=by, moving_until=until)


def arrived(stored: OwnTime | None, where: Move, machine: int) -> OwnTime:
    """The clock at the end of the way, in nobody's hand."""
    version = (stored or _UNSET).version + 1
    if where.frozen:
        return OwnTime(version, frozen_at=where.target)
    return OwnTime(version, offset_ms=where.target - machine)


def check_holder(stored: OwnTime | None, by: str) -> None:
    """Raises Conflict where the clock is not in hand of this call any more, since it took too long."""
    if stored is None or stored.moved_by != by:
        raise Conflict(Fault("Another call has moved the clock meanwhile.", "Read the clock to see where it stands."))
