"""The import contracts in pyproject.toml catch what they are for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.tree import ROOT, text_of

# Modules that each break a contract, planted into a copy of the package: contract → path → text.
PLANTED: Final = {
    "kernel": {"kernel/planted.py": "import opendoms.settings"},
    "arrows": {"db/planted.py": "import opendoms.orders"},
    "pure": {"planted/rules.py": "import opendoms.planted.actions", "planted/actions.py": "import sqlite3"},
    "clock": {"planted/model.py": "import time"},
    "web": {"identity/planted.py": "", "web/planted.py": "import opendoms.identity.planted"},
    "actions": {"planted/actions.py": "import opendoms.web.routing"},
}


def contracts() -> dict[str, str]:
    """The contracts of pyproject.toml: id → name."""
    listed = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in listed}


def verdicts(package: Path, *asked: str) -> dict[str, bool]:
    """What import-linter says about a package: name of the contract → whether it is kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    command: list[str | Path] = [linter, "--no-cache", "--no-logo", "--config", ROOT / "pyproject.toml"]
    for contract in asked:
        command += ["--contract", contract]
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "COLUMNS": "400"}
    run = subprocess.run(command, cwd=package.parent, env=environment, capture_output=True, check=False, text=True)
    return {name: word == "KEPT" for name, word in re.findall(r"^(.+?) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE)}


def test_the_package_keeps_every_contract() -> None:
    """No module imports what it may not know."""
    assert verdicts(ROOT / "src/opendoms") == dict.fromkeys(contracts().values(), True)


@pytest.mark.parametrize("contract", contracts())
def test_a_contract_notices_a_violation(contract: str, tmp_path: Path) -> None:
    """A planted import breaks the contract."""
    package = tmp_path / "opendoms"
    shutil.copytree(ROOT / "src/opendoms", package, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in PLANTED[contract].items():
        (package / path).parent.mkdir(exist_ok=True)
        (package / path).parent.joinpath("__init__.py").touch()
        (package / path).write_text(text)
    assert verdicts(package, contract) == {contracts()[contract]: False}


def test_every_contract_has_a_violation_planted() -> None:
    """No contract is kept that was never seen to catch something."""
    assert set(PLANTED) == set(contracts())
