"""What belongs to a facility and ends with it."""

from __future__ import annotations

from typing import NamedTuple

from opendoms.kernel.changeset import Changeset


class Belonging(NamedTuple):
    """Things of one kind that belong to a facility: what they are called, and how many there are.

    `parting` ends them together with the facility. Where it is None they have to be ended before, being too many for
    one changeset. What `binds` keeps the facility, by force as well.
    """

    what: str
    number: int
    parting: Changeset | None = None
    binds: bool = False
