"""From whatever ends a command early to one line for the operator and the exit code."""

from __future__ import annotations

from typing import Final, NamedTuple

import click

from opendoms.calendar.zones import ZoneDataMissing
from opendoms.db.engine import SchemaMismatch
from opendoms.db.migrate import MigrationFailed
from opendoms.db.reasons import reason_of
from opendoms.kernel.refusal import Invalid, Refusal
from opendoms.settings import SettingsInvalid

USAGE_EXIT: Final = 2
FAILURE_EXIT: Final = 1

_WRONG_USE: Final = (click.ClickException, SettingsInvalid, ValueError, Invalid)


class Failed(Exception):  # noqa: N818 - one line for the operator
    """Something that is not the fault of how the command was written."""


class Failure(NamedTuple):
    """What is printed, and how the command exits."""

    line: str
    exit_code: int


def failure_of(error: Exception) -> Failure | None:
    """How a command ends with this error; None for a fault of ours, of which whoever reports it needs the trace."""
    if isinstance(error, ExceptionGroup):  # of what was done at once, the first that failed
        return failure_of(error.exceptions[0])
    line = _line_of(error)
    return None if line is None else Failure(line, USAGE_EXIT if isinstance(error, _WRONG_USE) else FAILURE_EXIT)


def _line_of(error: Exception) -> str | None:
    match error:
        case click.Abort():
            return "Stopped."
        case click.ClickException():
            return error.format_message()
        case Refusal():
            summaries = "; ".join(fault.summary for fault in error.faults)
            reason = reason_of(error)
            return summaries if reason is None else f"{summaries.rstrip('.')}: {reason}"
        case Failed() | SchemaMismatch() | MigrationFailed() | SettingsInvalid() | ZoneDataMissing():
            return str(error)
        case OSError() | ValueError():
            return str(error) or type(error).__name__
        case _:
            return None
