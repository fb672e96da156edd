"""The options of the command that imports."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from opendoms.importing.processes import PROCESSES_MAX

url_option: Final = click.option(
    "--url", metavar="URL", help="Send them to the hub at this address instead, such as https://hub.example."
)
token_option: Final = click.option(
    "--token", help="The token for --url; better in the environment.", envvar="OPENDOMS_TOKEN", show_envvar=True
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
