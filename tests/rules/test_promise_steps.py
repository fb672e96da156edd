"""The steps of a promise, one named case each: how much, from how many places, and from which."""

from __future__ import annotations

import pytest

from opendoms.kernel.duration import DAY_MS, HOUR_MS
from opendoms.promises.columns import Column
from opendoms.promises.decide import decide
from opendoms.promises.demand import demand_of
from opendoms.promises.model import (
    Address,
    Point,
    Service,
    Shipping,
)
from opendoms.promises.needs import needs_of, units_of
from opendoms.promises.reasons import Reason
from tests.rules.promises import (
    BONN,
    COLOGNE,
    MUNICH,
    TODAY,
    Week,
    against,
    ordered,
    pieces,
    sent,
    shop,
    situation,
)

CUTOFF_TODAY = TODAY * DAY_MS + 16 * HOUR_MS


def test_one_place_that_has_everything_sends_everything() -> None:
    """Though two places earlier in the order have it together."""
    plan = decide(
        ordered(("shirt", 2), ("belt", 1)),
        situation(
            [shop("a", address=COLOGNE), shop("b", address=COLOGNE), shop("c", address=MUNICH)],
            {"a": {"shirt": 2}, "b": {"belt": 1}, "c": {"shirt": 2, "belt": 1}},
        ),
    )
    assert sent(plan) == {"c": {"shirt": 2, "belt": 1}}
    assert (plan.waiting, plan.missing, plan.collection) == ((), (), None)
    assert plan.search.proved
    assert plan.search.shipments_max == 1


def test_where_no_place_has_everything_the_fewest_do() -> None:
    """Two of four, though the place with most articles is not among them."""
    plan = decide(
        ordered(("a1", 1), ("a2", 1), ("a3", 1), ("a4", 1)),
        situation(
            [shop(name) for name in ("most", "left", "one", "right")],
            {
                "most": {"a1": 1, "a2": 1, "a3": 1},
                "left": {"a1": 1, "a2": 1},
                "one": {"a3": 1},
                "right": {"a3": 1, "a4": 1},
            },
        ),
    )
    assert sent(plan) == {"left": {"a1": 1, "a2": 1}, "right": {"a3": 1, "a4": 1}}
    assert against(plan, "one") == [Reason.NOT_LISTED, Reason.NOT_NEEDED]


def test_pieces_of_a_line_come_from_two_places_where_none_has_all() -> None:
    """Each gives what it has, and the line's quantity is whole."""
    plan = decide(ordered(("shirt", 5)), situation([shop("a"), shop("b")], {"a": {"shirt": 3}, "b": {"shirt": 4}}))
    assert sent(plan) == {"a": {"shirt": 3}, "b": {"shirt": 2}}


def test_a_line_is_not_torn_apart_where_a_chosen_place_has_all_of_it() -> None:
    """Both places are needed; the shirts come from the one that has all of them."""
    plan = decide(
        ordered(("shirt", 3), ("belt", 1), ("hat", 1)),
        situation([shop("a"), shop("b")], {"a": {"shirt": 1, "belt": 1}, "b": {"shirt": 3, "hat": 1}}),
    )
    assert sent(plan) == {"a": {"belt": 1}, "b": {"shirt": 3, "hat": 1}}


BUNDLE = Service((("cup", 1), ("tea", 2)), bundled=True)


def test_a_bundle_is_never_split() -> None:
    """The place that has it whole sends it, though more shipments come of it; loose pieces may come from elsewhere."""
    plan = decide(
        ordered(("cup", 1), ("tea", 2), ("hat", 1), services=(BUNDLE,)),
        situation(
            [shop("a"), shop("b"), shop("c")],
            {"a": {"cup": 1, "hat": 1}, "b": {"tea": 2}, "c": {"cup": 1, "tea": 2}},
        ),
    )
    assert sent(plan) == {"a": {"hat": 1}, "c": {"cup": 1, "tea": 2}}


def test_a_bundle_that_no_place_has_whole_is_not_sent_at_all() -> None:
    """Its parts stay where they are; the rest of the order is sent."""
    plan = decide(
        ordered(("cup", 1), ("tea", 2), ("hat", 1), services=(BUNDLE,)),
        situation([shop("a"), shop("b")], {"a": {"cup": 1, "hat": 1}, "b": {"tea": 2}}),
    )
    assert sent(plan) == {"a": {"hat": 1}}
    assert pieces(plan.missing) == {"cup": 1, "tea": 2}


def test_bundles_with_an_article_in_common_stay_together() -> None:
    """As decision D61 has it: which cup belongs to which bundle is then no question."""
    other = Service((("cup", 1), ("hat", 1)), bundled=True)
    order = ordered(("cup", 2), ("tea", 2), ("hat", 1), services=(BUNDLE, other))
    apart = situation([shop("a"), shop("b")], {"a": {"cup": 1, "tea": 2}, "b": {"cup": 1, "hat": 1}})
    assert sent(decide(order, apart)) == {}
    together = situation([shop("a"), shop("b")], {"a": {"cup": 2, "tea": 2, "hat": 1}, "b": {"cup": 1}})
    assert sent(decide(order, together)) == {"a": {"cup": 2, "tea": 2, "hat": 1}}


def test_a_bundle_goes_before_loose_pieces_of_its_articles() -> None:
    """One cup is there: it goes with the bundle, the loose one is missing."""
    plan = decide(
        ordered(("cup", 2), ("tea", 2), services=(BUNDLE,)), situation([shop("a")], {"a": {"cup": 1, "tea": 2}})
    )
    assert sent(plan) == {"a": {"cup": 1, "tea": 2}}
    assert pieces(plan.missing) == {"cup": 1}


def test_of_several_places_the_earlier_hand_over_wins() -> None:
    """Before the nearer place."""
    plan = decide(
        ordered(("shirt", 1)),
        situation(
            [shop("near", address=COLOGNE), shop("far", address=MUNICH)],
            {"near": {"shirt": 1}, "far": {"shirt": 1}},
            calendar=Week(cutoffs={"near/DHL_V2": 18, "far/DHL_V2": 16}),
        ),
    )
    assert sent(plan) == {"far": {"shirt": 1}}
    assert plan.shipments[0].hand_over == CUTOFF_TODAY
    assert against(plan, "near") == [Reason.LATER]


def test_at_the_same_hand_over_the_nearer_place_wins() -> None:
    """By the distance on the globe."""
    plan = decide(
        ordered(("shirt", 1)),
        situation([shop("a", address=MUNICH), shop("b", address=BONN)], {"a": {"shirt": 1}, "b": {"shirt": 1}}),
    )
    assert sent(plan) == {"b": {"shirt": 1}}
    assert plan.shipments[0].metres == pytest.approx(25_500, abs=500)
    assert against(plan, "a") == [Reason.FARTHER]


@pytest.mark.parametrize(
    ("addresses", "nearer"),
    [
        ((Address("NL", "50667"), Address("DE", "80331")), "b"),
        ((Address("DE", "51109"), Address("DE", "50999")), "b"),
        ((Address(), Address("DE", "99999")), "b"),
        ((Address("DE", "50667"), MUNICH), "a"),
    ],
)
def test_without_coordinates_country_and_postal_code_tell_what_is_near(
    addresses: tuple[Address, Address], nearer: str
) -> None:
    """First the same country, then the more leading digits in common."""
    facilities = [shop(name, address=address) for name, address in zip("ab", addresses, strict=True)]
    order = ordered(("shirt", 1), address=Address("DE", "50667"))
    assert list(sent(decide(order, situation(facilities, {"a": {"shirt": 1}, "b": {"shirt": 1}})))) == [nearer]


def test_a_place_with_a_known_distance_comes_before_one_without() -> None:
    """What is not known is not taken for near."""
    facilities = [shop("a", address=Address("DE", "50667")), shop("b", address=MUNICH)]
    plan = decide(ordered(("shirt", 1)), situation(facilities, {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert list(sent(plan)) == ["b"]


def test_what_is_equal_in_all_goes_by_the_id() -> None:
    """Whatever the order in which facilities were read."""
    stock = {"b": {"shirt": 1}, "a": {"shirt": 1}}
    for facilities in ([shop("b"), shop("a")], [shop("a"), shop("b")]):
        plan = decide(ordered(("shirt", 1)), situation(facilities, stock))
        assert list(sent(plan)) == ["a"]
        assert against(plan, "b") == [Reason.AFTER_IN_ORDER]


def test_of_several_pairs_the_one_whose_last_place_comes_first_wins() -> None:
    """The last parcel leaves as early as possible."""
    plan = decide(
        ordered(("shirt", 1), ("belt", 1)),
        situation(
            [shop(name) for name in "abcd"],
            {"a": {"shirt": 1}, "b": {"shirt": 1}, "c": {"shirt": 1}, "d": {"belt": 1}},
            calendar=Week(cutoffs={"a/DHL_V2": 20, "b/DHL_V2": 12, "c/DHL_V2": 14, "d/DHL_V2": 18}),
        ),
    )
    assert sent(plan) == {"b": {"shirt": 1}, "d": {"belt": 1}}


def test_only_preselected_facilities_send() -> None:
    """Also where another one would have everything; one that does not exist is told of."""
    order = ordered(("shirt", 1), ("belt", 1), shipping=Shipping(preselected=("b", "gone")))
    stock = {"a": {"shirt": 1, "belt": 1}, "b": {"shirt": 1}}
    plan = decide(order, situation([shop("a"), shop("b")], stock))
    assert sent(plan) == {"b": {"shirt": 1}}
    assert pieces(plan.missing) == {"belt": 1}
    assert against(plan, "a") == [Reason.NOT_PRESELECTED]
    assert against(plan, "gone") == [Reason.UNKNOWN]


def test_a_service_is_done_only_where_it_can_be() -> None:
    """A facility of which it is not known counts as one that can."""
    order = ordered(("shirt", 1), services=(Service((("shirt", 1),), "engraving"),))
    unable, able = shop("a", custom_services=frozenset({"gift"})), shop("b", custom_services=frozenset({"engraving"}))
    plan = decide(order, situation([unable, able], {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert list(sent(plan)) == ["b"]
    assert against(plan, "a") == [Reason.SERVICE_NOT_DONE]
    assert list(sent(decide(order, situation([shop("a"), able], {"a": {"shirt": 1}, "b": {"shirt": 1}})))) == ["a"]


def test_the_same_units_are_halved_whatever_is_in_stock() -> None:
    """The bound on shipments rests on it: what needs nothing, or cannot be served, keeps its place in the list."""
    demand = demand_of(ordered(("cup", 2), ("tea", 2), ("hat", 1), services=(BUNDLE,)))
    for own, supply in (({}, {}), ({}, {"cup": 2, "tea": 2, "hat": 1}), ({"cup": 2, "tea": 2}, {"hat": 1})):
        rows = {article: [own.get(article, 0), supply.get(article, 0)] for article in demand.wanted}
        columns = {article: Column(bytearray(b"55"), pieces) for article, pieces in rows.items()}
        units = units_of(needs_of(demand, columns, [0, 1]), demand, columns, 0, [1])
        assert len(units) == 4
        assert [unit.supply for unit in units[:3]] == [(supply.get(each, 0),) for each in ("cup", "tea", "hat")]


def test_the_example_of_the_explanation_is_decided_as_it_says() -> None:
    """Anna's order in docs/explanation: Bonn and Cologne send, and each other place is told why not."""
    gift = Service((("cup", 1), ("tea", 1)), bundled=True)
    order = ordered(("shirt", 2), ("belt", 1), ("cup", 1), ("tea", 1), services=(gift,))
    aachen = Address("DE", "52062", Point(50.78, 6.08))
    kassel = Address("DE", "34117", Point(51.31, 9.49))
    facilities = [
        shop("cologne", address=COLOGNE),
        shop("bonn", address=BONN),
        shop("aachen", address=aachen),
        shop("kassel", address=kassel),
        shop("munich", address=MUNICH, status="SUSPENDED"),
    ]
    stock = {
        "cologne": {"shirt": 1, "belt": 4, "cup": 1, "tea": 0},
        "bonn": {"shirt": 2, "belt": 0, "cup": 2, "tea": 3},
        "aachen": {"shirt": 0, "belt": 2, "cup": 0, "tea": 0},
        "kassel": {"shirt": 9, "belt": 9, "cup": 0, "tea": 0},
        "munich": {"shirt": 5, "belt": 5, "cup": 5, "tea": 5},
    }
    calendar = Week(cutoffs={"aachen/DHL_V2": 18, "kassel/DHL_V2": 20})
    plan = decide(order, situation(facilities, stock, calendar=calendar))
    assert sent(plan) == {"cologne": {"belt": 1}, "bonn": {"cup": 1, "tea": 1, "shirt": 2}}
    assert {shipment.hand_over for shipment in plan.shipments} == {CUTOFF_TODAY}
    assert against(plan, "munich") == [Reason.NOT_ONLINE]
    assert against(plan, "kassel")[-1] == against(plan, "aachen")[-1] == Reason.NOT_NEEDED
    assert plan.search.proved
