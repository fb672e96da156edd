"""What differs between two documents, as data: where, what was there before, and what is there after.

`applied(before, difference(before, after))` is `after`, for any two documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from opendoms.kernel.decision import Document

# A version that changes more is told by whole members: nobody reads more, and an answer stays small.
CHANGES_MAX: Final = 1_000

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Id(NamedTuple):
    """A step of a path: the element of a list that has this id."""

    value: str


class Absent:
    """Stands where nothing is, which is not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


class Sequence:
    """The last step of a path to the order in which the elements of a list stand, told by their ids."""

    def __repr__(self) -> str:
        return "SEQUENCE"


ABSENT: Final = Absent()
SEQUENCE: Final = Sequence()
Step = str | int | Id | Sequence
Path = tuple[Step, ...]


class Change(NamedTuple):
    """One difference. ABSENT before: it came; ABSENT after: it went."""

    path: Path
    before: Any
    after: Any


def difference(before: Any, after: Any, *, changes_max: int = CHANGES_MAX) -> tuple[Change, ...]:
    """What makes `after` of `before`, both decoded JSON, or ABSENT for a document that was not there.

    Elements of lists are told apart by their ids where all of them have one, else by their place. Beyond `changes_max`,
    differing members of the document are told as a whole.
    """
    changes: list[Change] = []
    _compare((), before, after, changes)
    if len(changes) <= changes_max or not (isinstance(before, dict) and isinstance(after, dict)):
        return tuple(changes)
    members = dict.fromkeys(change.path[0] for change in changes)
    return tuple(Change((name,), before.get(name, ABSENT), after.get(name, ABSENT)) for name in members)


def applied(document: Any, changes: Iterable[Change]) -> Any:
    """The document after the changes, in their order. They must be those of a difference from this very document."""
    holder = [document]
    for change in changes:
        _apply(holder, 0, change.path, change.after)
    return holder[0]


def json_path(path: Path) -> str:
    """The path as a JSONPath (RFC 9535), such as `$.orderLineItems[?@.id=='0199c5'].quantity`."""
    return "$" + "".join(map(_step, path))


def told(changes: Iterable[Change]) -> list[Document]:
    """The changes as they are answered: what is ABSENT is left out."""
    return [
        {"path": json_path(change.path)}
        | ({} if change.before is ABSENT else {"before": change.before})
        | ({} if change.after is ABSENT else {"after": change.after})
        for change in changes
    ]


def _step(step: Step) -> str:
    match step:
        case Id(value):
            return f"[?@.id=={_quoted(value)}]"
        case Sequence():
            return "[*].id"
        case int():
            return f"[{step}]"
        case _:
            return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"[{_quoted(step)}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(each if each >= " " else f"\\u{ord(each):04x}" for each in escaped) + "'"


def _compare(path: Path, before: Any, after: Any, changes: list[Change]) -> None:
    match before, after:
        case dict(), dict():
            for name, value in before.items():
                _compare((*path, name), value, after.get(name, ABSENT), changes)
            changes.extend(Change((*path, name), ABSENT, value) for name, value in after.items() if name not in before)
        case list(), list():
            old, new = _by_id(before), _by_id(after)
            if old is not None and new is not None:
                _compare_by_id(path, old, new, changes)
            else:
                _compare_by_place(path, before, after, changes)
        case _:
            if not _same(before, after):
                changes.append(Change(path, before, after))


def _compare_by_id(path: Path, before: Document, after: Document, changes: list[Change]) -> None:
    for each, element in before.items():
        _compare((*path, Id(each)), element, after.get(each, ABSENT), changes)
    came = [each for each in after if each not in before]
    changes.extend(Change((*path, Id(each)), ABSENT, after[each]) for each in came)
    if [*(each for each in before if each in after), *came] != [*after]:
        changes.append(Change((*path, SEQUENCE), [*before], [*after]))


def _compare_by_place(path: Path, before: list[Any], after: list[Any], changes: list[Change]) -> None:
    for place, (old, new) in enumerate(zip(before, after, strict=False)):
        _compare((*path, place), old, new, changes)
    # From the end, so that each place still is what it says when its turn comes.
    changes.extend(
        Change((*path, place), before[place], ABSENT) for place in range(len(before) - 1, len(after) - 1, -1)
    )
    changes.extend(Change((*path, place), ABSENT, after[place]) for place in range(len(before), len(after)))


def _by_id(elements: list[Any]) -> Document | None:
    """The elements by their ids, or None where one has none or two share one."""
    found = {
        element["id"]: element
        for element in elements
        if isinstance(element, dict) and isinstance(element.get("id"), str)
    }
    return found if len(found) == len(elements) else None


def _same(before: Any, after: Any) -> bool:
    # To Python true is 1, to JSON it is not.
    return isinstance(before, bool) == isinstance(after, bool) and bool(before == after)


def _apply(holder: Any, key: Any, path: Path, value: Any) -> None:
    """Puts a value where the path leads from `holder[key]`; copies on the way, so that the caller's stays as it is."""
    if not path:
        _put(holder, key, value)
        return
    inner = holder[key]
    holder[key] = inner = dict(inner) if isinstance(inner, dict) else list(inner)
    match path[0]:
        case Sequence():
            by_id = {element["id"]: element for element in inner}
            holder[key] = [by_id[each] for each in value]
        case Id(wanted):
            place = next((i for i, element in enumerate(inner) if element["id"] == wanted), len(inner))
            _apply(inner, place, path[1:], value)
        case step:
            _apply(inner, step, path[1:], value)


def _put(holder: Any, key: Any, value: Any) -> None:
    if value is ABSENT:
        del holder[key]
    elif isinstance(holder, list) and key == len(holder):
        holder.append(value)
    else:
        holder[key] = value
