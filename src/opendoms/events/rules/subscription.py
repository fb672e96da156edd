"""What a subscription must satisfy, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from opendoms.events.rules.catalogue import NAME_CHARACTERS_MAX, is_event_name
from opendoms.events.rules.target import header_faults, url_faults
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, VersionConflict

NAME_MAX: Final = 256  # characters of a subscription's name
CONTEXTS_MAX: Final = 16
CONTEXT_VALUES_MAX: Final = 500
WEBHOOK: Final = "WEBHOOK"
_HIDDEN: Final = "***"
# What the contract shows of a subscription; the rest is ours.
_CONTRACT: Final = ("id", "created", "name", "event", "target", "contexts", "callbackUrl", "headers")


def checked(wanted: Document, *, allow_private: bool) -> Document:
    """The subscription with its target in both spellings. Raises Invalid with every fault.

    Older callers send `callbackUrl` and `headers`, newer ones a `target`; both see both in every answer.
    """
    faults = list(_faults(wanted, allow_private=allow_private))
    if faults:
        raise Invalid(*faults)
    target = wanted.get("target") or _webhook(wanted["callbackUrl"], wanted.get("headers"))
    mirrored: Document = {"callbackUrl": target["callbackUrl"]}
    if "headers" in target:
        mirrored["headers"] = target["headers"]
    rest = {name: value for name, value in wanted.items() if name not in ("target", "callbackUrl", "headers")}
    return {**rest, "target": target, **mirrored}


def _webhook(url: str, headers: list[Document] | None) -> Document:
    target: Document = {"type": WEBHOOK, "callbackUrl": url}
    return target if headers is None else {**target, "headers": headers}


def _faults(wanted: Document, *, allow_private: bool) -> Iterator[Fault]:
    if len(wanted["name"]) > NAME_MAX:
        yield Fault(f"name: expected at most {NAME_MAX} characters")
    if not is_event_name(wanted["event"]):
        yield Fault(
            f"event: expected the name of an event in capitals, at most {NAME_CHARACTERS_MAX} characters",
            "GET /api/supportedevents lists those that this hub sends.",
        )
    yield from _target_faults(wanted, allow_private=allow_private)
    yield from _context_faults(wanted.get("contexts", ()))


def _target_faults(wanted: Document, *, allow_private: bool) -> Iterator[Fault]:
    target = wanted.get("target")
    if target is None:
        if "callbackUrl" not in wanted:
            yield Fault("target: is required, or callbackUrl in its place")
            return
        yield from url_faults("callbackUrl", wanted["callbackUrl"], allow_private=allow_private)
        yield from header_faults("headers", wanted.get("headers", ()))
        return
    if target["type"] != WEBHOOK:
        yield Fault(
            f"target.type: expected {WEBHOOK}; this hub does not send to {target['type']}",
            "A webhook of your own can pass events on to a queue or topic.",
        )
        return
    yield from url_faults("target.callbackUrl", target["callbackUrl"], allow_private=allow_private)
    yield from header_faults("target.headers", target.get("headers", ()))
    for name in ("callbackUrl", "headers"):
        if name in wanted and wanted[name] != target.get(name):
            yield Fault(f"{name}: expected what target.{name} says, or nothing")


def _context_faults(contexts: Any) -> Iterator[Fault]:
    if len(contexts) > CONTEXTS_MAX:
        yield Fault(f"contexts: expected at most {CONTEXTS_MAX}")
        return
    facilities = 0
    for i, context in enumerate(contexts):
        if context["type"] != "FACILITY":
            yield Fault(
                f"contexts[{i}].type: expected FACILITY; this hub keeps no facility groups",
                "Name the facilities of the group one by one.",
            )
            continue
        facilities += 1
        if facilities > 1:
            yield Fault(f"contexts[{i}].type: FACILITY may be there once; put all facilities into one context")
        if len(context["values"]) > CONTEXT_VALUES_MAX:
            yield Fault(f"contexts[{i}].values: expected at most {CONTEXT_VALUES_MAX}")


def create(wanted: Document, *, now: int, new_id: NewId) -> Decision:
    """The new subscription. `wanted` was checked; `now` is an instant in ms."""
    at = text_of(now)
    document = {"id": new_id(), "version": 1, "created": at, "lastModified": at, "paused": False, **wanted}
    return Decision(document, Happening("SUBSCRIPTION_CREATED"))


def update(stored: Document, wanted: Document, version: int, *, now: int) -> Decision:
    """The subscription as it is wanted, which was checked. Raises VersionConflict, or Invalid for another event."""
    if version != stored["version"]:
        raise VersionConflict("subscription", version, stored["version"])
    if wanted["event"] != stored["event"]:
        raise Invalid(Fault(f"event: expected {stored['event']}", "Create another subscription for another event."))
    kept = {name: stored[name] for name in ("id", "version", "created", "lastModified", "paused")}
    if {**kept, **wanted} == stored:
        return Decision(stored)
    return Decision(_next({**kept, **wanted}, now), Happening("SUBSCRIPTION_MODIFIED"))


def pause(stored: Document, *, now: int) -> Decision:
    """The subscription, of which nothing is sent until it is resumed; what happens meanwhile is sent then."""
    if stored["paused"]:
        return Decision(stored)
    return Decision(_next({**stored, "paused": True}, now), Happening("SUBSCRIPTION_PAUSED"))


def resume(stored: Document, *, now: int) -> Decision:
    """The subscription, of which everything is sent again, from where it was paused."""
    if not stored["paused"]:
        return Decision(stored)
    return Decision(_next({**stored, "paused": False}, now), Happening("SUBSCRIPTION_RESUMED"))


def rotate(stored: Document, *, now: int) -> Decision:
    """The subscription with another secret, which is kept elsewhere."""
    return Decision(_next(stored, now), Happening("SUBSCRIPTION_SECRET_ROTATED"))


def delete(stored: Document) -> Decision:
    """The subscription as it was last."""
    return Decision(stored, Happening("SUBSCRIPTION_DELETED"))


def _next(document: Document, now: int) -> Document:
    return {**document, "version": document["version"] + 1, "lastModified": text_of(now)}


def contract_view(document: Document) -> Document:
    """What of a subscription the contract answers."""
    return {name: document[name] for name in _CONTRACT if name in document}


def redacted(document: Document) -> Document:
    """What history keeps of a subscription: no header values and no query, which may hold secrets."""
    url = document["callbackUrl"].partition("?")[0]
    headers = [{"key": header["key"], "value": _HIDDEN} for header in document.get("headers", ())]
    target = {**document["target"], "callbackUrl": url}
    shown = {**document, "target": target, "callbackUrl": url}
    if headers:
        shown |= {"headers": headers, "target": {**target, "headers": headers}}
    return shown
