"""The moves that callers ask for by name, and the one that the clock asks for: what each makes of an order."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.configuration.promises import VALIDITY_MS_MAX
from opendoms.identity.principal import Principal
from opendoms.kernel.changeset import Timer
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import Fault, Forbidden, Invalid
from opendoms.orders.lifecycle import TABLE, Move, Precondition, Status, moved
from opendoms.orders.rules import custom_attributes, versions

PROMISE_EXPIRY: Final = "PROMISE_EXPIRY"

_POSTAL: Final = "POSTAL_ADDRESS"


class Facts(NamedTuple):
    """What a move needs to know beside the order: who asks, for which tenant, and what is configured.

    `cancelation_reason` is the stored reason that the action names, or None where it names none. `promise_ms` is how
    long a promise holds when it is extended.
    """

    tenant: str
    principal: Principal
    force_cancel_allowed: bool
    promise_ms: int
    cancelation_reason: Document | None = None


def check_permission(move: Move, principal: Principal) -> None:
    """Raises Forbidden where the caller lacks the permission of this very move."""
    permission = TABLE[move].permission
    if permission is not None and not principal.may(permission):
        raise Forbidden(Fault(f"Permission missing: {permission} is required for {move}."))


def act(order: Document, move: Move, action: Document, facts: Facts, *, now: int) -> Decision:
    """The order after the action. `action` is the request's body, `now` an instant in ms.

    Checks in the order of the contract: version, state, configuration, the action's own members. Raises
    VersionConflict, Unknown (a promise that ran out) or Invalid.
    """
    versions.check(order, action["version"])
    after = moved(move, order, now)
    unmet = unmet_precondition(move, facts)
    if unmet is not None:
        raise Invalid(unmet)
    match move:
        case Move.UNLOCK:
            return _unlocked(after, action, now)
        case Move.CANCEL | Move.FORCE_CANCEL:
            return _cancelled(after, move, action, facts, now)
        case Move.CONFIRM_PROMISE:
            return _confirmed(after, action, facts, now)
        case Move.EXTEND_PROMISE:
            return _extended(after, facts, now)
        case Move.CHANGE_CONSUMER_ADDRESS:
            return _readdressed(order, after, _with_address(after, action), facts, now)
        case Move.REPLACE_CONSUMER_ADDRESSES:
            return _readdressed(order, after, action["consumerAddresses"], facts, now)
        case _:
            raise ValueError(f"{move} is not asked for by name")


def unmet_precondition(move: Move, facts: Facts) -> Fault | None:
    """What else forbids the move although the state allows it."""
    if TABLE[move].precondition is Precondition.FORCE_CANCEL_ALLOWED and not facts.force_cancel_allowed:
        return Fault(
            "name: forced cancelation is switched off",
            "Set allowForceCancelOrder by PUT /api/configurations/ordercancelation.",
        )
    return None


def _happening(move: Move, detail: Document | None = None) -> Happening:
    return Happening(TABLE[move].event, detail)


def _unlocked(after: Document, action: Document, now: int) -> Decision:
    if "targetTime" in action:
        after["deliveryPreferences"] = {**after.get("deliveryPreferences", {}), "targetTime": action["targetTime"]}
    return Decision(versions.next_version(after, now), _happening(Move.UNLOCK))


def _cancelled(after: Document, move: Move, action: Document, facts: Facts, now: int) -> Decision:
    if "cancelationReasonId" in action:
        if facts.cancelation_reason is None:
            raise Invalid(
                Fault(
                    "cancelationReasonId: no cancelation reason has this id",
                    "GET /api/cancelationreasons lists them.",
                )
            )
        after["cancelationReason"] = facts.cancelation_reason
    timers = _disarmed(after, facts.tenant) if "promisesOptions" in after else ()
    return Decision(versions.next_version(after, now), _happening(move), timers)


def _disarmed(order: Document, tenant: str) -> tuple[Timer, ...]:
    return (Timer(tenant, PROMISE_EXPIRY, order["id"], None),)


def _confirmed(after: Document, action: Document, facts: Facts, now: int) -> Decision:
    if "tenantOrderId" in action:
        after["tenantOrderId"] = action["tenantOrderId"]
    return Decision(versions.next_version(after, now), _happening(Move.CONFIRM_PROMISE), _disarmed(after, facts.tenant))


def _extended(after: Document, facts: Facts, now: int) -> Decision:
    """Decision D5: the later of the old end and the configured time from now, at most 8 hours from now."""
    old = instant_from(after["promisesOptions"]["validUntil"])
    until = min(max(old, now + facts.promise_ms), now + VALIDITY_MS_MAX)
    after["promisesOptions"] = {**after["promisesOptions"], "validUntil": text_of(until)}
    timer = Timer(facts.tenant, PROMISE_EXPIRY, after["id"], until)
    return Decision(versions.next_version(after, now), _happening(Move.EXTEND_PROMISE), (timer,))


def _with_address(order: Document, action: Document) -> list[Document]:
    """The addresses with the one of the given type replaced, or added where there is none of this type."""
    kind = action["addressType"]
    address = {**action["consumerAddress"], "addressType": kind}
    addresses = order["consumer"].get("addresses", [])
    replaced = [address if old.get("addressType", _POSTAL) == kind else old for old in addresses]
    return replaced if any(new is address for new in replaced) else [*addresses, address]


def _readdressed(order: Document, after: Document, addresses: list[Document], facts: Facts, now: int) -> Decision:
    consumer = {**after["consumer"], "addresses": addresses}
    faults = list(custom_attributes.consumer_faults("consumer", consumer))
    if faults:
        raise Invalid(*faults)
    after["consumer"] = consumer
    return _edited(order, after, {"consumer": consumer}, facts, now)


def _edited(order: Document, after: Document, changes: Document, facts: Facts, now: int) -> Decision:
    if after == order:
        return Decision(order)
    told = versions.with_detail(versions.next_version(after, now), changes, None, facts.principal, now)
    return Decision(told, Happening("ORDER_MODIFIED", {"changes": changes}))


def update_line_attributes(order: Document, line_id: str, action: Document, facts: Facts, *, now: int) -> Decision:
    """The order with the custom attributes of one line replaced (decision D11). The line must exist."""
    versions.check(order, action["version"])
    after = moved(Move.UPDATE_CUSTOM_ATTRIBUTES, order, now)
    attributes = action["customAttributes"]
    faults = list(custom_attributes.faults("customAttributes", attributes))
    if faults:
        raise Invalid(*faults)
    after["orderLineItems"] = [
        {**line, "customAttributes": attributes} if line["id"] == line_id else line for line in order["orderLineItems"]
    ]
    changes = {"orderLineItems": [{"id": line_id, "customAttributes": attributes}]}
    return _edited(order, after, changes, facts, now)


def expire(order: Document, done: Timer, *, now: int) -> Decision:
    """A promise whose time has passed becomes OBSOLETE; nothing happens to one that was confirmed or extended.

    `done` takes away the timer that asks for it, in the same changeset.
    """
    if order["status"] != Status.PROMISED or instant_from(order["promisesOptions"]["validUntil"]) > now:
        return Decision(order)
    after = moved(Move.EXPIRE, order, now)
    return Decision(versions.next_version(after, now), _happening(Move.EXPIRE), (done,))
