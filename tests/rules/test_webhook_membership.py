"""How far an endpoint was served, while subscriptions come, pause, go on and leave."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opendoms.events.rules.membership import EMPTY, Member, Membership, joined, moved, settled_here
from opendoms.events.rules.place import Place


def at(position: int) -> Place:
    """A place on SQLite."""
    return Place(0, position)


def test_a_new_subscription_begins_where_it_was_made() -> None:
    """It gets nothing that happened before, though the endpoint is behind."""
    before = Membership(at(10), {"a": None})
    after = joined(before, [Member("a", False, at(0)), Member("b", False, at(15))])
    assert after == Membership(at(10), {"a": None, "b": at(15)})
    assert moved(after, at(12), ()).own == {"a": None, "b": at(15)}
    assert moved(after, at(15), ()).own == {"a": None, "b": None}


def test_a_paused_subscription_stays_where_it_is() -> None:
    """The others go on; when it is resumed, the endpoint goes back to it, and the others get nothing twice."""
    paused = joined(Membership(at(10), {"a": None, "b": None}), [Member("a", False, at(0)), Member("b", True, at(0))])
    assert paused == Membership(at(10), {"a": None, "b": at(10)})
    gone_on = moved(paused, at(50), {"b"})
    assert gone_on == Membership(at(50), {"a": None, "b": at(10)})
    resumed = joined(gone_on, [Member("a", False, at(0)), Member("b", False, at(0))])
    assert resumed == Membership(at(10), {"a": at(50), "b": None})


def test_a_restored_database_counts_its_transactions_anew() -> None:
    """Places behind the newest transaction of this server are before all of its own."""
    restored = Membership(Place(5_000, 7), {"a": None, "b": Place(90, 3)})
    assert settled_here(restored, 100) == Membership(Place(3, 7), {"a": None, "b": Place(90, 3)})


@given(st.data())
def test_no_subscription_misses_or_repeats_an_event(data: st.DataObject) -> None:
    """Whatever comes, pauses and goes on: each gets every event behind its beginning exactly once, in order."""
    state, position, since = EMPTY, 0, {}
    active: set[str] = set()
    got: dict[str, list[int]] = {}
    for _ in range(data.draw(st.integers(1, 12))):
        for name in data.draw(st.sets(st.sampled_from("abc"), min_size=1)):
            if name not in since:
                since[name], got[name] = position, []
                active.add(name)
            else:
                active ^= {name}
        position += data.draw(st.integers(0, 4))
        if not active:
            continue
        members = [Member(name, name not in active, at(since[name])) for name in since]
        state = joined(state, members)
        paused = frozenset(since) - active
        until = data.draw(st.integers(state.place.position, max(position, state.place.position)))
        for event in range(state.place.position + 1, until + 1):
            for name in active:
                if at(event) > state.place_of(name):
                    got[name].append(event)
            state = moved(state, at(event), paused)
    for name, events in got.items():
        assert events == list(range(since[name] + 1, since[name] + 1 + len(events)))
        assert state.own.get(name) is not None or len(events) == 0 or events[-1] <= state.place.position
