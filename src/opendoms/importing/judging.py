"""Judges lines of a file, here or in a process of its own.

A judging process gets questions on standard input and answers on standard output, one frame each: the length of a
pickle, and the pickle. It ends when its input does, which is at the latest when the asking process does: however that
one ends, no judge is left behind. Only the process that started it can write to it, so the pickles are our own.
"""

from __future__ import annotations

import pickle
import struct
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, Final, NamedTuple

from opendoms.garbage import tune_garbage_collection
from opendoms.importing.lines import LINE_BYTES_MAX
from opendoms.kernel.changeset import Changeset, Entry, Event, Put, merged
from opendoms.kernel.ids import new_id
from opendoms.kernel.refusal import Fault
from opendoms.records.composition import Composed, Outcome, Situation, composed
from opendoms.records.judging import judged_line
from opendoms.records.rules.bulk import Item
from opendoms.records.store import ORDER_RECORDS

TOO_LONG: Final = Fault(f"the line is longer than {LINE_BYTES_MAX} bytes")
LENGTH: Final = struct.Struct(">Q")

# Lines that are decoded before the first of them is encoded again. What they take fits into the caches of a core: ten
# times as many take a third longer each.
TOGETHER: Final = 25

# Lines as they were read, None where one is too long.
Lines = Sequence[bytes | None]


class Question(NamedTuple):
    """What a judging process is asked."""

    lines: Lines
    situation: Situation


def judged(lines: Lines, situation: Situation) -> Composed:
    """What the lines write, and what became of each."""
    parts: list[Composed] = []
    for start in range(0, len(lines), TOGETHER):
        items = [_item(line) for line in lines[start : start + TOGETHER]]
        parts.append(composed(items, situation, new_id))
        situation = situation._replace(held=parts[-1].held)
    outcomes = [outcome for part in parts for outcome in part.outcomes]
    return Composed(merged(*(part.changes for part in parts)), outcomes, situation.held)


def _item(line: bytes | None) -> Item:
    if line is None:
        return Item({}, (TOO_LONG,))
    item = judged_line(line)
    if not item.faults and "tenantOrderRecordId" not in item.record:
        return Item(item.record, (Fault("tenantOrderRecordId: is required for every line of a file"),))
    return item


def framed(value: Any) -> bytes:
    """A value as it goes to or from a judging process."""
    content = pickle.dumps(value, protocol=5)
    return LENGTH.pack(len(content)) + content


def packed(answer: Composed) -> Any:
    """An answer without what the asking process knows: tables, which hold functions, and the bodies of events.

    Plain tuples, since named ones take several times as long to pickle.
    """
    puts, drops, events, *others = answer.changes
    if drops or any(others):
        raise ValueError("an import only creates order records")  # a bug: `unpacked` would lose the rest
    return (
        [(*put[1:-1], tuple(put.entry or ())) for put in puts],
        [tuple(event) for event in events],
        [(outcome.status, b"", outcome.faults) for outcome in answer.outcomes],
    )


def unpacked(content: bytes) -> Composed:
    """The answer in a pickle; without stored bytes beside the changeset, which nobody asks an import for."""
    puts, events, outcomes = pickle.loads(content)  # noqa: S301 - see the head of this file
    changes = Changeset(
        puts=tuple([Put._make((ORDER_RECORDS, *put[:-1], Entry(*put[-1]))) for put in puts]),
        events=tuple([Event(*event) for event in events]),
    )
    return Composed(changes, [Outcome(*outcome) for outcome in outcomes], {})


def judge(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answers every question, until there are no more."""
    while len(length := asked.read(LENGTH.size)) == LENGTH.size:
        content = asked.read(LENGTH.unpack(length)[0])
        question = Question(*pickle.loads(content))  # noqa: S301 - see the head of this file
        answers.write(framed(packed(judged(question.lines, question.situation))))
        answers.flush()


def main() -> None:
    """The life of a judging process."""
    tune_garbage_collection()
    judge(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
