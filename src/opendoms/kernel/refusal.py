"""Every way to say no. A refusal carries its faults; what it becomes on the wire is decided in one table in web."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One thing to mend.

    `summary` must stand alone, since some clients print nothing else: it names the member by path and says what was
    expected. `description` may add what was found and what to do.
    """

    summary: str
    description: str | None = None


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The request cannot be done. The subclass says who has to act on it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.summary for fault in faults))
        self.faults = faults


class Invalid(Refusal):
    """The caller must change the request: a malformed body, a broken rule, a state that forbids the move."""


class NotJson(Refusal):
    """The body is declared as something other than JSON."""


class TooLarge(Refusal):
    """The body is larger than the limit."""


class Unauthenticated(Refusal):
    """No token, or one that does not hold."""


class Forbidden(Refusal):
    """A permission is missing; the summary names it."""


class Unknown(Refusal):
    """Nothing is stored under this id for this tenant."""


class MethodNotAllowed(Refusal):
    """The path exists, the method does not."""

    def __init__(self, allowed: tuple[str, ...], fault: Fault) -> None:
        super().__init__(fault)
        self.allowed = allowed


class Conflict(Refusal):
    """The request collides with what is stored, such as a business key that is taken."""


class VersionConflict(Conflict):
    """The caller's version is not the stored one."""

    def __init__(self, kind: str, request_version: int, version: int) -> None:
        super().__init__(
            Fault(
                f"version: expected {version}, got {request_version}",
                f"The {kind} was changed in the meantime. Read it again, apply the change to it, and send its version.",
            )
        )
        self.request_version = request_version
        self.version = version


class TooMany(Refusal):
    """The caller must slow down; `retry_after_s` are whole seconds."""

    def __init__(self, retry_after_s: int, fault: Fault) -> None:
        super().__init__(fault)
        self.retry_after_s = retry_after_s


class Unavailable(Refusal):
    """The store cannot be reached, or cannot say whether it took the write. Nothing that was answered is lost."""
