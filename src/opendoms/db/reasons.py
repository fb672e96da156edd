"""What the database or the machine said when something failed, in words for the operator of a command.

Only the first line of a message: what a server adds to it may hold values of rows. Errors of the driver itself are
passed over, since they may repeat the URL with its password.
"""

from __future__ import annotations

import sqlite3

import asyncpg  # type: ignore[import-untyped]  # it ships no types


def reason_of(error: BaseException) -> str | None:
    """What is behind an error, by its causes; None where nobody said anything."""
    cause = error.__cause__
    while cause is not None:
        if isinstance(cause, asyncpg.PostgresError):
            return str(cause.args[0])
        if isinstance(cause, (OSError, sqlite3.Error)) and str(cause):
            return str(cause)
        cause = cause.__cause__
    return None
