"""Builds the wheel and installs it into an environment of its own, without a network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import NamedTuple

from tests.tree import ROOT

SECONDS_MAX = 60


class Installed(NamedTuple):
    """An environment with opendoms in it: where it is, and where it has the package."""

    folder: Path
    site_packages: Path

    def command(self, *arguments: str) -> list[str]:
        """An `opendoms` command, ready to be started."""
        return [str(self.folder / "bin" / "opendoms"), *arguments]

    def run(self, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """An `opendoms` command, run to its end in `folder`."""
        return self._run(self.command(*arguments), folder)

    def python(self, code: str, *, folder: Path) -> subprocess.CompletedProcess[str]:
        """A line of Python, run in this environment."""
        return self._run([str(self.folder / "bin" / "python"), "-c", code], folder)

    def _run(self, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=variables(), capture_output=True, check=False, text=True, timeout=SECONDS_MAX
        )


def variables() -> dict[str, str]:
    """The environment variables without those that would lead to this tree or change the settings."""
    ours = ("OPENDOMS_", "PYTHON", "PYTEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def built_wheel(folder: Path) -> Path:
    """The wheel of this tree, built into `folder` with the pinned build tool of the test environment."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("opendoms-*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Installed:
    """A fresh environment with the wheel. Its dependencies are those of the test environment, found by a path file.

    The test environment holds the package in place, too; path files are not followed from a path file's folder, so
    that the wheel's copy is the only one here.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site_packages = folder / "lib" / version / "site-packages"
    _pip("--python", folder / "bin" / "python", "install", "--no-deps", "--no-index", wheel)
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(folder, site_packages)


def _pip(*arguments: str | Path) -> None:
    command: list[str | Path] = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=SECONDS_MAX)
    assert done.returncode == 0, done.stderr
