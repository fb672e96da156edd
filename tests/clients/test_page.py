"""The page about existing SDKs shows what is run."""

from __future__ import annotations

import json
import re
from typing import Final

from tests.clients.node import FOLDER, SDK
from tests.tree import text_of

PAGE: Final = "docs/how-to/use-existing-sdks.md"
BLOCK: Final = re.compile(r"^```js\n(// (\S+)\n.*?)^```$", re.DOTALL | re.MULTILINE)


def test_every_script_of_the_page_is_the_one_that_runs() -> None:
    """A block that names its file is that file, letter by letter; the page has four, and no other JavaScript."""
    blocks = {name: block for block, name in BLOCK.findall(text_of(PAGE))}
    assert sorted(blocks) == ["hub.mjs", "orders.mjs", "promises.mjs", "reason.mjs"]
    assert text_of(PAGE).count("```js") == 4
    for name, block in blocks.items():
        assert block == (FOLDER / name).read_text("utf-8"), name


def test_the_page_names_the_release_that_is_tested() -> None:
    """The page's release of the SDK is the one in package.json and in the lock."""
    release = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"][SDK]
    locked = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"][f"node_modules/{SDK}"]
    assert locked["version"] == release
    assert re.findall(rf"{SDK}@(\S+)", text_of(PAGE)) == [release]


def test_the_lock_pins_hashes_and_names_no_source() -> None:
    """Every package has a hash, and none an address."""
    locked = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"]
    assert locked.pop("")["name"] == "opendoms-clients"
    assert [name for name, package in locked.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in locked.items() if "resolved" in package] == []
