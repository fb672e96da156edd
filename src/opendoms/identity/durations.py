"""Spans of time as a person types them: 45s, 10m, 12h, 30d, 4w."""

from __future__ import annotations

import re
from typing import Final

DURATION_MAX_S: Final = 10 * 366 * 86_400  # ten years, so that a token made for a machine ends one day

_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_FORM: Final = re.compile(r"([0-9]{1,9})([smhdw])")


def parse_duration(text: str) -> int:
    """The whole seconds of such a text. Raises ValueError where it is another text, nothing, or more than ten years."""
    found = _FORM.fullmatch(text.strip().lower())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 1 <= seconds <= DURATION_MAX_S:
        raise ValueError("duration: expected a number and s, m, h, d or w, such as 30d, up to ten years")
    return seconds
