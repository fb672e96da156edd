"""Holds single order records against their type, so that one that is wrong says so for itself only."""

from __future__ import annotations

from typing import Final

import msgspec

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Invalid
from opendoms.records.rules.bulk import Item
from opendoms.records.wire import OrderRecordForCreation
from opendoms.web.body import BodyDecoder

_DECODER: Final = BodyDecoder(OrderRecordForCreation)


def judged(part: msgspec.Raw, record: Document) -> Item:
    """A record out of a larger body: its JSON, and the same decoded. Its timestamps take their canonical form."""
    try:
        _DECODER.judge(part, record)
    except Invalid as refused:
        return Item(record, refused.faults)
    return Item(record)


def judged_line(line: bytes) -> Item:
    """A record that is a body by itself."""
    try:
        return Item(_DECODER.decode(line)[1])
    except Invalid as refused:
        return Item({}, refused.faults)
