"""What is not in stock: whether it waits, for when, and where, by what listings say."""

from __future__ import annotations

import pytest

from opendoms.kernel.duration import DAY_MS
from opendoms.promises.decide import decide
from opendoms.promises.model import Behaviour, Listing, Service, Shipping
from opendoms.promises.reasons import Reason
from tests.rules.promises import NOW, in_favour, ordered, pieces, sent, shop, situation

SOON, LATER = NOW + 5 * DAY_MS, NOW + 9 * DAY_MS


@pytest.mark.parametrize(
    ("listing", "behaviour", "available_from"),
    [
        (Listing(behaviour="BACKORDER"), "BACKORDER", None),
        (Listing(behaviour="PREORDER", preorder_from=SOON), "PREORDER", SOON),
        (Listing(behaviour="RESTOCK", restock_days=3), "RESTOCK", NOW + 3 * DAY_MS),
        (Listing(behaviour="RESTOCK", restock_days=0), "RESTOCK", None),
        (Listing(behaviour="PREORDER_AND_RESTOCK", preorder_from=SOON, restock_days=3), "PREORDER_AND_RESTOCK", SOON),
        (
            Listing(behaviour="PREORDER_AND_RESTOCK", preorder_from=NOW, restock_days=3),
            "PREORDER_AND_RESTOCK",
            NOW + 3 * DAY_MS,
        ),
    ],
)
def test_what_is_not_there_waits_as_its_listing_says(
    listing: Listing, behaviour: Behaviour, available_from: int | None
) -> None:
    """What is there is sent, the rest waits; nothing is held for it."""
    plan = decide(ordered(("shirt", 3)), situation([shop("a")], {"a": {"shirt": 1}}, {"a": {"shirt": listing}}))
    assert sent(plan) == {"a": {"shirt": 1}}
    (waiting,) = plan.waiting
    assert (waiting.behaviour, waiting.available_from, waiting.facility) == (behaviour, available_from, "a")
    assert (waiting.item.quantity, plan.missing) == (2, ())
    assert [hold.quantity for hold in plan.holds()] == [1]
    assert Reason.LETS_WAIT in in_favour(plan, "a")


@pytest.mark.parametrize(
    "listing",
    [
        Listing(),
        Listing(active=False, behaviour="BACKORDER"),
        Listing(behaviour="PREORDER", preorder_from=NOW),
        Listing(behaviour="PREORDER"),
    ],
)
def test_what_may_not_wait_is_missing(listing: Listing) -> None:
    """As decision D63 has it, a preorder ends when its time has begun."""
    plan = decide(ordered(("shirt", 3)), situation([shop("a")], {"a": {"shirt": 0}}, {"a": {"shirt": listing}}))
    assert (plan.waiting, plan.shipments, pieces(plan.missing)) == ((), (), {"shirt": 3})


def test_an_order_that_nobody_lists_is_missing_as_a_whole() -> None:
    """Line by line."""
    plan = decide(ordered(("shirt", 3), ("belt", 1)), situation([], {}))
    assert [(missing.line, missing.quantity) for missing in plan.missing] == [("line-1", 3), ("line-2", 1)]


def test_of_several_listings_the_one_that_has_it_first_counts() -> None:
    """Who cannot say when comes last, and a facility that does not send counts for nothing."""
    listings = {
        "a": {"shirt": Listing(behaviour="BACKORDER")},
        "b": {"shirt": Listing(behaviour="PREORDER", preorder_from=LATER)},
        "c": {"shirt": Listing(behaviour="PREORDER", preorder_from=SOON)},
        "d": {"shirt": Listing(behaviour="RESTOCK", restock_days=1)},
    }
    facilities = [shop("a"), shop("b"), shop("c"), shop("d", status="OFFLINE")]
    plan = decide(ordered(("shirt", 1)), situation(facilities, {}, listings))
    assert [(waiting.facility, waiting.available_from) for waiting in plan.waiting] == [("c", SOON)]
    preselected = ordered(("shirt", 1), shipping=Shipping(preselected=("a", "b")))
    assert [each.facility for each in decide(preselected, situation(facilities, {}, listings)).waiting] == ["b"]


def test_a_bundle_waits_at_one_place_or_not_at_all() -> None:
    """Where one facility lets all of it wait; a part that is in stock waits with it."""
    wait = Listing(behaviour="BACKORDER")
    order = ordered(("cup", 1), ("tea", 1), services=(Service((("cup", 1), ("tea", 1)), bundled=True),))
    stock = {"a": {"cup": 1, "tea": 0}, "b": {"cup": 0, "tea": 0}}
    apart = decide(
        order, situation([shop("a"), shop("b")], stock, {"a": {"tea": wait}, "b": {"cup": wait, "tea": Listing()}})
    )
    assert (sent(apart), pieces(apart.missing), apart.waiting) == ({}, {"cup": 1, "tea": 1}, ())
    together = decide(order, situation([shop("a"), shop("b")], stock, {"b": {"cup": wait, "tea": wait}}))
    assert (sent(together), together.missing) == ({}, ())
    assert {waiting.facility for waiting in together.waiting} == {"b"}
    assert pieces(waiting.item for waiting in together.waiting) == {"cup": 1, "tea": 1}
