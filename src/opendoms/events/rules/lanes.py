"""Which event of an endpoint may be sent next: one of each entity at a time, and what fails holds up only its entity.

Events come in as they happened and wait in memory, in a window, until there is something to keep about them: that they
were delivered, or that they wait for a retry. Then they are rows, and the window moves on. A lane whose first event is
a row is parked: whatever follows becomes a row as well, so that nothing overtakes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from opendoms.events.rules.place import Happened, Place
from opendoms.kernel.decision import Document

# What an event weighs beside its document, in bytes.
_EVENT_BYTES: Final = 512


class Row(NamedTuple):
    """A delivery to be kept. `number` is its place among the endpoint's rows; `stored`: there is a version of it."""

    delivery: Document
    position: int
    number: int
    stored: bool


class Parcel:
    """One event for one subscription, on its way. `event` is None where history does not keep it any more."""

    __slots__ = ("entry", "event", "lane_id", "row", "subscription_id")

    def __init__(self, subscription_id: str, lane_id: str, event: Happened | None, row: Row | None = None) -> None:
        self.subscription_id = subscription_id
        self.lane_id = lane_id
        self.event = event
        self.row = row
        self.entry: Entry | None = None


class Entry:
    """An event in the window, and how many of its parcels have nothing stored yet."""

    __slots__ = ("open", "place", "size")

    def __init__(self, place: Place, parcels: int, size: int) -> None:
        self.place = place
        self.open = parcels
        self.size = size


class Lane:
    """The events of one entity that are on their way. `unstored` are rows that wait to be written."""

    __slots__ = ("id", "in_hand", "parked", "queue", "unstored")

    def __init__(self, lane_id: str) -> None:
        self.id = lane_id
        self.queue: deque[Parcel] = deque()
        self.in_hand: Parcel | None = None
        self.parked = False
        self.unstored = 0


class Lanes:
    """The lanes of one endpoint, and the window of events behind the place that is noted."""

    def __init__(self, place: Place) -> None:
        self.read = place
        self._settled = place
        self._lanes: dict[str, Lane] = {}
        self._ready: deque[Lane] = deque()
        self._window: deque[Entry] = deque()
        self._bytes = 0
        self.parked = 0

    @property
    def window(self) -> int:
        """How many events are in memory."""
        return len(self._window)

    @property
    def window_bytes(self) -> int:
        """How many bytes they take, about."""
        return self._bytes

    @property
    def ready(self) -> bool:
        """Whether something could be sent now."""
        return bool(self._ready)

    def in_hand(self, parcel: Parcel) -> bool:
        """Whether it is this parcel that is being sent."""
        lane = self._lanes.get(parcel.lane_id)
        return lane is not None and lane.in_hand is parcel

    def take(self, event: Happened, parcels: list[Parcel], *, stored: bool = False) -> list[Parcel]:
        """Takes the next event in; returns those parcels that become rows at once, since their lane is parked.

        `stored`: there are rows of it already, from before a crash.
        """
        self.read = event.place
        if not parcels and not stored:
            return []
        size = len(event.document) + _EVENT_BYTES
        entry = Entry(event.place, len(parcels), size)
        self._window.append(entry)
        self._bytes += size
        waiting = []
        for parcel in parcels:
            parcel.entry = entry
            lane = self._lanes.get(parcel.lane_id) or self._new(parcel.lane_id)
            if lane.parked:
                self._resolve(parcel)
                waiting.append(parcel)
                continue
            lane.queue.append(parcel)
            if lane.in_hand is None and len(lane.queue) == 1:
                self._ready.append(lane)
        return waiting

    def next(self) -> Parcel | None:
        """A parcel to be sent now, the longest waiting lane's first."""
        while self._ready:
            lane = self._ready.popleft()
            if lane.in_hand is None and lane.queue:
                lane.in_hand = lane.queue.popleft()
                return lane.in_hand
        return None

    def hold(self, parcel: Parcel) -> bool:
        """Takes a stored delivery in hand, unless another event of its lane is, or waits in memory."""
        lane = self._lanes.get(parcel.lane_id)
        if lane is None:
            lane = self._new(parcel.lane_id)
            self._park(lane)
        if lane.in_hand is not None or not lane.parked:
            return False
        lane.in_hand = parcel
        return True

    def delivered(self, parcel: Parcel) -> bool:
        """Notes that a parcel is done with. Returns whether its lane goes on with rows, once this one is written."""
        lane = self._lanes[parcel.lane_id]
        self._resolve(parcel)
        if lane.parked:
            return True
        lane.in_hand = None
        if lane.queue:
            self._ready.append(lane)
        else:
            del self._lanes[lane.id]
        return False

    def failed(self, parcel: Parcel) -> list[Parcel]:
        """Notes that a parcel is to be tried again. Returns those behind it, which become rows as well."""
        lane = self._lanes[parcel.lane_id]
        self._resolve(parcel)
        return [] if lane.parked else self._park(lane)

    def park(self, lane_id: str) -> list[Parcel]:
        """Makes a lane one of rows, since there are rows of its entity. Returns what was waiting in memory."""
        lane = self._lanes.get(lane_id) or self._new(lane_id)
        return [] if lane.parked else self._park(lane)

    def overflow(self) -> list[Parcel]:
        """Makes rows of whatever is in hand, so that the window can move on past requests that take long.

        Returns the parcels to be stored, each lane's in order, the one in hand first.
        """
        stored: list[Parcel] = []
        for lane in list(self._lanes.values()):
            if lane.in_hand is not None and not lane.parked:
                self._resolve(lane.in_hand)
                stored += [lane.in_hand, *self._park(lane)]
        return stored

    def rest(self, lane_id: str) -> None:
        """Nothing of a parked lane is in hand any more; its first row waits until it is due."""
        self._lanes[lane_id].in_hand = None

    def leave(self, lane_id: str) -> bool:
        """Ends a lane of which no row is left. Returns False where some wait to be written."""
        lane = self._lanes[lane_id]
        if lane.unstored:
            return False
        del self._lanes[lane_id]
        self.parked -= 1
        return True

    def settled(self) -> Place:
        """Up to where everything is stored, once the rows that wait to be written are."""
        while self._window and not self._window[0].open:
            entry = self._window.popleft()
            self._bytes -= entry.size
            self._settled = entry.place
        if not self._window:
            self._settled = self.read
        return self._settled

    def ahead(self) -> list[int]:
        """The positions of events behind the settled place that are stored all the same: they are not sent again."""
        return [entry.place.position for entry in self._window if not entry.open]

    def waiting(self, parcels: Iterable[Parcel], change: int) -> None:
        """Notes that rows of parked lanes wait to be written (+1), or were (-1)."""
        for parcel in parcels:
            lane = self._lanes.get(parcel.lane_id)
            if lane is not None:
                lane.unstored += change

    def _new(self, lane_id: str) -> Lane:
        lane = self._lanes[lane_id] = Lane(lane_id)
        return lane

    def _park(self, lane: Lane) -> list[Parcel]:
        lane.parked = True
        self.parked += 1
        followers = list(lane.queue)
        lane.queue.clear()
        for parcel in followers:
            self._resolve(parcel)
        return followers

    @staticmethod
    def _resolve(parcel: Parcel) -> None:
        if parcel.entry is not None:
            parcel.entry.open -= 1
            parcel.entry = None
