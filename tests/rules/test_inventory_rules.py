"""Rules of stock: which pieces count, which come first, and from where they are taken."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opendoms.inventory.model import Level
from opendoms.inventory.rules import ranking, reducing
from opendoms.inventory.rules.counting import counted, is_lapsed, traits_of
from opendoms.inventory.rules.safety_stocks import kept_back
from opendoms.kernel.clock import instant_from, text_of

NOW = 1_790_000_000_000
DAY = 86_400_000


def stock(number: int, value: int, until: int | None, *, defective: bool = False, age: int = 1) -> dict[str, Any]:
    """A stock that came `age` days ago and may be promised until some days from now."""
    found: dict[str, Any] = {
        "id": f"s{number}",
        "tenantArticleId": "a",
        "facilityRef": "f",
        "created": text_of(NOW - 10 * DAY),
        "receiptDate": text_of(NOW - age * DAY),
        "value": value,
        "traits": traits_of({}),
        "conditions": ["DEFECTIVE"] if defective else [],
    }
    return found if until is None else {**found, "availableUntil": text_of(NOW + until * DAY)}


stocks = st.lists(
    st.tuples(st.integers(0, 9), st.none() | st.integers(-12, 5), st.booleans(), st.integers(0, 9)), max_size=6
).map(lambda rows: [stock(n, value, until, defective=bad, age=age) for n, (value, until, bad, age) in enumerate(rows)])


def test_the_shortest_time_comes_first_then_the_oldest() -> None:
    """Stocks without an end come last; of two with the same end the one that was received first."""
    found = [stock(1, 1, None, age=9), stock(2, 1, 3, age=1), stock(3, 1, 3, age=2), stock(4, 1, -1), stock(5, 1, 1)]
    assert [each["id"] for each in ranking.ranked(found)] == ["s4", "s5", "s3", "s2", "s1"]


@given(stocks)
def test_new_reservations_sit_on_the_stock_that_comes_first(found: list[dict[str, Any]]) -> None:
    """By the few members that are read of stocks to tell it: the same one, of those with pieces to be promised."""
    there = [each for each in ranking.ranked(found) if counted(each) and not is_lapsed(each, NOW)]
    read = [
        ranking.Ranked(
            "a",
            "f",
            instant_from(each["availableUntil"]) if "availableUntil" in each else None,
            each["receiptDate"],
            each["id"],
        )
        for each in reversed(there)
    ]
    assert ranking.first_of_each(read) == ({("a", "f"): there[0]["id"]} if there else {})


def test_pieces_that_came_too_late_never_count() -> None:
    """A stock whose time had passed when it was made counts nothing; one whose time passes later goes on counting."""
    assert counted(stock(1, 5, -11)) == 0
    assert counted(stock(1, 5, -10)) == 0
    assert counted(stock(1, 5, -9)) == 5


@given(stocks, st.integers(0, 60))
def test_what_is_reserved_is_shared_out_whole(found: list[dict[str, Any]], held: int) -> None:
    """Shares are as much as is held, as far as it is there; no stock has more reserved than it has."""
    laid = ranking.shares(found, held, NOW)
    total = sum(counted(each) for each in found)
    assert sum(share.reserved for share in laid.values()) == min(held, total)
    for each in found:
        share = laid[each["id"]]
        assert 0 <= share.reserved <= counted(each)
        assert 0 <= share.available <= counted(each) - share.reserved
    lapsed = sum(counted(each) for each in found if each.get("availableUntil", "~") <= text_of(NOW))
    level = Level("a", "f", on_hand=total, reserved=min(held, total), lapsed=lapsed)
    # Lapsed pieces come first, so they cover what is reserved as far as they go.
    assert sum(share.available for share in laid.values()) >= level.available


@given(stocks, st.lists(st.integers(1, 5), max_size=4))
def test_pieces_leave_from_stocks_that_have_them(found: list[dict[str, Any]], quantities: list[int]) -> None:
    """As many leave as are reserved, as far as they are there; from the host first; no stock goes below nothing."""
    host = found[-1]["id"] if found else ""
    reservations = [
        {
            "id": f"r{number}",
            "tenantArticleId": "a",
            "facilityRef": "f",
            "quantity": quantity,
            "host": {"type": "STOCK", "reference": host},
        }
        for number, quantity in enumerate(quantities)
    ]
    taken = reducing.taken(reservations, {("a", "f"): found})
    total = sum(counted(each) for each in found)
    assert sum(counted(each) - left for each, left in taken.stocks) == min(sum(quantities), total)
    assert all(0 <= left < counted(each) for each, left in taken.stocks)
    if quantities and found and counted(found[-1]):
        assert taken.of_reservation["r0"][0] == host


def test_a_facilitys_own_safety_stock_counts_instead_of_the_articles() -> None:
    """Also where it is nothing."""
    every: dict[str, Any] = {"value": 3}
    own: dict[str, Any] = {"value": 0, "facilityRef": "f"}
    assert [kept_back(found, "f") for found in ([], [every], [own])] == [0, 3, 0]
    assert kept_back([every, own], "f") == 0
    assert kept_back([every, own], "g") == 3
