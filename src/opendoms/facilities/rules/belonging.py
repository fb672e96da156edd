"""What belongs to a facility and ends with it."""

from __future__ import annotations

from typing import NamedTuple

from opendoms.kernel.changeset import Changeset


class Belonging(NamedTuple):
    """Things of one kind that belong to a facility: what they are called, how many there are, and what ends them."""

    what: str
    number: int
    parting: Changeset
