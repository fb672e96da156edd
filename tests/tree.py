"""The files of this repository, as the lints see them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache, cached_property
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
# Where there is no git (an unpacked archive), these are not ours.
NOT_OURS: Final = frozenset({".git", ".venv", "build", "data", "dist", "node_modules", "__pycache__"})


class Source:
    """One file: its path from the root of the repository, and its text."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree; only for Python."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of its syntax tree, found once for all lints."""
        return list(ast.walk(self.tree))

    @property
    def in_package(self) -> bool:
        """Whether it is shipped."""
        return self.path.startswith("src/opendoms/")

    @property
    def is_test(self) -> bool:
        """Whether pytest collects it."""
        return self.path.startswith("tests/") and Path(self.path).name.startswith("test_")


@cache
def paths() -> list[str]:
    """Every file that is or would be tracked, from the root of the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
        return sorted(path for path in listed if path and (ROOT / path).is_file())
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not NOT_OURS & set(path.parts))


def text_of(path: str) -> str:
    """The text of a file; bytes that are no UTF-8 stay visible as escapes."""
    return (ROOT / path).read_text("utf-8", "backslashreplace")


@cache
def python_sources() -> list[Source]:
    """Every Python file of ours, read and parsed once per test run."""
    return [Source(path, text_of(path)) for path in paths() if path.endswith(".py")]
