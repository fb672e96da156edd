"""What no tracked file may hold: hosts of package registries and paths of one machine."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.tree import paths, text_of

# Written in pieces, so that this file does not hold them either.
REGISTRIES: Final = (
    ("py" + "pi", "org"),
    ("python" + "hosted", "org"),
    ("npm" + "js", "org"),
    ("yarn" + "pkg", "com"),
    ("deb.debian", "org"),
    ("crates", "io"),
    ("uns" + "pkg", "com"),
    ("js" + "delivr", "net"),
)
HOME: Final = ("root", "home", "work", "Users", "opt")
SOURCES: Final = ("index-url", "extra-index-url", "find-links", "trusted-host")

HOSTS: Final = re.compile("|".join(re.escape(".".join(parts)) for parts in REGISTRIES), re.IGNORECASE)
MACHINE: Final = re.compile(r"(?<![\w.~/$}-])/(" + "|".join(HOME) + r")/\w+", re.IGNORECASE)
OPTIONS: Final = re.compile(r"^\s*--(" + "|".join(SOURCES) + ")", re.MULTILINE)


def found(pattern: re.Pattern[str], path: str) -> list[str]:
    """Every match in a file, with its line."""
    lines = enumerate(text_of(path).splitlines(), 1)
    return [f"{path}:{number}: {match[0]}" for number, line in lines for match in pattern.finditer(line)]


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the operator's choice, so that no file names a registry's host."""
    assert [finding for path in paths() for finding in found(HOSTS, path)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    """Nothing in the tree works on one machine only."""
    assert [finding for path in paths() for finding in found(MACHINE, path)] == []


def test_lock_files_pin_hashes_and_name_no_source() -> None:
    """Every pinned package has a hash, and no lock file says where to look for it."""
    locks = [path for path in paths() if path.startswith("requirements/") and path.endswith(".txt")]
    assert locks == [
        "requirements/build.txt",
        "requirements/dev.txt",
        "requirements/locks.txt",
        "requirements/runtime.txt",
    ]
    for path in locks:
        text = text_of(path)
        assert OPTIONS.findall(text) == []
        pins = re.findall(r"^[a-z0-9][a-z0-9_.-]*==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0


@pytest.mark.parametrize("host", [".".join(parts) for parts in REGISTRIES])
def test_a_registry_is_noticed(host: str) -> None:
    """The pattern catches an address with the host in it."""
    assert HOSTS.search(f"--index-url https://files.{host}/simple")


@pytest.mark.parametrize("path", ["/{}/main/x", 'open("/{}/a")', "cd /{}/here"])
def test_a_path_of_one_machine_is_noticed(path: str) -> None:
    """The pattern catches a folder that only one machine has, and leaves relative paths and addresses alone."""
    for folder in HOME:
        assert MACHINE.search(path.format(folder))
    assert not MACHINE.search("https://example.org/home/page and ./work/here and ~/opt/x")


@pytest.mark.parametrize("option", SOURCES)
def test_an_option_for_another_source_is_noticed(option: str) -> None:
    """The pattern catches an option line in a lock file."""
    assert OPTIONS.search(f"# made by a tool\n--{option} somewhere\n")
