"""Why an import cannot go on."""

from __future__ import annotations


class Stopped(Exception):  # noqa: N818 - told to the operator as one line
    """The import cannot go on. What is stored stays, and the next run goes on behind it."""
