"""The command line: parse, call, print. No logic."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click

from opendoms import __version__, indexing
from opendoms.calendar.zones import check_zone_data
from opendoms.failures import FAILURE_EXIT, Failed, failure_of
from opendoms.forgetting import retention
from opendoms.garbage import tune_garbage_collection
from opendoms.hub import Hub, hub_for
from opendoms.identity.durations import parse_duration
from opendoms.identity.issuing import issue_token, retire_keys, rotate_keys
from opendoms.identity.users import change_password, create_user, revoke
from opendoms.importing.options import processes_option, token_option, url_option, verdicts_option
from opendoms.options import database_option, known, role_option, tenant_option
from opendoms.settings import Settings, settings_from

SEED_ORDERS_MAX: Final = 100_000_000

T = TypeVar("T")


@click.group(help="opendoms: a self-hosted order hub.", no_args_is_help=False)
@click.version_option(__version__)
def opendoms() -> None:
    """Holds the commands together; the settings come from options, then from the environment."""


@opendoms.command()
@click.option("--host", help="The address to listen on.", envvar="OPENDOMS_HOST", show_envvar=True)
@click.option("--port", type=int, help="The port, 0 for any free one.", envvar="OPENDOMS_PORT", show_envvar=True)
@database_option
@click.option(
    "--workers", type=int, help="More than one needs PostgreSQL.", envvar="OPENDOMS_WORKERS", show_envvar=True
)
@click.option("--migrate", is_flag=True, help="Bring a PostgreSQL schema up to date first.")
@click.option(
    "--sandbox",
    is_flag=True,
    default=None,
    help="Give tenants a clock that the API can move. For tests and demonstrations.",
    envvar="OPENDOMS_SANDBOX",
    show_envvar=True,
)
def serve(  # noqa: PLR0913 - each is an option of the command
    host: str | None,
    port: int | None,
    database: str | None,
    workers: int | None,
    *,
    migrate: bool,
    sandbox: bool | None,
) -> None:
    """Serve the API until SIGTERM, then finish what was accepted."""
    from opendoms.serving import run  # noqa: PLC0415 - the other commands need no web server

    settings = settings_from(host=host, port=port, database=database, workers=workers, sandbox=sandbox)
    check_zone_data()
    hub = hub_for(settings)
    if settings.workers > 1 and hub.db.name == "sqlite":
        raise click.UsageError("--workers: SQLite serves one process; use PostgreSQL for more.")
    if migrate or hub.db.name == "sqlite":
        asyncio.run(indexing.migrate(settings.database))
    elif pending := asyncio.run(indexing.pending(settings.database)):
        names = ", ".join(pending)
        raise Failed(f"The database lacks {names}. Run: opendoms migrate --database URL (or serve with --migrate).")
    run(hub)


@opendoms.command()
@database_option
def migrate(database: str | None) -> None:
    """Bring the schema and the search indexes up to date; does nothing where they are."""
    applied = asyncio.run(indexing.migrate(settings_from(database=database).database))
    click.echo("\n".join(f"applied {name}" for name in applied) or "The schema is up to date.")


@opendoms.command()
@database_option
def reindex(database: str | None) -> None:
    """Build the search indexes anew from the stored documents. SQLite: stop the server first."""
    rebuilt = asyncio.run(indexing.rebuild(settings_from(database=database).database))
    click.echo("\n".join(f"{name}: {documents} documents" for name, documents in rebuilt.items()) or "Nothing to do.")


@opendoms.command()
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def doctor(database: str | None, *, as_json: bool) -> None:
    """Check that the stored data agrees; changes nothing. Exits with 1 where something is found."""
    from opendoms import doctor as checking  # noqa: PLC0415 - the other commands need none of it

    hub = hub_for(settings_from(database=database))

    async def examine() -> list[checking.Examined]:
        await hub.db.open()  # and no more: an older schema is refused, not migrated
        try:
            return await checking.examine(hub.db, hub.clock.now(""))
        finally:
            await hub.db.close()

    results = asyncio.run(examine())
    click.echo(checking.as_json(results) if as_json else checking.as_table(results))
    if any(result.findings for result in results):
        sys.exit(FAILURE_EXIT)


@opendoms.command()
def openapi() -> None:
    """Print the API description as JSON."""
    from opendoms.app import api_routes, description  # noqa: PLC0415 - most other commands need no routes

    hub = hub_for(Settings(database="sqlite:///never-opened.db"))
    click.echo(description(api_routes(hub)))


@opendoms.group(no_args_is_help=False)
def token() -> None:
    """Tokens that open the API."""


@token.command("create")
@click.option("--subject", required=True, help="Who the token speaks for; shown in history.")
@database_option
@tenant_option
@role_option
@click.option("--permission", "permissions", multiple=True, callback=known, help="One permission; may be repeated.")
@click.option("--expires", default="30d", show_default=True, help="How long it holds: 12h, 30d, 52w …")
def token_create(  # noqa: PLR0913, PLR0917 - each is an option of the command
    subject: str,
    database: str | None,
    tenant: str | None,
    roles: tuple[str, ...],
    permissions: tuple[str, ...],
    expires: str,
) -> None:
    """Print a new token, and nothing else."""
    settings = settings_from(database=database, tenant=tenant)
    if not roles and not permissions:
        raise click.UsageError("--role or --permission: at least one is needed, or the token opens nothing.")
    expires_s = parse_duration(expires)

    async def issue(hub: Hub) -> str:
        return await issue_token(
            hub.db,
            hub.clock,
            subject=subject,
            tenant=settings.tenant,
            roles=roles,
            permissions=permissions,
            expires_s=expires_s,
        )

    click.echo(asyncio.run(_with_hub(settings, issue)))


@opendoms.group(no_args_is_help=False)
def user() -> None:
    """People who sign in with e-mail and password."""


@user.command("create")
@click.option("--email", required=True, help="What the person signs in with.")
@role_option
@database_option
@tenant_option
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_create(
    email: str, roles: tuple[str, ...], database: str | None, tenant: str | None, *, password_stdin: bool
) -> None:
    """Create a user; prints the user's id."""
    settings = settings_from(database=database, tenant=tenant)
    if not roles:
        raise click.UsageError("--role: at least one is needed, or the user may do nothing.")
    password = _password(from_stdin=password_stdin)

    async def create(hub: Hub) -> str:
        return await create_user(
            hub.db, hub.clock, hub.new_id, tenant=settings.tenant, email=email, password=password, roles=roles
        )

    click.echo(asyncio.run(_with_hub(settings, create)))


@user.command("password")
@click.option("--email", required=True, help="Whose password changes; open sessions end.")
@database_option
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_password(email: str, database: str | None, *, password_stdin: bool) -> None:
    """Set a new password."""
    password = _password(from_stdin=password_stdin)

    async def change(hub: Hub) -> None:
        await change_password(hub.db, hub.clock, email=email, password=password)

    asyncio.run(_with_hub(settings_from(database=database), change))


@user.command("revoke")
@click.option("--email", required=True, help="Whose sessions end.")
@database_option
def user_revoke(email: str, database: str | None) -> None:
    """End a user's sessions: refresh tokens stop working at once, access tokens within an hour."""

    async def end(hub: Hub) -> None:
        await revoke(hub.db, hub.clock, email=email)

    asyncio.run(_with_hub(settings_from(database=database), end))


@opendoms.group(no_args_is_help=False)
def key() -> None:
    """The keys that sign our own tokens."""


@key.command("rotate")
@database_option
def key_rotate(database: str | None) -> None:
    """Sign with a new key from now on; tokens of older keys hold until those are retired. Prints the key's id."""

    async def rotate(hub: Hub) -> str:
        return await rotate_keys(hub.db, hub.clock)

    click.echo(asyncio.run(_with_hub(settings_from(database=database), rotate)))


@key.command("retire")
@database_option
def key_retire(database: str | None) -> None:
    """Drop every key but the newest: all tokens that the others signed stop working. Prints how many went."""

    async def retire(hub: Hub) -> str:
        return str(await retire_keys(hub.db))

    click.echo(asyncio.run(_with_hub(settings_from(database=database), retire)))


@opendoms.command()
@click.option("--orders", type=click.IntRange(1, SEED_ORDERS_MAX), help="How many orders to make.")
@click.option(
    "--scenario", type=click.Choice(["retail"]), help="Whose world to make first: retail has shops, stock and carriers."
)
@database_option
@tenant_option
@click.option("--seed", "random_seed", type=int, default=1, help="The same number makes the same data.")
def seed(orders: int | None, scenario: str | None, database: str | None, tenant: str | None, random_seed: int) -> None:
    """Fill the database with believable orders or a whole retailer, for looking around and for load."""
    from opendoms.retail_seeding import plant_retailer  # noqa: PLC0415 - the other commands need no retailer
    from opendoms.seeding import plant  # noqa: PLC0415 - the other commands need no progress bar

    if orders is None and scenario is None:
        raise click.UsageError("--orders or --scenario: at least one is needed, or there is nothing to make.")
    settings = settings_from(database=database, tenant=tenant)

    async def fill(hub: Hub) -> None:
        if scenario is not None:
            planted = await plant_retailer(hub, tenant=settings.tenant, seed=random_seed)
            for name, count in planted._asdict().items():
                click.echo(f"{count} {name}")
        if orders is not None:
            click.echo(f"{await plant(hub, tenant=settings.tenant, count=orders, seed=random_seed)} orders")

    asyncio.run(_with_hub(settings, fill))


@opendoms.group("import", no_args_is_help=False)
def import_() -> None:
    """Files of what was kept elsewhere."""


@import_.command("orderrecords")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
@tenant_option
@url_option
@token_option
@verdicts_option
@processes_option
def import_order_records(  # noqa: PLR0913, PLR0917 - each is an option of the command
    file: Path,
    database: str | None,
    tenant: str | None,
    url: str | None,
    token: str | None,
    verdicts: Path | None,
    processes: int | None,
) -> None:
    """Take in a file of order records, one JSON object per line; goes on where it was stopped."""
    import uvloop  # noqa: PLC0415 - the other commands do too little for a faster loop

    from opendoms.importing import orderrecords  # noqa: PLC0415 - the other commands need no progress bar
    from opendoms.importing.journal import verdicts_beside  # noqa: PLC0415 - as above
    from opendoms.importing.stopped import Stopped  # noqa: PLC0415 - as above

    settings = settings_from(database=database, tenant=tenant)
    if verdicts is not None and verdicts.resolve() == file.resolve():
        raise click.UsageError("--verdicts: is the file that is imported.")
    if verdicts is not None and not verdicts.absolute().parent.is_dir():
        raise click.UsageError("--verdicts: its folder does not exist.")
    if url is not None and not token:
        raise click.UsageError("--token (OPENDOMS_TOKEN): is needed with --url.")
    if url is not None and processes is not None:
        raise click.UsageError("--processes: is not for --url, where the server judges.")
    tune_garbage_collection()
    try:
        if url is None:
            tally = uvloop.run(
                _with_hub(settings, lambda hub: orderrecords.into_database(hub, file, verdicts, processes))
            )
        else:
            tally = asyncio.run(orderrecords.through_api(url, token or "", file, verdicts))
    except (Stopped, KeyboardInterrupt) as stopped:
        reason = str(stopped).rstrip(".") or "Stopped"
        raise Failed(f"{reason}. Run the same command again to go on.") from None
    click.echo(f"{tally.created} created, {tally.unchanged} unchanged, {tally.failed} failed")
    if tally.failed:
        listed = verdicts or verdicts_beside(file)
        raise Failed(f"{tally.failed} lines were not taken in; {listed} says why.")


opendoms.add_command(retention)


async def _with_hub(settings: Settings, action: Callable[[Hub], Awaitable[T]]) -> T:
    """Runs the action on an open database, which an embedded SQLite file is made for if need be."""
    hub = hub_for(settings)
    if hub.db.name == "sqlite":
        await indexing.migrate(settings.database)
    await hub.db.open()
    try:
        return await action(hub)
    finally:
        await hub.db.close()


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs a command. Wrong use: one line on standard error and exit code 2; other failures: one line and 1."""
    try:
        code = opendoms.main(arguments, prog_name="opendoms", standalone_mode=False)
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        click.echo(f"opendoms: {' '.join(failure.line.split())}", err=True)
        sys.exit(failure.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
