"""Writes the reference pages that follow from the code: `make reference`. A test fails while one of them is stale."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

import click

from opendoms import settings
from opendoms.cli import opendoms
from opendoms.identity.permissions import ROLE_PERMISSIONS, Permission
from opendoms.kernel.personal import paths_of
from opendoms.orders.lifecycle import TABLE, Refused, Status
from opendoms.retention.copies import TABLES
from opendoms.retention.subjects import SUBJECTS
from opendoms.web.errors import STATUS

FOLDER: Final = Path(__file__).parent
MADE: Final = "<!-- Made by `make reference`. Change the code instead. -->"


def commands() -> str:
    """Every command with its options, as the command line itself describes them."""
    return _page("Commands", "`opendoms --help` shows the same. Wrong use ends with exit code 2.", _commands())


def _commands() -> Iterator[str]:
    for name, command in _leaves("opendoms", opendoms):
        yield f"## `{name}`\n\n{inspect.cleandoc(command.help or '')}"
        options = [option for option in command.params if isinstance(option, click.Option)]
        if options:
            yield _table(("option", "environment", "what it is"), map(_option, options))


def _leaves(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    for word, inner in command.commands.items():
        yield from _leaves(f"{name} {word}", inner)


def _option(option: click.Option) -> tuple[str, str, str]:
    names = ", ".join(f"`{spelling}`" for spelling in option.opts)
    variable = f"`{option.envvar}`" if option.envvar else ""
    return names, variable, f"{option.help or ''}{' Needed.' if option.required else ''}"


def settings_page() -> str:
    """Every setting with its variable, default and meaning."""
    lead = "A variable of the environment each; `opendoms serve` has options for the first four and the sandbox."
    return _page("Settings", lead, [_table(("variable", "default", "what it is"), _settings())])


def _settings() -> Iterator[tuple[str, str, str]]:
    defaults = settings.Settings()
    tree = ast.parse(inspect.getsource(settings.Settings))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    for field, text in itertools.pairwise(body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                default = getattr(defaults, name)
                shown = str(default).lower() if isinstance(default, bool) else str(default)
                yield f"`OPENDOMS_{name.upper()}`", f"`{shown}`" if shown else "", said


def states() -> str:
    """The table of moves of an order, and its diagram."""
    head = ("move", "permission", "event", "no order yet", *Status)
    rows = [
        (
            move.value,
            f"`{rule.permission}`" if rule.permission else "the hub itself",
            f"`{rule.event}`",
            *(_after(rule.states.get(state)) for state in (None, *Status)),
        )
        for move, rule in TABLE.items()
    ]
    return _page(
        "States of an order",
        "What can happen to an order in which state, who may ask for it, and the state after it.",
        [
            _diagram(),
            _table(head, rows),
            "Empty: does not arise. Refused, because:",
            "\n".join(f"- {reason}." for reason in _reasons()),
            *(
                f"{move.value} moreover asks that {rule.precondition}."
                for move, rule in TABLE.items()
                if rule.precondition
            ),
        ],
    )


def _after(after: Status | Refused | None) -> str:
    if after is None:
        return ""
    return "refused" if isinstance(after, Refused) else after.value


def _reasons() -> list[str]:
    return sorted(
        {after.text for rule in TABLE.values() for after in rule.states.values() if isinstance(after, Refused)}
    )


def _diagram() -> str:
    moves: dict[tuple[str, str], list[str]] = {}
    for move, rule in TABLE.items():
        for before, after in rule.states.items():
            if not isinstance(after, Refused) and after is not before:
                moves.setdefault((before or "[*]", after), []).append(move)
    arrows = [f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in moves.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])


def errors() -> str:
    """Every status that a refusal becomes."""
    rows = [(str(status), HTTPStatus(status).phrase, inspect.getdoc(kind) or "") for kind, status in STATUS.items()]
    why = "../decisions/0010-status-codes-and-error-shape.md"
    lead = f"The body is always an array with one element per fault. Why these: [decision 0010]({why})."
    return _page("Refusals", lead, [_table(("status", "name", "when"), rows)])


def permissions() -> str:
    """Every permission, and the roles that hold it."""
    rows = [
        (f"`{permission}`", *("yes" if permission in held else "" for held in ROLE_PERMISSIONS.values()))
        for permission in Permission
    ]
    lead = "A token holds the permissions of its roles, and those that it names one by one."
    return _page("Permissions and roles", lead, [_table(("permission", *ROLE_PERMISSIONS), rows)])


def _page(title: str, lead: str, parts: Iterable[str]) -> str:
    return "\n\n".join([MADE, f"# {title}", lead, *parts]) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = tuple(head)
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def personal_data() -> str:
    """What becomes of every member of what holds persons, once they are to go."""
    lead = (
        "What the end of personal data makes of each member, in documents and in every version of them that history"
        " keeps. A member that is not listed, such as one that the API does not name, is removed."
    )
    return _page("Personal data", lead, _personal_data())


def _personal_data() -> Iterator[str]:
    for kind, subject in SUBJECTS.items():
        rows = [(f"`{path}`", fate.value) for path, fate in paths_of(subject.kept.document)]
        yield f"## {kind}"
        yield _table(("member", "what becomes of it"), rows)
    yield "## Tables"
    yield _table(("table", "what it holds"), [(f"`{name}`", what) for name, what in TABLES.items()])


PAGES: Final[dict[str, Callable[[], str]]] = {
    "commands.md": commands,
    "errors.md": errors,
    "permissions.md": permissions,
    "personal-data.md": personal_data,
    "settings.md": settings_page,
    "states.md": states,
}


def main() -> None:
    """Writes every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
