"""What can be done with a process: give it tags, and say when it is to be cleaned up and removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import Fault, Invalid, VersionConflict
from opendoms.processes.rules.process import unrepeated, version_of

# Tags that a process may have beside those of its order.
TAGS_MAX: Final = 500

_NO_ROUTING: Final = "This hub does not route orders: where an order is fulfilled is decided by whoever does the work."


class Known(NamedTuple):
    """What of the tags in a change exists: their allowed values by their ids."""

    values: Mapping[str, frozenset[str]]


class Change(NamedTuple):
    """One thing to do: its kind, what it carries, and where it stands in the request."""

    kind: str
    content: Document
    path: str


class Asked(NamedTuple):
    """What a request asks for, and the version that the caller saw."""

    version: int
    changes: list[Change]

    def tag_ids(self) -> set[str]:
        """The tags that are to be looked up."""
        return {tag["id"] for each in self.changes for tag in each.content.get("tags", ())}


def of_action(action: Document) -> Asked:
    """The one change that an action asks for."""
    return Asked(action["version"], [Change(action["name"], action, "")])


# The names of changes in a patch, by which they are older and fewer.
_PATCHED: Final = {
    "AddTagsToProcess": "ADD_TAGS_TO_PROCESS",
    "AssignFacilityToProcess": "ASSIGN_FACILITY_TO_PROCESS",
    "UpdateGdprCleanupDateAction": "UPDATE_GDPR_CLEANUP_DATE",
}


def of_patch(patch: Document) -> Asked:
    """The changes that a patch asks for, in order."""
    changes = [
        Change(_PATCHED[action["action"]], action, f"actions[{place}].")
        for place, action in enumerate(patch["actions"])
    ]
    return Asked(patch["version"], changes)


def change(order: Document, said: Document | None, asked: Asked, known: Known, *, now: int) -> Decision:
    """What is said about the process after the changes; unchanged where they ask for what is already so.

    `said` is what was said before, `now` an instant in ms. Raises VersionConflict, or Invalid with every fault.
    """
    if asked.version != version_of(order, said):
        raise VersionConflict("process", asked.version, version_of(order, said))
    faults = [fault for each in asked.changes for fault in _faults(each, known)]
    if faults:
        raise Invalid(*faults)
    at = text_of(now)
    before = said or {"id": order["processId"], "version": 0, "created": at, "orderRef": order["id"]}
    after = before
    for each in asked.changes:
        after = _changed(after, each, order)
    if len(after.get("tags", ())) > TAGS_MAX:
        raise Invalid(Fault(f"tags: the process would have more than {TAGS_MAX} tags of its own"))
    if after == before:
        return Decision(before)
    after = {**after, "version": before["version"] + 1, "lastModified": at}
    return Decision(after, Happening("PROCESS_MODIFIED"))


def _faults(each: Change, known: Known) -> Iterator[Fault]:
    if each.kind == "ASSIGN_FACILITY_TO_PROCESS":
        member = "action" if each.path else "name"
        yield Fault(f"{each.path}{member}: {each.content[member]} is not possible here", _NO_ROUTING)
    hint = "GET /api/tags lists them."
    for place, tag in enumerate(each.content.get("tags", ())):
        path = f"{each.path}tags[{place}]"
        values = known.values.get(tag["id"])
        if values is None:
            yield Fault(f"{path}.id: no tag has this id", hint)
        elif tag["value"] not in values:
            yield Fault(f"{path}.value: is no allowed value of this tag", hint)


def _changed(said: Document, each: Change, order: Document) -> Document:
    match each.kind:
        case "ADD_TAGS_TO_PROCESS":
            own = unrepeated([*said.get("tags", ()), *_plain(each.content.get("tags", ()))])
            of_order = [(tag["id"], tag["value"]) for tag in order.get("tags", ())]
            own = [tag for tag in own if (tag["id"], tag["value"]) not in of_order]
            return {**said, "tags": own} if own else said
        case "UPDATE_GDPR_CLEANUP_DATE":
            return {**said, "gdprCleanupDate": _midnight(each.content["gdprCleanupDate"])}
        case _:
            return {**said, "deletionDate": _midnight(each.content["deletionDate"])}


def _plain(tags: Iterable[Document]) -> Iterator[Document]:
    """The tags without members that the contract does not have."""
    return ({"id": tag["id"], "value": tag["value"]} for tag in tags)


def _midnight(day: str) -> str:
    return f"{day}T00:00:00.000Z"
