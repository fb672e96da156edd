"""The log: one JSON line per event on standard output, like the request lines."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import structlog

from opendoms.db.engine import RefusedBySchema

# Their words are never those of a caller.
_OWN_WORDS: Final = frozenset({RefusedBySchema.__name__})
_TRACES: Final = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def trace_of(error: BaseException) -> list[dict[str, Any]]:
    """What went wrong where, for the log: the types of the errors and the places, without words.

    What a library says may repeat what the caller sent, and so a person.
    """
    return _wordless(_TRACES((type(error), error, error.__traceback__)))


def _wordless(stacks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for stack in stacks:
        if stack["exc_type"] not in _OWN_WORDS:
            stack["exc_value"] = ""
        stack["exc_notes"] = []
        stack["exceptions"] = [_wordless(inner) for inner in stack["exceptions"]]
    return stacks


def configure_log() -> None:
    """Sends our own events and those of the libraries through one JSON shape. Exceptions carry no local values."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.ExceptionRenderer(_TRACES),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
