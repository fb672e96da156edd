"""`python -m opendoms` is the same as the `opendoms` command."""

from __future__ import annotations

from opendoms.cli import main

if __name__ == "__main__":
    main()
