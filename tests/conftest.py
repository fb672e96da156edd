"""What every test gets: a closed network, and the contract where it is at hand."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

from tests.network import closed_network

__all__ = ["closed_network", "contract"]

pytest_plugins = ["tests.databases"] if find_spec("tests.databases") else []

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run: a failure that comes and goes helps nobody. Time is bounded by pytest-timeout.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, print_blob=True, max_examples=30)
# HYPOTHESIS_PROFILE=thorough searches longer than `make test` has time for, and elsewhere each time.
hypothesis.settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=1_000)
# For `make fast`: a look in every corner, the thorough search is left to `make test`.
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("house"), max_examples=20)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# Tests in these folders start processes of their own.
SLOW_FOLDERS = ("crash", "package", "stories")
# Journeys that `make test` has no time for: `make thorough` runs them.
THOROUGH = (
    "retention/test_kill.py",
    "stories/test_first_promise.py",
    "timers/test_two_processes.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what lies in a slow folder, and what only a thorough run has time for."""
    for item in items:
        if any(item.path.is_relative_to(ROOT / "tests" / folder) for folder in SLOW_FOLDERS):
            item.add_marker(pytest.mark.slow)
        if any(item.path.is_relative_to(ROOT / "tests" / place) for place in THOROUGH):
            item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session")
def contract() -> Path:
    """The published API description that the hub answers to; it is not part of this repository."""
    path = Path(os.environ.get("OPENDOMS_CONTRACT", ROOT.parent / "shared" / "spec" / "openapi.json"))
    if not path.is_file():
        pytest.skip("the contract is not here; name its openapi.json in OPENDOMS_CONTRACT")
    return path
