"""Which kinds of entities the feed tells of: each was thought about."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import opendoms
from opendoms.db.entity import Entity
from opendoms.history.kinds import READABLE, UNTOLD, told_to
from opendoms.kernel.refusal import Forbidden, Invalid
from tests.rules.orders import principal


def kinds() -> set[str]:
    """Every kind that any module declares."""
    names = [module.name for module in pkgutil.walk_packages(opendoms.__path__, "opendoms.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    return {value.kind for module in modules for value in vars(module).values() if isinstance(value, Entity)}


def test_every_kind_is_told_or_kept_on_purpose() -> None:
    """A slice that writes events says who may read them, or that nobody may."""
    assert not READABLE.keys() & UNTOLD
    assert READABLE.keys() | UNTOLD == kinds()
    assert all(READABLE.values()), "a kind that takes no permission would be told to everybody"


def test_a_caller_is_told_of_what_they_may_read() -> None:
    """All permissions of a kind are needed; without a wish, what is missing is left out."""
    assert told_to(principal(), ()) == READABLE.keys()
    assert told_to(principal("ORDER_READ", "CONFIG_READ"), ()) == {"ORDER", "CANCELATION_REASON", "CONFIGURATION"}
    assert told_to(principal("ORDER_READ"), ("ORDER",)) == {"ORDER"}
    with pytest.raises(Forbidden) as refused:
        told_to(principal("ORDER_READ"), ("ORDER", "CONFIGURATION", "TAG"))
    assert [fault.summary for fault in refused.value.faults] == [
        "Permission missing: CONFIG_READ is required for events of CONFIGURATION.",
        "Permission missing: TAG_READ is required for events of TAG.",
    ]
    with pytest.raises(Forbidden):
        told_to(principal("EVENT_READ"), ())
    with pytest.raises(Invalid, match="entityKind: SANDBOX_CLOCK is not told of"):
        told_to(principal(), ("SANDBOX_CLOCK",))
