"""Looks through the stored data for what does not agree. It only reads, beside a running server as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from opendoms.db.checks import Check, Finding
from opendoms.db.engine import Engine
from opendoms.inventory.doctor import CHECKS as STOCK_CHECKS

# Findings of one check that are told; the first ones say what is wrong.
FINDINGS_MAX: Final = 1_000

CHECKS: Final[tuple[Check, ...]] = STOCK_CHECKS


class Examined(NamedTuple):
    """What one check has found; `more` says that it was ended after FINDINGS_MAX."""

    check: Check
    findings: list[Finding]
    more: bool


async def examine(db: Engine, now: int, checks: Sequence[Check] = CHECKS) -> list[Examined]:
    """Runs checks on an open engine. `now` is an instant in ms: what has expired by then holds nothing."""
    results = []
    for check in checks:
        findings: list[Finding] = []
        async for finding in check.run(db, now):
            findings.append(finding)
            if len(findings) > FINDINGS_MAX:
                break
        results.append(Examined(check, findings[:FINDINGS_MAX], len(findings) > FINDINGS_MAX))
    return results


def as_table(results: Sequence[Examined]) -> str:
    """The result for people: a line per check, and below it a line per finding."""
    width = max(len(result.check.name) for result in results)
    lines = []
    for result in results:
        count = f"{len(result.findings)}{' or more' if result.more else ''} found" if result.findings else "fine"
        lines.append(f"{result.check.name:<{width}}  {count:<10}  {result.check.what}")
        lines += [f"{'':<{width}}  {each.tenant}: {each.subject}: {each.text}" for each in result.findings]
    return "\n".join(lines)


def as_json(results: Sequence[Examined]) -> str:
    """The result for programs."""
    body = [
        {
            "check": result.check.name,
            "what": result.check.what,
            "more": result.more,
            "findings": [
                {"tenant": each.tenant, "subject": each.subject, "text": each.text} for each in result.findings
            ],
        }
        for result in results
    ]
    return msgspec.json.encode(body).decode()
