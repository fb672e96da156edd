"""The options of the command that imports."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from opendoms.importing.processes import PROCESSES_MAX


def _address(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    if url is None or _is_address(url):
        return url
    raise click.BadParameter("expected an address such as https://hub.example.")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii() and not _has_blanks(url)


def _header_value(_context: click.Context, _option: click.Parameter, token: str | None) -> str | None:
    # Anything else cannot be sent, and would be tried again and again.
    if token is None or (token.isascii() and not _has_blanks(token)):
        return token
    raise click.BadParameter("expected a token, without blanks and line breaks.")


def _has_blanks(text: str) -> bool:
    return any(character.isspace() or not character.isprintable() for character in text)


url_option: Final = click.option(
    "--url",
    metavar="URL",
    callback=_address,
    help="Send them to the hub at this address instead, such as https://hub.example.",
)
token_option: Final = click.option(
    "--token",
    callback=_header_value,
    help="The token for --url; better in the environment.",
    envvar="OPENDOMS_TOKEN",
    show_envvar=True,
)
verdicts_option: Final = click.option(
    "--verdicts",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the lines that failed are listed; beside the file where absent.",
)
processes_option: Final = click.option(
    "--processes",
    type=click.IntRange(0, PROCESSES_MAX),
    help="How many processes judge the lines; where absent, one per core for a file that is large enough.",
)
