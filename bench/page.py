"""The page that keeps what was measured: docs/reference/performance.md, one section for each measurement."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import Final

from opendoms import __version__

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance.md"

HEAD: Final = """# Speed

What was measured, and by which command.
The load comes from the same machine, so read ratios and orders of magnitude, not single figures.
"""


def keep(title: str, text: str) -> None:
    """Puts `text` under the heading `title`, in place of what stood there; other sections stay as they are."""
    page = PAGE.read_text("utf-8") if PAGE.is_file() else HEAD
    PAGE.write_text(replaced(page, title, text), "utf-8")


def replaced(page: str, title: str, text: str) -> str:
    """The page with this section anew; a section that was not there goes to the end."""
    section = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if pattern.search(page):
        return pattern.sub(lambda _: section + "\n", page).rstrip() + "\n"
    return f"{page.rstrip()}\n\n{section}"


def machine() -> str:
    """The release that was measured, and where."""
    where = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"opendoms {__version__} on {where}"
