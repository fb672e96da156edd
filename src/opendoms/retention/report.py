"""What retention would do now, counted, and shown as a table or as JSON. No member of a document is shown."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.sqlfile import Queries
from opendoms.kernel.clock import Clock, text_of
from opendoms.kernel.personal import Fate, paths_of
from opendoms.retention.rules.dates import Policy
from opendoms.retention.rules.ending import Ending
from opendoms.retention.subjects import SUBJECTS, Span, spans_of, tenants

QUERIES: Final = Queries("opendoms.retention", "report.sql")


class Count(NamedTuple):
    """How many entities of a kind wait for the same ending, with how many rows of history, the first one since when."""

    tenant: str
    kind: str
    ending: Ending
    entities: int
    history_rows: int
    since: int


async def counted(db: Engine, clock: Clock, policy_of: Callable[[str], Awaitable[Policy]]) -> list[Count]:
    """What is due now, of every tenant; `policy_of` answers the policy of one."""
    counts: list[Count] = []
    async for tenant in tenants(db):
        now = clock.now(tenant)
        counts += await _records(db, tenant, now)
        counts += await _orders(db, tenant, await policy_of(tenant), now)
    return counts


async def _records(db: Engine, tenant: str, now: int) -> list[Count]:
    rows = await db.rows(QUERIES.count_records, {"tenant": tenant, "now": now, "now_text": text_of(now)})
    return [
        Count(tenant, "ORDER_RECORD", Ending(row[0]), *row[1:]) for row in sorted(rows, key=lambda row: str(row[0]))
    ]


async def _orders(db: Engine, tenant: str, policy: Policy, now: int) -> list[Count]:
    """Orders that were never anonymised and whose deletion is due go at once, so they count as deleted."""
    sums: dict[Ending, Count] = {}

    async def add(ending: Ending, span: Span) -> None:
        if span.until < span.since:
            return
        query = QUERIES.count_live_orders if span.live else QUERIES.count_over_orders
        ((number, rows, first),) = await db.rows(
            query, {"tenant": tenant, "anonymized": span.anonymized, "since": span.since, "until": span.until}
        )
        if number:
            before = sums.get(ending, Count(tenant, "ORDER", ending, 0, 0, first + span.age_ms))
            sums[ending] = before._replace(
                entities=before.entities + number,
                history_rows=before.history_rows + rows,
                since=min(before.since, first + span.age_ms),
            )

    spans = spans_of(policy)
    for young, old in zip(spans[::2], spans[1::2], strict=True):
        gone = old._replace(until=min(old.until, now - old.age_ms))
        await add(Ending.DELETE, gone)
        await add(Ending.DELETE, gone._replace(anonymized=False))
        first, last = max(young.since, now - old.age_ms + 1), min(young.until, now - young.age_ms)
        await add(Ending.ANONYMIZE, young._replace(since=first, until=last))
    return [sums[ending] for ending in Ending if ending in sums]


def members() -> dict[str, dict[str, list[str]]]:
    """What becomes of the members of each kind of entity: the paths by fate, but for those that stay."""
    shown: dict[str, dict[str, list[str]]] = {}
    for kind, subject in SUBJECTS.items():
        by_fate: dict[str, list[str]] = {}
        for path, fate in paths_of(subject.kept.document):
            if fate is not Fate.STAYS:
                by_fate.setdefault(fate.value, []).append(path)
        by_fate["is removed"].append("members that the API does not name")
        shown[kind] = by_fate
    return shown


def as_json(counts: Sequence[Count], now: int) -> str:
    """The report for machines."""
    due = [
        {
            "tenant": count.tenant,
            "kind": count.kind,
            "ending": count.ending.value,
            "entities": count.entities,
            "historyRows": count.history_rows,
            "since": text_of(count.since),
        }
        for count in counts
    ]
    return json.dumps({"now": text_of(now), "due": due, "members": members()}, indent=2, ensure_ascii=False)


def as_table(counts: Sequence[Count], now: int) -> str:
    """The report for people."""
    head = ("tenant", "kind", "ending", "entities", "history rows", "due since")
    rows = [
        (one.tenant, one.kind, one.ending.value, str(one.entities), str(one.history_rows), text_of(one.since))
        for one in counts
    ]
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
    if not counts:
        return f"Nothing is due at {text_of(now)}."
    goes = [
        f"{kind}: {path} {fate}"
        for kind, fates in members().items()
        if any(one.kind == kind and one.ending is Ending.ANONYMIZE for one in counts)
        for fate, paths in fates.items()
        for path in paths
    ]
    return "\n".join([*lines, *(["", "What is anonymised, in documents and history:", *goes] if goes else [])])
