"""The command line: exact forms, one clear line where it is used wrongly, and no stack trace ever."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import jwt
import pytest

from opendoms.cli import main
from tests.databases import PostgresServer
from tests.server import COMMAND, ENVIRONMENT, Server, command, token

ORDER = {
    "orderDate": "2026-11-20T08:00:00Z",
    "consumer": {"consumerId": "c"},
    "orderLineItems": [{"quantity": 1, "article": {"tenantArticleId": "A", "title": "Article"}}],
}


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A SQLite URL whose file and folder do not exist yet."""
    return f"sqlite:///{tmp_path}/new/opendoms.db"


def here(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[str | int | None, str, str]:
    """Runs a command in this process, which spares the start of one: its exit code, and what it printed."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code, *capfd.readouterr()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--database", "mysql://x"], "database URL"),
        (["serve", "--port", "eighty"], "--port"),
        (["serve", "--port", "70000"], "port"),
        (["serve", "--workers", "0"], "workers"),
        (["serve", "--workers", "2"], "--workers"),
        (["serve", "--nonsense"], "--nonsense"),
        (["nonsense"], "nonsense"),
        (["token", "create", "--role", "ADMIN"], "--subject"),
        (["token", "create", "--subject", "s"], "--role"),
        (["token", "create", "--subject", "s", "--role", "KING"], "KING"),
        (["token", "create", "--subject", "s", "--permission", "FLY"], "FLY"),
        (["token", "create", "--subject", "s", "--role", "ADMIN", "--expires", "soon"], "duration"),
        (["user", "create", "--email", "a@example.com"], "--role"),
        (["seed", "--orders", "0"], "--orders"),
        (["seed"], "--scenario"),
        (["seed", "--scenario", "zoo"], "retail"),
        (["migrate", "--database", "sqlite://"], "sqlite"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The line names what is wrong, and nothing is made."""
    monkeypatch.setenv("OPENDOMS_DATABASE", f"sqlite:///{tmp_path}/none.db")
    code, out, err = here(arguments, capfd)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_the_process_ends_as_the_command_does(tmp_path: Path) -> None:
    """What wrong use prints and its exit code are those of the process, too."""
    run = command("serve", "--nonsense", check=False, OPENDOMS_DATABASE=f"sqlite:///{tmp_path}/none.db")
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert "--nonsense" in run.stderr


@pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("DATABASE", "nowhere"), ("BODY_BYTES_MAX", "-1")])
def test_a_wrong_environment_is_wrong_use_too(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The variable is named."""
    monkeypatch.setenv(f"OPENDOMS_{name}", value)
    code, _, err = here(["serve"], capfd)
    assert (code, err.count("\n")) == (2, 1)
    assert name.lower() in err.lower()


def test_a_password_in_a_database_url_is_never_printed() -> None:
    """Nor in the line that says that the server cannot be reached."""
    run = command("migrate", "--database", "postgresql://me:s3cret@127.0.0.1:1/none", check=False)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert "s3cret" not in run.stderr


def test_migrate_says_what_it_did(database: str) -> None:
    """Once it applies, then it is up to date."""
    assert command("migrate", "--database", database).stdout.startswith("applied 0001_")
    assert command("migrate", "--database", database).stdout == "The schema is up to date.\n"


def test_reindex_says_how_many_documents_each_index_holds(database: str) -> None:
    """A database that was never migrated is refused; of one with three orders, every search index is built anew."""
    run = command("reindex", "--database", database, check=False)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert "migrate" in run.stderr
    command("seed", "--orders", "3", "--database", database)
    expected = ["order_search: 3 documents", "order_record_search: 0 documents"]
    assert command("reindex", "--database", database).stdout.splitlines() == expected


def test_openapi_prints_the_description_and_opens_nothing(tmp_path: Path) -> None:
    """JSON on standard output; no database is needed or made."""
    run = subprocess.run([*COMMAND, "openapi"], env=ENVIRONMENT, cwd=tmp_path, capture_output=True, check=True)
    described = json.loads(run.stdout)
    assert described["openapi"].startswith("3.1")
    assert "/api/orders" in described["paths"]
    assert list(tmp_path.iterdir()) == []


def test_token_create_prints_the_token_and_nothing_else(database: str) -> None:
    """With subject, tenant, permissions and end as asked for."""
    run = command(
        *("token", "create", "--database", database, "--subject", "till-7", "--tenant", "acme"),
        *("--permission", "ORDER_READ", "--permission", "ORDER_WRITE", "--expires", "12h"),
    )
    assert run.stderr == ""
    claims = jwt.decode(run.stdout.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["tenant"]) == ("till-7", "acme")
    assert sorted(claims["permissions"]) == ["ORDER_READ", "ORDER_WRITE"]
    assert claims["exp"] - claims["iat"] == 12 * 3600


@pytest.mark.slow
def test_serving_makes_its_file_and_keeps_orders_over_a_restart(database: str, tmp_path: Path) -> None:
    """A first start from nothing; SIGTERM ends it with 0; the next start knows the order."""
    log = tmp_path / "server.log"
    with Server(database, log) as server:
        headers = {"Authorization": f"Bearer {token(database)}"}
        created = httpx.post(f"{server.url}/api/orders", json=ORDER, headers=headers)
        assert created.status_code == 201
        assert server.stop() == 0
    with Server(database, log) as server:
        read = httpx.get(f"{server.url}/api/orders/{created.json()['id']}", headers=headers)
        assert read.content == created.content
    text = log.read_text()
    assert headers["Authorization"].split()[1] not in text
    lines = [json.loads(line) for line in text.splitlines() if line.startswith('{"at"')]
    assert [line["status"] for line in lines if line["route"] == "POST /api/orders"] == [201]
    database_file = Path(database.removeprefix("sqlite:///"))
    assert database_file.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_the_banner_s_own_commands_work(database: str, tmp_path: Path) -> None:
    """What the server prints for a newcomer is executed as it stands."""
    log = tmp_path / "server.log"
    with Server(database, log) as server:
        lines = log.read_text().split("first order with it:")[1].split("\n{")[0]
        script = lines.replace(".venv/bin/opendoms", " ".join(COMMAND))
        run = subprocess.run(["bash", "-euc", script], env=ENVIRONMENT, capture_output=True, check=True, text=True)
        assert json.loads(run.stdout)["tenantOrderId"] == "first-order"
        assert httpx.get(f"{server.url}/docs").status_code == 200


@pytest.mark.slow
def test_a_user_signs_in_with_the_password_from_standard_input(database: str, tmp_path: Path) -> None:
    """And the token opens what the role allows."""
    arguments = ["user", "create", "--database", database, "--email", "ada@example.com", "--role", "SUPERVISOR"]
    made = subprocess.run(
        [*COMMAND, *arguments, "--password-stdin"],
        env=ENVIRONMENT,
        input="correct horse battery\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert "horse" not in made.stdout + made.stderr
    with Server(database, tmp_path / "server.log") as server:
        credentials = {"email": "ada@example.com", "password": "correct horse battery", "returnSecureToken": True}
        signed_in = httpx.post(f"{server.url}/v1/accounts:signInWithPassword?key=any", json=credentials)
        assert signed_in.status_code == 200, signed_in.text
        headers = {"Authorization": f"Bearer {signed_in.json()['idToken']}"}
        assert httpx.post(f"{server.url}/api/orders", json=ORDER, headers=headers).status_code == 201
        log = (tmp_path / "server.log").read_text()
        assert "horse" not in log
        assert "ada@example.com" not in log


@pytest.mark.slow
@pytest.mark.postgres
def test_postgres_is_not_migrated_behind_the_operators_back(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Serving an older schema is refused with the command to run; with --migrate it works, by several processes too."""
    url = postgres_server.create(migrated=False)
    run = command("serve", "--port", "0", "--database", url, check=False)
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "opendoms migrate" in run.stderr
    with Server(url, tmp_path / "server.log", "--migrate") as server:
        headers = {"Authorization": f"Bearer {token(url)}"}
        assert httpx.post(f"{server.url}/api/orders", json=ORDER, headers=headers).status_code == 201
    with Server(url, tmp_path / "server.log", "--workers", "2") as server:
        statuses = [httpx.get(f"{server.url}/api/orders", headers=headers).json()["total"] for _ in range(8)]
        assert statuses == [1] * 8
        assert server.stop() == 0
    postgres_server.drop(url)


def test_help_names_every_command() -> None:
    """`opendoms --help` is where a newcomer looks."""
    text = command("--help").stdout
    for name in ("serve", "migrate", "openapi", "token", "user", "seed"):
        assert name in text
