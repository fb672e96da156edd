"""A command that cannot do its work ends with one line that says why, and never with a trace."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click
import pytest

from opendoms import cli
from opendoms.db.migrate import MigrationFailed
from opendoms.failures import FAILURE_EXIT, USAGE_EXIT, Failure, failure_of
from opendoms.importing import orderrecords
from opendoms.kernel.refusal import Fault, Invalid, Unavailable
from tests.databases import PostgresServer, run_sql

Captured = pytest.CaptureFixture[str]

# Commands that open a database as it is, and those that bring it to this release first.
OPENING: Final = (["doctor"], ["retention", "--dry-run"], ["reindex"])
MIGRATING: Final = (["migrate"], ["serve", "--migrate"])


def line_of(capsys: Captured, *arguments: str) -> str:
    """The one line that a command fails with; it prints nothing else, and exits with 1."""
    with pytest.raises(SystemExit) as ended:
        cli.main([*arguments])
    shown = capsys.readouterr()
    assert (ended.value.code, shown.out, shown.err.count("\n")) == (FAILURE_EXIT, "", 1), shown
    return shown.err


@pytest.mark.parametrize("command", MIGRATING, ids=" ".join)
def test_a_migration_that_fails_is_named(command: list[str], empty_database_url: str, capsys: Captured) -> None:
    """With what the database said; it left nothing."""
    asyncio.run(run_sql(empty_database_url, "create table orders (x integer)"))
    line = line_of(capsys, *command, "--database", empty_database_url)
    assert "Migration 0001_foundation failed and left nothing" in line
    assert "orders" in line.partition("nothing: ")[2]


def test_a_newer_schema_is_left_alone(database_url: str, capsys: Captured) -> None:
    """Every command says that a newer release was here."""
    asyncio.run(run_sql(database_url, "insert into schema_migrations values (999, '0999_later', 1)"))
    for command in (*OPENING, *MIGRATING):
        assert "a newer release migrated it" in line_of(capsys, *command, "--database", database_url)


class TestSqlite:
    """A file that is not there, or is none of ours."""

    @pytest.mark.parametrize("command", OPENING, ids=" ".join)
    def test_a_missing_file_is_named(self, command: list[str], tmp_path: Path, capsys: Captured) -> None:
        """Commands that look or repair make no database by a misspelt path."""
        line = line_of(capsys, *command, "--database", f"sqlite:///{tmp_path}/none.db")
        assert f"There is no file {tmp_path}/none.db" in line
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("command", [*OPENING, *MIGRATING], ids=" ".join)
    def test_a_file_of_another_kind_is_told(self, command: list[str], tmp_path: Path, capsys: Captured) -> None:
        """And is left as it is."""
        file = tmp_path / "letter.db"
        file.write_text("Dear Sir or Madam, " * 100)
        assert "file is not a database" in line_of(capsys, *command, "--database", f"sqlite:///{file}")
        assert file.read_text().startswith("Dear Sir")

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path, capsys: Captured) -> None:
        """With the words of the machine."""
        (tmp_path / "file").touch()
        line = line_of(capsys, "migrate", "--database", f"sqlite:///{tmp_path}/file/new.db")
        assert line.startswith("opendoms: The database cannot be reached: [Errno ")


@pytest.mark.postgres
class TestPostgres:
    """A server that is not there, or does not let the user do it."""

    def test_a_missing_database_is_named(self, postgres_server: PostgresServer, capsys: Captured) -> None:
        """In the words of the server."""
        url = urlsplit(postgres_server.url)._replace(path="/nowhere").geturl()
        for command in (*OPENING, *MIGRATING, ["serve"]):
            assert 'database "nowhere" does not exist' in line_of(capsys, *command, "--database", url)

    def test_a_missing_right_is_named(self, postgres_server: PostgresServer, capsys: Captured) -> None:
        """And the password of who lacks it is not."""
        url = postgres_server.create()
        asyncio.run(run_sql(url, "create role outsider login password 's3cret'"))
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        try:
            theirs = parts._replace(netloc=f"outsider:s3cret@{host}").geturl()
            lines = [line_of(capsys, *command, "--database", theirs) for command in (*OPENING, *MIGRATING, ["serve"])]
        finally:
            asyncio.run(run_sql(url, "drop role outsider"))
            postgres_server.give_back(url)
        assert all("permission denied" in line for line in lines)
        assert "s3cret" not in "".join(lines)


class TestImport:
    """What stops an import before it has begun, and in the middle."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        """A file with one line."""
        path = tmp_path / "sales.ndjson"
        path.write_text(json.dumps({"tenantOrderRecordId": "1"}) + "\n")
        return path

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (["--url", "https://"], "--url"),
            (["--url", "https://hub.test:port"], "--url"),
            (["--url", "https://[::1"], "--url"),
            (["--url", "https://hub test"], "--url"),
            (["--token", "two\nlines"], "--token"),
            (["--token", "tökén"], "--token"),
            (["--verdicts", "/no/such/folder/verdicts"], "--verdicts"),
        ],
    )
    def test_what_can_never_be_sent_is_not_tried(
        self, options: list[str], told: str, file: Path, capsys: Captured
    ) -> None:
        """Wrong use, in one line."""
        with pytest.raises(SystemExit, match="2"):
            cli.main(["import", "orderrecords", str(file), "--url", "https://hub.test", "--token", "x", *options])
        shown = capsys.readouterr()
        assert (shown.out, shown.err.count("\n"), told in shown.err) == ("", 1, True)

    def test_an_interrupted_import_says_how_to_go_on(
        self, file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ctrl-C is a way to stop, and what is stored stays."""

        async def interrupted(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(orderrecords, "through_api", interrupted)
        line = line_of(capsys, "import", "orderrecords", str(file), "--url", "https://hub.test", "--token", "x")
        assert line == "opendoms: Stopped. Run the same command again to go on.\n"


def unreachable() -> Unavailable:
    """A refusal of the database with its cause, as the engines raise it."""
    refused = Unavailable(Fault("The database cannot be reached.", "Try again."))
    refused.__cause__ = ConnectionError("nobody listens")
    return refused


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (MigrationFailed("Migration x failed."), Failure("Migration x failed.", FAILURE_EXIT)),
        (unreachable(), Failure("The database cannot be reached: nobody listens", FAILURE_EXIT)),
        (ExceptionGroup("at once", [unreachable(), TypeError()]), failure_of(unreachable())),
        (Invalid(Fault("a: is wrong"), Fault("b: too")), Failure("a: is wrong; b: too", USAGE_EXIT)),
        (click.Abort(), Failure("Stopped.", FAILURE_EXIT)),
        (TimeoutError(), Failure("TimeoutError", FAILURE_EXIT)),
        (TypeError("a bug"), None),
        (ExceptionGroup("at once", [TypeError("a bug")]), None),
    ],
)
def test_every_failure_has_its_line(error: Exception, failure: Failure | None) -> None:
    """Save for faults of ours: of these the trace is shown."""
    assert failure_of(error) == failure
