"""What decisions remember of each other changes none of them."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from opendoms.kernel.duration import HOUR_MS
from opendoms.promises.decide import decide
from tests.rules.promise_samples import a_situation, an_order


@settings(max_examples=150)
@given(st.integers(0, 2**32).map(Random))
def test_a_plan_is_the_same_with_a_memo_and_without(chance: Random) -> None:
    """Order after order to one receiver, at later and later times, with other stock and other wishes."""
    situation = a_situation(chance)
    memo: dict[Any, Any] = {}
    address = an_order(chance).address
    now = situation.now
    for _ in range(6):
        order = an_order(chance)._replace(address=address)
        stock = a_situation(chance).available
        asked = situation._replace(now=now, available=stock)
        assert decide(order, asked._replace(memo=memo)) == decide(order, asked)
        now += chance.choice([0, 1, HOUR_MS // 2, 5 * HOUR_MS, 40 * HOUR_MS])
    assert memo
