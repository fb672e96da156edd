"""The kinds of configurations: one document per tenant and kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from opendoms.kernel.decision import Document


def _as_sent(wanted: Document) -> Document:
    return wanted


class Kind(NamedTuple):
    """One configuration: its id, and the members it has before it is first written.

    `complete` is given what a caller wants to store and answers what is stored; it raises Invalid with every fault.
    `dated` says whether the configuration tells when it was last modified; two of the contract's have no member for it.
    """

    id: str
    defaults: dict[str, Any]
    complete: Callable[[Document], Document] = _as_sent
    dated: bool = True
