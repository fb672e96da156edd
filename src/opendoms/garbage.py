"""Tunes Python's garbage collector to what the hub does: decode, judge, encode, forget."""

from __future__ import annotations

import gc
from typing import Final

# Collect less often than Python's defaults: decoded bodies are short-lived and hold no cycles.
THRESHOLDS: Final = (50_000, 20, 50)


def tune_garbage_collection() -> None:
    """What exists after the start lives for ever and need not be looked at again; this takes the long pauses away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
