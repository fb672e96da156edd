"""Database URLs: what each leads to, and one sentence without a password for a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.location import PostgresLocation, SqliteLocation, location_of
from opendoms.db.migrate import migrate, pending
from opendoms.kernel.refusal import Unavailable


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/opendoms.db", "data/opendoms.db"),
        ("sqlite:////var/lib/opendoms.db", "/var/lib/opendoms.db"),
        ("sqlite:///a%20b%3F.db", "a b?.db"),
        ("sqlite:///ä.db", "ä.db"),
    ],
)
def test_three_slashes_are_relative_and_four_absolute(url: str, path: str) -> None:
    """A SQLite URL names a file."""
    assert location_of(url) == SqliteLocation(Path(path))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@db.example:5433/hub",
        "postgres://db.example/hub?sslmode=require",
        "postgresql://me@/hub?host=/run/postgresql",
    ],
)
def test_a_postgresql_url_goes_to_the_driver_as_it_is(url: str) -> None:
    """Everything that the driver understands may stand in the URL."""
    assert location_of(url) == PostgresLocation(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "opendoms.db",
        "sqlite:opendoms.db",
        "sqlite://opendoms.db",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite:///a%00b",
        "mysql://me:secret@host/hub",
        "postgresql://me:secret@host:port/hub",
        "postgresql://me:secret@host",
        "postgresql://me:secret@[host/hub",
        "postgresql:me:secret",
    ],
)
async def test_a_wrong_url_is_refused_in_one_sentence_without_its_password(url: str) -> None:
    """Whoever makes an engine or migrates hears what is expected; the URL is not repeated."""
    for use in (location_of, engine_for):
        with pytest.raises(ValueError, match="URL") as caught:
            use(url)
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)
    for command in (migrate, pending):
        with pytest.raises(ValueError, match="URL"):
            await command(url)


async def test_an_unreachable_server_is_an_outage_without_its_password() -> None:
    """Nothing that is said about a server that does not answer holds the password."""
    url = "postgresql://me:secret@127.0.0.1:1/hub"
    engine = engine_for(url)
    for work in (engine.open(), migrate(url), pending(url)):
        with pytest.raises(Unavailable) as caught:
            await work
        error: BaseException | None = caught.value
        while error is not None:
            assert "secret" not in f"{error} {error!r} {error.args}"
            error = error.__cause__ or error.__context__
    assert "secret" not in f"{engine!r} {location_of(url)!r}"
    await engine.close()
