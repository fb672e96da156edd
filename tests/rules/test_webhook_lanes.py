"""One event of an entity at a time: whatever fails, hangs or crashes, nothing is lost and nothing is overtaken."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opendoms.events.rules.lanes import Lanes, Parcel, Row
from opendoms.events.rules.place import START, Happened, Place


def event(position: int, entity_id: str) -> Happened:
    """Something that happened to an entity."""
    return Happened(Place(0, position), "ORDER", entity_id, position, f"e{position}", "ORDER_CREATED", 0, b"{}", None)


class World:
    """A database and a receiver, as the courier uses them, without any waiting."""

    def __init__(self, events: list[Happened]) -> None:
        self.events = events
        self.stored: dict[int, str] = {}  # position → state of its row
        self.place = START
        self.ahead: set[int] = set()
        self.received: list[Happened] = []
        self.begin()

    def begin(self) -> None:
        """Starts from what is stored, as after a crash."""
        self.lanes = Lanes(self.place)
        self.hand: list[Parcel] = []
        self.outbox: dict[int, str] = {}
        self.unstored: list[Parcel] = []
        self.resting: list[str] = []
        self.advancing: list[str] = []
        self.skip = set(self.ahead)
        for lane_id in {self.of(position).entity_id for position, state in self.stored.items() if state != "DONE"}:
            self.lanes.park(lane_id)

    def of(self, position: int) -> Happened:
        """The event at a position."""
        return next(each for each in self.events if each.place.position == position)

    def read(self) -> None:
        """Takes the next event in."""
        following = next((each for each in self.events if each.place > self.lanes.read), None)
        if following is None:
            return
        done = following.place.position in self.skip
        parcels = [] if done else [Parcel("s", following.entity_id, following)]
        self.wait(self.lanes.take(following, parcels, stored=done))

    def wait(self, parcels: list[Parcel]) -> None:
        """Keeps parcels as rows."""
        for parcel in parcels:
            self.keep(parcel, "WAITING")
        self.lanes.waiting(parcels, +1)
        self.unstored += parcels

    def keep(self, parcel: Parcel, state: str) -> None:
        """A row that waits to be written."""
        assert parcel.event is not None
        position = parcel.event.place.position
        parcel.row = Row({}, position, position, stored=True)
        self.outbox[position] = state

    def send(self) -> None:
        """Begins the next request."""
        parcel = self.lanes.next()
        if parcel is not None:
            self.begin_sending(parcel)

    def begin_sending(self, parcel: Parcel) -> None:
        """Nothing else of the entity is on its way."""
        assert parcel.lane_id not in {other.lane_id for other in self.hand}
        self.hand.append(parcel)

    def answer(self, *, taken: bool) -> None:
        """The first request comes back."""
        if not self.hand:
            return
        parcel = self.hand.pop(0)
        assert parcel.event is not None
        if taken:
            self.received.append(parcel.event)
            self.keep(parcel, "DONE")
            if self.lanes.delivered(parcel):
                self.advancing.append(parcel.lane_id)
        else:
            self.keep(parcel, "DUE")
            self.wait(self.lanes.failed(parcel))
            self.resting.append(parcel.lane_id)

    def overflow(self) -> None:
        """Makes rows of what is in hand."""
        for parcel in self.lanes.overflow():
            if self.lanes.in_hand(parcel):
                self.keep(parcel, "WAITING")
            else:
                self.wait([parcel])

    def flush(self) -> None:
        """Writes everything at once, and goes on with lanes whose first row is done."""
        self.place, self.ahead = self.lanes.settled(), set(self.lanes.ahead())
        self.stored |= self.outbox
        self.outbox = {}
        self.lanes.waiting(self.unstored, -1)
        self.unstored = []
        for lane_id in self.resting:
            self.lanes.rest(lane_id)
        advancing, self.resting, self.advancing = self.advancing, [], []
        for lane_id in advancing:
            first = self.first(lane_id)
            if first is None:
                if not self.lanes.leave(lane_id):
                    self.advancing.append(lane_id)
            else:
                self.lanes.rest(lane_id)
                self.retry(first)

    def first(self, lane_id: str) -> int | None:
        """The first open row of an entity."""
        rows = [position for position, state in self.stored.items() if state != "DONE"]
        return min((position for position in rows if self.of(position).entity_id == lane_id), default=None)

    def retry(self, position: int) -> None:
        """Takes a row in hand, unless its lane is busy."""
        found = self.of(position)
        parcel = Parcel("s", found.entity_id, found, Row({}, position, position, stored=True))
        if self.lanes.hold(parcel):
            self.begin_sending(parcel)

    def look(self) -> None:
        """Everything that waits for a retry is due."""
        for lane_id in {self.of(position).entity_id for position, state in self.stored.items() if state != "DONE"}:
            first = self.first(lane_id)
            if first is not None:
                self.retry(first)


STEPS = ("read", "read", "send", "send", "take", "take", "fail", "flush", "look", "overflow", "crash")


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=14),
    st.lists(st.sampled_from(STEPS), max_size=120),
)
def test_nothing_is_lost_or_overtaken(entities: list[str], steps: list[str]) -> None:
    """Random reads, answers, writes and crashes; in the end every event was received, first copies in order."""
    world = World([event(number + 1, entity) for number, entity in enumerate(entities)])
    do: dict[str, Any] = {
        "read": world.read,
        "send": world.send,
        "take": lambda: world.answer(taken=True),
        "fail": lambda: world.answer(taken=False),
        "flush": world.flush,
        "look": world.look,
        "overflow": world.overflow,
        "crash": world.begin,
    }
    for step in steps:
        do[step]()
    for _ in range(6 * len(entities)):
        for step in ("read", "send", "take", "flush", "look"):
            do[step]()
    firsts: dict[str, list[int]] = {}
    for received in world.received:
        order = firsts.setdefault(received.entity_id, [])
        if received.seq not in order:
            order.append(received.seq)
    expected: dict[str, list[int]] = {}
    for each in world.events:
        expected.setdefault(each.entity_id, []).append(each.seq)
    assert firsts == expected
    assert world.place == world.events[-1].place
    assert (world.lanes.parked, world.lanes.window, world.lanes.window_bytes) == (0, 0, 0)
    if "crash" not in steps:
        assert len(world.received) == len(world.events), "without a crash nothing comes twice"
