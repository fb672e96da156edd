"""The papers say what is so: commands, files and links that they name exist."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Final

import pytest

from tests.tree import ROOT, paths, text_of

PAPERS: Final = [path for path in paths() if path.endswith(".md")]
MAKE: Final = re.compile(r"(?:^|`)(?:[A-Z]+=\S+ )*make ([a-z][a-z-]*)", re.MULTILINE)
LINK: Final = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
NAMED_PAPER: Final = re.compile(r"[\w./-]*\w\.md\b")
NAMED_FILE: Final = re.compile(r"`((?:src|tests|docs|requirements|openapi)/[\w./-]+)`")
DECISION: Final = re.compile(r"docs/decisions/(?P<number>\d{4})-[a-z0-9-]+\.md")
SILENT_POINT: Final = re.compile(r"\b[Dd]ecisions? (D\d+(?:(?:, | and )D\d+)*)")


def verbs() -> set[str]:
    """The verbs of the Makefile."""
    return set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("path", PAPERS)
def test_every_make_command_exists(path: str) -> None:
    """No paper names a verb that the Makefile does not have."""
    assert set(MAKE.findall(text_of(path))) - verbs() == set()


def test_every_verb_is_explained() -> None:
    """Every verb that `make help` lists is in CONTRIBUTING.md."""
    listed = set(re.findall(r"^([a-z][a-z-]*):.*## ", text_of("Makefile"), re.MULTILINE)) - {"help"}
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", text_of("CONTRIBUTING.md")))
    assert listed - named == set()


def test_every_folder_of_tests_is_explained() -> None:
    """Every folder of tests has its row in CONTRIBUTING.md."""
    folders = {PurePosixPath(path).parts[1] for path in paths() if re.match(r"tests/\w+/test_\w+\.py", path)}
    named = set(re.findall(r"^\| `tests/(\w+)/` \|", text_of("CONTRIBUTING.md"), re.MULTILINE))
    assert folders - named == set()


@pytest.mark.parametrize("path", PAPERS)
def test_every_link_leads_somewhere(path: str) -> None:
    """A link to a file of ours names one that is there."""
    links = [link for link in LINK.findall(text_of(path)) if "://" not in link]
    assert [link for link in links if not (ROOT / path).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("path", PAPERS)
def test_every_file_that_is_named_is_there(path: str) -> None:
    """A path in backticks leads to a file or folder of the tree; the changelog may name what is gone."""
    if path == "CHANGELOG.md":
        return
    assert [name for name in NAMED_FILE.findall(text_of(path)) if not (ROOT / name).exists()] == []


def test_every_paper_that_the_code_names_is_there() -> None:
    """Code refers to no paper outside the tree; what a script writes need not be there yet."""
    here = {PurePosixPath(path).name for path in PAPERS}
    code = [
        path for path in paths() if path.endswith((".py", ".sql")) and not path.startswith(("tests/arch/", "bench/"))
    ]
    named = {(path, name) for path in code for name in NAMED_PAPER.findall(text_of(path))}
    assert {(path, name) for path, name in named if PurePosixPath(name).name not in here} == set()


def test_every_silent_point_that_the_code_names_is_answered() -> None:
    """`decision D9` in code or tests is a row of the table of silent points."""
    answered = set(re.findall(r"^\| (D\d+) \|", text_of("docs/reference/silent-points.md"), re.MULTILINE))
    named = {
        point
        for path in paths()
        if path.endswith((".py", ".sql"))
        for group in SILENT_POINT.findall(text_of(path))
        for point in re.findall(r"D\d+", group)
    }
    assert "D1" in named
    assert named - answered == set()


def test_the_examples_of_the_style_are_from_the_tree() -> None:
    """A Python example that names its file is in that file, line by line."""
    blocks = re.findall(r"```python\n# (src/\S+)\n(.*?)```", text_of("STYLE.md"), re.DOTALL)
    assert blocks
    for path, block in blocks:
        there = {line.strip() for line in text_of(path).splitlines()}
        assert {line.strip() for line in block.splitlines()} - there == set(), path


def test_decisions_are_numbered_listed_and_complete() -> None:
    """Every decision has a number of its own, is in the list, and has the four parts."""
    found = [path for path in paths() if DECISION.fullmatch(path)]
    assert len({Path(path).name[:4] for path in found}) == len(found) > 0
    listing = text_of("docs/decisions/README.md")
    for path in found:
        assert f"]({Path(path).name})" in listing, path
        parts = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"], path


def test_the_readme_shows_the_order_of_the_banner() -> None:
    """Whoever reads the README and whoever reads the banner of `serve` send the same order."""
    readme = "".join(text_of("README.md").split())
    banner = "".join(text_of("src/opendoms/serving.py").replace("{{", "{").replace("}}", "}").split())
    order = r'"orderDate":.*?"orderLineItems":\[.*?\}\}\]'
    shown, printed = re.search(order, readme), re.search(order, banner)
    assert shown
    assert printed
    assert shown[0] == printed[0]
