"""Where imported lines go to: a database, or the API of a hub. Both answer one result per line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, Literal, NamedTuple, Protocol

import httpx
import msgspec
from msgspec import Meta

from opendoms.importing.judges import Judges
from opendoms.importing.judging import TOO_LONG
from opendoms.importing.lines import BatchLimits, Line
from opendoms.importing.stopped import Stopped
from opendoms.kernel.changeset import Origin
from opendoms.kernel.refusal import Invalid
from opendoms.records.actions import OrderRecordActions
from opendoms.records.answers import message
from opendoms.records.composition import Composed, Situation
from opendoms.records.wire import OPERATIONS_MAX
from opendoms.records.wire.creation import FacilityReference
from opendoms.web.body import BodyDecoder
from opendoms.web.wire_types import TenantKey, Wire

# One changeset of the database, and one request of the API.
DATABASE_BATCH: Final = BatchLimits(lines=250, bytes=8 * 1024 * 1024)
API_BATCH: Final = BatchLimits(lines=OPERATIONS_MAX, bytes=2 * 1024 * 1024)
# Enough that the next batch is read and judged while others are being stored.
BATCHES_AT_ONCE: Final = 4
# How often a request is repeated, the pauses between (they double), and the longest one that a server may ask for.
REPEATS_MAX: Final = 8
PAUSE_S_MIN: Final = 0.5
PAUSE_S_MAX: Final = 30.0
ANSWER_S_MAX: Final = 60.0

_REPEATABLE: Final = frozenset({408, 429, 500, 502, 503, 504})
_PATH: Final = "/api/orderrecords"


class Result(NamedTuple):
    """What became of a line. `key` is the caller's own id where it failed, as far as that can be read."""

    status: Literal["CREATED", "UNCHANGED", "FAILED"]
    message: str = ""
    key: str | None = None


class Destination(Protocol):
    """Takes in batches of lines, several at once."""

    limits: BatchLimits
    at_once: int

    async def put(self, lines: Sequence[Line]) -> list[Result]:
        """One result per line, once all good ones are stored durably. Raises Stopped, or a Refusal."""
        ...


class _Keyed(Wire, frozen=True, gc=False):
    """What a line of a file must have: without an id of the caller's own, a repeated line would be another sale."""

    tenant_order_record_id: TenantKey


class _Named(_Keyed, frozen=True, gc=False):
    """What has to be looked up for a line."""

    facility_ref: FacilityReference


_KEYED: Final = BodyDecoder(_Keyed)
_NAMED: Final = msgspec.json.Decoder(_Named)


class _Lot:
    """Lines that are judged where there is time for it; here only what they name is read."""

    def __init__(self, lines: Sequence[Line], judges: Judges) -> None:
        self._lines = [line.data for line in lines]
        self._judges = judges
        named = [name for name in map(_named, self._lines) if name is not None]
        self.keys = list({name.tenant_order_record_id: None for name in named})
        self.references = {name.facility_ref for name in named}

    async def composed(self, situation: Situation) -> Composed:
        return await self._judges.composed(self._lines, situation)


def _named(data: bytes | None) -> _Named | None:
    """What a line names; None where that is wrong, which its judge says in detail."""
    try:
        return _NAMED.decode(data or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


class DatabaseDestination:
    """Takes lines in through the actions that serve the API."""

    limits = DATABASE_BATCH

    def __init__(self, records: OrderRecordActions, origin: Origin, judges: Judges | None = None) -> None:
        self._records = records
        self._origin = origin
        self._judges = judges or Judges(0)
        # Each process has one to judge and finds the next one waiting, while others are being stored.
        self.at_once = BATCHES_AT_ONCE + self._judges.count

    async def put(self, lines: Sequence[Line]) -> list[Result]:
        """One changeset for all of them; see the protocol."""
        outcomes = await self._records.take_in(_Lot(lines, self._judges), self._origin)
        return [
            Result(outcome.status, message(outcome), _key(line)) if outcome.faults else Result(outcome.status)
            for line, outcome in zip(lines, outcomes, strict=True)
        ]


def _key(line: Line) -> str | None:
    """The caller's own id of a line that may be wrong in any other way."""
    try:
        keyed: _Keyed = _KEYED.decode(line.data or b"")[0]
    except Invalid:
        return None
    return keyed.tenant_order_record_id


class _Error(msgspec.Struct):
    message: str


class _Detail(msgspec.Struct):
    status: Literal["CREATED", "UNCHANGED", "FAILED"]
    error: _Error | None = None


class _Answer(msgspec.Struct):
    details: Annotated[list[_Detail], Meta(max_length=OPERATIONS_MAX)]


class _Summary(msgspec.Struct):
    summary: str


class ApiDestination:
    """Sends lines to a hub. The client carries the address and the token."""

    limits = API_BATCH
    at_once = BATCHES_AT_ONCE

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def put(self, lines: Sequence[Line]) -> list[Result]:
        """One request for those that are JSON objects with an id; see the protocol."""
        results: list[Result | None] = [_refused(line) for line in lines]
        sent = [line for line, result in zip(lines, results, strict=True) if result is None]
        answered = iter(await self._answers(sent) if sent else ())
        return [result or next(answered) for result in results]

    async def _answers(self, lines: Sequence[Line]) -> list[Result]:
        bodies = [line.data.strip() for line in lines if line.data is not None]
        content = b'{"operations":[' + b",".join(bodies) + b"]}"
        answer = await self._answer(content)
        try:
            details = msgspec.json.decode(answer.content, type=_Answer).details
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Stopped(f"{self._client.base_url}: the answer is none of an order hub") from error
        if len(details) != len(lines):
            raise Stopped(f"{self._client.base_url}: {len(details)} results for {len(lines)} lines")
        return [
            Result(detail.status, detail.error.message, _key(line)) if detail.error else Result(detail.status)
            for line, detail in zip(lines, details, strict=True)
        ]

    async def _answer(self, content: bytes) -> httpx.Response:
        """The answer, after as many repeats as it takes: a repeated sale is recognised, so none is stored twice."""
        pause, reason = PAUSE_S_MIN, ""
        for repeats_left in range(REPEATS_MAX, -1, -1):
            asked: float | None = None
            try:
                answer = await self._client.put(_PATH, content=content, headers={"content-type": "application/json"})
            except httpx.RequestError as error:
                reason = f"cannot be reached ({type(error).__name__})"
            else:
                if answer.status_code == httpx.codes.OK:
                    return answer
                reason = f"answered {answer.status_code}: {_summaries(answer)}"
                if answer.status_code not in _REPEATABLE:
                    break
                asked = _asked_pause(answer)
            if not repeats_left:
                break
            await asyncio.sleep(pause if asked is None else asked)
            pause = min(2 * pause, PAUSE_S_MAX)
        raise Stopped(f"{self._client.base_url}: {reason}")


def _refused(line: Line) -> Result | None:
    """The result of a line that cannot be part of a request."""
    if line.data is None:
        return Result("FAILED", TOO_LONG.summary)
    try:
        _KEYED.decode(line.data)
    except Invalid as refused:
        return Result("FAILED", "; ".join(fault.summary for fault in refused.faults))
    return None


def _summaries(answer: httpx.Response) -> str:
    try:
        faults = msgspec.json.decode(answer.content, type=list[_Summary])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.reason_phrase
    return "; ".join(fault.summary for fault in faults)


def _asked_pause(answer: httpx.Response) -> float | None:
    """How long the server asks to wait, in seconds."""
    given = answer.headers.get("retry-after", "")
    return min(float(given), PAUSE_S_MAX) if given.isascii() and given.isdigit() else None
