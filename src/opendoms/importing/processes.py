"""How many processes an import is worth."""

from __future__ import annotations

import os
from typing import Final

PROCESSES_MAX: Final = 16
# Starting a judging process takes as long as judging a few megabytes does.
FILE_BYTES_MIN: Final = 4 * 1024 * 1024


def processes_for(file_bytes: int) -> int:
    """How many judging processes are worth it for a file: one per core, none on a single core or for a small file."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, PROCESSES_MAX) if cores > 1 and file_bytes >= FILE_BYTES_MIN else 0
