"""What an index is asked, by values that every engine can say in its SQL. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN
from opendoms.search.expression import Expression
from opendoms.search.fields import Path
from opendoms.search.order import NUMBER, Position
from opendoms.search.terms import Term

# The hash of a term of the tenant who asks: a signed integer of 64 bits.
Hashed = Callable[[Term], int]

# Sorts after every id.
AFTER_ALL_IDS = "\U0010ffff"


class Names(NamedTuple):
    """The tables that are asked, and the path of the moment in documents. All of them are constants of a slice."""

    table: str
    index_table: str
    moment: Path


class Start(NamedTuple):
    """Where to begin: behind a position, or at it where `inclusive`. In the order of ids the moment does not count."""

    moment: int
    id: str
    inclusive: bool = False


class Asked(NamedTuple):
    """What to ask for: documents of a tenant that an expression finds, in a range of moments (ms), open where None."""

    tenant: str
    expression: Expression
    low: int | None
    high: int | None
    hashed: Hashed


class Way(NamedTuple):
    """Which of them: `size` behind a start, on the way up or down."""

    start: Start | None
    falling: bool
    size: int

    @property
    def direction(self) -> str:
        """The way as SQL says it."""
        return "desc" if self.falling else "asc"

    def sign(self) -> str:
        """How what lies on the way compares with the start."""
        equal = "=" if self.start is not None and self.start.inclusive else ""
        return ("<" if self.falling else ">") + equal


class Statement(NamedTuple):
    """A statement for one engine and its parameters. `order` says what stands at `$1`, `$2` … on PostgreSQL."""

    sql: str
    parameters: Mapping[str, str | int | Sequence[int]]
    order: tuple[str, ...] = ()


class Dialect(Protocol):
    """How one engine is asked. Fewer rows than the size of the way say that there are no more."""

    def exact(self, asked: Asked) -> bool:
        """Whether the range of moments is as exact in the index as it is asked for."""
        ...

    def in_order(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by moment and id."""
        ...

    def by_id(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by id."""
        ...

    def walk(self, names: Names, asked: Asked, way: Way) -> Statement | None:
        """The same as `by_id`, better where a good part of all is found; None where `by_id` is as good for that."""
        ...

    def count(self, names: Names, asked: Asked, cap: int | None = None) -> Statement:
        """One row with the number of documents, at most `cap`."""
        ...


def start_at(position: Position, *, inclusive: bool = False) -> Start:
    """The start of a position in the order of moments.

    A cursor that somebody has made up may hold any value; it still compares as positions do.
    """
    (rank, value), entity_id = position
    if isinstance(value, str) or rank > NUMBER or (rank == NUMBER and value > INSTANT_MAX):
        return Start(INSTANT_MAX, AFTER_ALL_IDS, inclusive)
    if rank < NUMBER or value < INSTANT_MIN:
        return Start(INSTANT_MIN, "", inclusive)
    moment = int(value // 1)
    return Start(moment, entity_id if moment == value else AFTER_ALL_IDS, inclusive)
