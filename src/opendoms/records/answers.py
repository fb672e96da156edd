"""What is answered about order records. Stored bytes go out as they are: nothing is decoded or encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from opendoms.records.actions import Page
from opendoms.records.composition import Outcome


def bulk_answer(outcomes: Sequence[Outcome]) -> bytes:
    """One result per record, and the results in numbers."""
    statuses = [outcome.status for outcome in outcomes]
    return msgspec.json.encode(
        {
            "summary": {
                "created": statuses.count("CREATED"),
                "updated": 0,
                "unchanged": statuses.count("UNCHANGED"),
            },
            "details": [_detail(outcome) for outcome in outcomes],
        }
    )


def _detail(outcome: Outcome) -> dict[str, Any]:
    if outcome.status == "FAILED":
        return {"status": "FAILED", "error": {"type": "VALIDATION", "message": message(outcome)}}
    return {"status": outcome.status, "orderRecord": msgspec.Raw(outcome.body)}


def message(outcome: Outcome) -> str:
    """Every fault of a record in one text; each names its member by path."""
    return "; ".join(fault.summary for fault in outcome.faults)


def listed(page: Page, size: int) -> bytes:
    """The list's body. `nextCursor` (ours) is the startAfterId of the next page, where there may be one."""
    body: dict[str, Any] = {"orderRecords": [msgspec.Raw(each) for each in page.documents], "total": page.total}
    if len(page.documents) == size and page.total > size:
        body["nextCursor"] = page.last_id
    return msgspec.json.encode(body)
