"""What a check of stored data is: it reads, and tells what does not agree. The slices bring theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.db.sqlfile import Query

# Rows that are read at once. However many there are, one read stays short.
ROWS_AT_ONCE: Final = 2_000


class Finding(NamedTuple):
    """Something that does not agree. `subject` says where (ids, no personal data), `text` what was expected."""

    check: str
    tenant: str
    subject: str
    text: str


class Check(NamedTuple):
    """One check. `run` is given the engine and the present instant (ms), and only reads."""

    name: str
    what: str
    run: Callable[[Engine, int], AsyncIterator[Finding]]


async def paged(db: Engine, query: Query, key: Sequence[str], now: int) -> AsyncIterator[Row]:
    """All rows of a query in the order of its key: the first columns, of which the parameters are called `after_…`."""
    after: dict[str, str | int] = {f"after_{name}": "" for name in key}
    while True:
        parameters = {**after, "now": now, "size": ROWS_AT_ONCE}
        rows = await db.rows(query, {name: parameters[name] for name in query.order})
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        after = {f"after_{name}": value for name, value in zip(key, rows[-1], strict=False)}
