"""Asks a running server the same kind of question many times, over one connection, and times the answers."""

from __future__ import annotations

import http.client
import json
import statistics
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from bench.at_scale.questions import Body, Question
from opendoms.kernel.decision import Document

SEARCH: Final = "/api/orders/search"
EXPLAIN: Final = "/opendoms/v1/orders/search/explain"
WARM_UP: Final = 5
ANSWER_S_MAX: Final = 60
DEPTH: Final = 1_000
PAGE: Final = 20


class Timing(NamedTuple):
    """Times of one question in ms; `found` is the median number of results on a page."""

    name: str
    p50: float
    p95: float
    worst: float
    found: int
    goal: float | None
    plan: str

    def line(self) -> str:
        """One line of the table."""
        mark = "" if self.goal is None else f"< {self.goal:.0f}" + ("" if self.p95 < self.goal else " missed")
        return f"{self.name:48} {self.p50:8.1f} {self.p95:8.1f} {self.worst:8.1f} {self.found:6d}  {mark}"


HEADING: Final = f"{'question':48} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8} {'found':>6}  goal of p95"


class Client:
    """One connection that stays open."""

    def __init__(self, url: str, token: str) -> None:
        address = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_S_MAX)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def ask(self, path: str, body: Body) -> tuple[float, Document, http.client.HTTPResponse]:
        """How long the answer took (ms, until its last byte), and the answer."""
        data = json.dumps(body).encode()
        begin = time.perf_counter()
        self._connection.request("POST", path, data, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - begin) * 1000
        if answer.status != http.client.OK:
            raise RuntimeError(f"{answer.status} to {body}: {text[:500]!r}")
        return took, json.loads(text), answer


def timing(client: Client, question: Question, samples: Sequence[Document]) -> Timing:
    """The times of one question, its values taken from one stored order after another."""
    bodies = [question.body(samples[number % len(samples)]) for number in range(question.repeats + WARM_UP)]
    plan = _plan(client, bodies[-1])
    for body in bodies[:WARM_UP]:
        client.ask(SEARCH, body)
    answers = [client.ask(SEARCH, body) for body in bodies[WARM_UP:]]
    return _timing(question.name, [took for took, _, _ in answers], [a for _, a, _ in answers], question.goal_ms, plan)


def deep_page(client: Client, question: Question, samples: Sequence[Document]) -> Timing:
    """The times of the page at depth 1,000 of a question."""
    body = question.body(samples[0])
    for number, cursor in enumerate(_cursors(client, body), 2):
        if number == DEPTH:
            there = {**body, "after": cursor}
            answers = [client.ask(SEARCH, there) for _ in range(question.repeats)]
            took = [each for each, _, _ in answers]
            name = question.name.replace("first page", f"page {DEPTH:,}")
            return _timing(name, took, [answer for _, answer, _ in answers], question.goal_ms, _plan(client, there))
    raise RuntimeError(f"{question.name} has fewer than {DEPTH} pages")


def _cursors(client: Client, body: Body) -> Iterator[str]:
    """Where each page ends, one after another."""
    _, answer, _ = client.ask(SEARCH, body)
    while answer["pageInfo"]["hasNextPage"]:
        cursor = answer["pageInfo"]["endCursor"]
        yield cursor
        _, answer, _ = client.ask(SEARCH, {**body, "after": cursor})


def _timing(name: str, took: list[float], answers: list[dict[str, Any]], goal: float | None, plan: str) -> Timing:
    found = int(statistics.median(len(answer["orders"]) for answer in answers))
    p95 = sorted(took)[int(len(took) * 0.95)]
    return Timing(name, statistics.median(took), p95, max(took), found, goal, plan)


def _plan(client: Client, body: Body) -> str:
    return json.dumps(client.ask(EXPLAIN, body)[1], ensure_ascii=False)
