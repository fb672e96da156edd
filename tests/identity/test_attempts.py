"""Guessing is slowed down: free tries first, then waits that double."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.identity.attempts import (
    CLIENT_LIMIT,
    EMAIL_LIMIT,
    FORGET_AFTER_MS,
    WAIT_MAX_MS,
    Attempts,
    AttemptTable,
    client_key,
    counted,
    forgiven,
    wait_ms,
)
from tests.identity.stand_ins import NOW

FREE = EMAIL_LIMIT.free


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(0, 0), (FREE - 1, 0), (FREE, 1), (FREE + 1, 2), (FREE + 2, 4), (FREE + 8, 256), (FREE + 9, 300), (10**9, 300)],
)
def test_the_wait_doubles_up_to_five_minutes(tries: int, seconds: int) -> None:
    """After the free tries each further one doubles the wait, from a second up to five minutes."""
    assert wait_ms(Attempts(tries, NOW), EMAIL_LIMIT, NOW) == seconds * 1_000


def test_the_wait_runs_off() -> None:
    """The wait counts from the last try and ends to the millisecond."""
    attempts = Attempts(FREE + 2, NOW)
    assert wait_ms(attempts, EMAIL_LIMIT, NOW + 3_999) == 1
    assert wait_ms(attempts, EMAIL_LIMIT, NOW + 4_000) == 0


def test_who_never_tried_does_not_wait() -> None:
    """Nothing is known of most, and they do not wait."""
    assert wait_ms(None, EMAIL_LIMIT, NOW) == 0


def test_an_hour_of_rest_is_a_new_start() -> None:
    """After an hour without a try the count starts again."""
    attempts = Attempts(100, NOW)
    assert counted(attempts, NOW + FORGET_AFTER_MS - 1).tries == 101
    assert counted(attempts, NOW + FORGET_AFTER_MS) == Attempts(1, NOW + FORGET_AFTER_MS)


def test_a_try_can_be_taken_back() -> None:
    """Taking a try back leaves the others, and nothing where it was the only one."""
    assert forgiven(Attempts(3, NOW)) == Attempts(2, NOW)
    assert forgiven(Attempts(1, NOW)) is None


@given(tries=st.integers(0, 2**63), last=st.integers(-(2**62), 2**62), now=st.integers(-(2**62), 2**62))
def test_a_wait_is_never_longer_than_the_longest(tries: int, last: int, now: int) -> None:
    """Whatever was counted, and wherever the clock stands, the wait lies between nothing and five minutes."""
    assert 0 <= wait_ms(Attempts(tries, last), EMAIL_LIMIT, now) <= WAIT_MAX_MS


def test_a_table_counts_each_key() -> None:
    """One key's tries make that key wait and no other; clearing it ends the wait."""
    table = AttemptTable(EMAIL_LIMIT)
    for _ in range(FREE):
        table.count("erna", NOW)
    assert (table.wait_ms("erna", NOW), table.wait_ms("otto", NOW)) == (1_000, 0)
    table.clear("erna")
    assert table.wait_ms("erna", NOW) == 0
    assert len(table) == 0


def test_a_table_is_bounded() -> None:
    """Where a table is full, the key that was tried longest ago is forgotten."""
    table = AttemptTable(EMAIL_LIMIT, entries_max=2)
    for key in ("a", "b", "a", "c"):
        for _ in range(FREE):
            table.count(key, NOW)
    assert len(table) == 2
    assert [table.wait_ms(key, NOW) > 0 for key in ("a", "b", "c")] == [True, False, True]


def test_an_empty_key_is_nobody() -> None:
    """Callers without an address are not counted together."""
    table = AttemptTable(CLIENT_LIMIT)
    for _ in range(CLIENT_LIMIT.free + 1):
        table.count("", NOW)
    table.forgive("")
    assert table.wait_ms("", NOW) == 0
    assert len(table) == 0


@pytest.mark.parametrize(
    ("client", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_an_ipv6_network_counts_as_one_client(client: str, key: str) -> None:
    """IPv4 addresses count one by one, IPv6 addresses by their /64, anything else not at all."""
    assert client_key(client) == key
