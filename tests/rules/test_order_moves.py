"""Every state by move by permission by version: what the one table of moves says is what happens."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from opendoms.identity.permissions import Permission
from opendoms.kernel.changeset import Timer
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.refusal import Forbidden, Invalid, Unknown, VersionConflict
from opendoms.orders.lifecycle import LIVE, TABLE, Move, Refused, Status
from opendoms.orders.rules import acting, editing
from tests.rules.orders import LATER, LATER_TEXT, NOW, principal, stored

ADDRESS = {"street": "Other Street", "city": "Bonn", "postalCode": "53111", "country": "DE"}
REASON = {"id": "r-1", "action": "CANCELATION", "reason": "Fraud", "reasonLocalized": {"en_US": "Fraud"}, "version": 1}
# A promise that holds for an hour after NOW.
UNTIL = "2026-11-25T10:46:40.000Z"

# Takes away the timer that asks for an expiry.
DONE = Timer("tenant", acting.PROMISE_EXPIRY, "id-1", None)

ACTIONS: dict[Move, Document] = {
    Move.UNLOCK: {"targetTime": "2026-12-01T10:00:00.000Z"},
    Move.CANCEL: {},
    Move.FORCE_CANCEL: {},
    Move.CONFIRM_PROMISE: {"tenantOrderId": "confirmed-1"},
    Move.EXTEND_PROMISE: {},
    Move.CHANGE_CONSUMER_ADDRESS: {"addressType": "POSTAL_ADDRESS", "consumerAddress": ADDRESS},
    Move.REPLACE_CONSUMER_ADDRESSES: {"consumerAddresses": [ADDRESS]},
    Move.UPDATE_CUSTOM_ATTRIBUTES: {"customAttributes": {"gift": True}},
}


def in_state(status: Status) -> Document:
    """A stored order in this state; promises, ended ones too, carry their end."""
    order = {**stored(), "status": status.value}
    if status in (Status.PROMISED, Status.OBSOLETE):
        order["promisesOptions"] = {"validUntil": UNTIL}
    return order


def facts(**more: Any) -> acting.Facts:
    """An administrator, forced cancelation allowed, promises of eight hours."""
    known: dict[str, Any] = {
        "tenant": "tenant",
        "principal": principal(),
        "force_cancel_allowed": True,
        "promise_ms": 8 * 3_600_000,
    }
    return acting.Facts(**(known | more))


def act(order: Document, move: Move, *, version: int = 1, at: int = LATER, **given: Any) -> Decision:
    """Acts, and asserts that the stored order was left alone."""
    before = copy.deepcopy(order)
    known = given.pop("facts", facts())
    action = {"name": move.value, "version": version, **ACTIONS[move], **given}
    try:
        if move is Move.UPDATE_CUSTOM_ATTRIBUTES:
            return acting.update_line_attributes(order, order["orderLineItems"][0]["id"], action, known, now=at)
        return acting.act(order, move, action, known, now=at)
    finally:
        assert order == before


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", ACTIONS)
def test_a_move_does_what_the_table_says(move: Move, status: Status) -> None:
    """The state after it and the event, or the refusal in the table's words; the version moves only with the order."""
    rule, order = TABLE[move], in_state(status)
    after = rule.states[status]
    if isinstance(after, Refused):
        with pytest.raises(Unknown if after.gone else Invalid) as refused:
            act(order, move)
        assert refused.value.faults[0].summary == f"status: {after.text}."
        return
    decision = act(order, move)
    assert decision.happening is not None
    assert decision.happening.type == rule.event
    assert (decision.document["status"], decision.document["version"]) == (after.value, 2)
    assert decision.document["lastModified"] == LATER_TEXT


@pytest.mark.parametrize("status", LIVE)
@pytest.mark.parametrize("move", ACTIONS)
def test_an_order_without_its_person_can_only_be_ended(move: Move, status: Status) -> None:
    """Its goods are gone too (decision D77), so that it is neither unlocked nor confirmed any more."""
    order = {**in_state(status), "anonymized": True}
    if isinstance(TABLE[move].states[status], Refused):
        return
    if move in (Move.CANCEL, Move.FORCE_CANCEL):
        assert act(order, move).document["status"] == Status.CANCELLED
        return
    with pytest.raises(Invalid, match=r"anonymized: personal data was taken out"):
        act(order, move)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", ACTIONS)
@pytest.mark.parametrize("version", [0, 2])
def test_a_stale_version_comes_before_the_state(move: Move, status: Status, version: int) -> None:
    """409 with both numbers, whatever the state would say."""
    with pytest.raises(VersionConflict) as refused:
        act(in_state(status), move, version=version)
    assert (refused.value.request_version, refused.value.version) == (version, 1)


@pytest.mark.parametrize("permitted", [True, False])
@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", [*ACTIONS, Move.PATCH])
def test_every_case_has_the_answer_of_the_first_check_that_fails(
    move: Move,
    status: Status,
    version: int,
    permitted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Every state by move by permission by version: permission first, then version, then state; else it is done."""
    permission, after = TABLE[move].permission, TABLE[move].states[status]
    assert permission is not None
    caller = principal(permission) if permitted else principal(*(set(Permission) - {permission}))
    order = in_state(status)

    def asked() -> Decision:
        acting.check_permission(move, caller)
        if move is Move.PATCH:
            change = {"version": version, "pricing": {"fees": [{"name": "wrap"}]}}
            editor = editing.Editor(caller, line_item_modification_allowed=True)
            return editing.edit(order, change, editor, now=LATER, new_id=lambda: "new")
        return act(order, move, version=version, facts=facts(principal=caller))

    before = copy.deepcopy(order)
    if not permitted:
        with pytest.raises(Forbidden, match=permission):
            asked()
    elif version != 1:
        with pytest.raises(VersionConflict):
            asked()
    elif isinstance(after, Refused):
        with pytest.raises(Unknown if after.gone else Invalid, match="status: "):
            asked()
    else:
        document = asked().document
        assert (document["status"], document["version"]) == (after.value, 2)
    assert order == before


@pytest.mark.parametrize("move", ACTIONS)
def test_each_move_needs_its_own_permission(move: Move) -> None:
    """That one suffices, all the others together do not, and the refusal names it."""
    permission = TABLE[move].permission
    assert permission is not None
    acting.check_permission(move, principal(permission))
    with pytest.raises(Forbidden, match=permission):
        acting.check_permission(move, principal(*(set(Permission) - {permission})))


def test_the_table_is_whole() -> None:
    """Every move that is asked for says something about every state, and only creations about none."""
    for move, rule in TABLE.items():
        if move in (Move.CREATE, Move.CREATE_LOCKED, Move.PROMISE):
            assert set(rule.states) == {None}
        else:
            assert set(rule.states) == set(Status)
        assert (rule.permission is None) == (move in (Move.EXPIRE, Move.RESERVE))
    by_other_ways = {Move.CREATE, Move.CREATE_LOCKED, Move.PROMISE, Move.PATCH, Move.EXPIRE, Move.RESERVE}
    assert set(ACTIONS) == set(TABLE) - by_other_ways


def test_final_states_are_never_left() -> None:
    """No move leads out of CANCELLED or OBSOLETE."""
    for rule in TABLE.values():
        for status in (Status.CANCELLED, Status.OBSOLETE):
            assert isinstance(rule.states.get(status, Refused("")), Refused)


def test_unlocking_may_set_the_target_time() -> None:
    """It becomes the delivery preference, and other preferences stay."""
    order = {**in_state(Status.LOCKED), "deliveryPreferences": {"shipping": {"serviceLevel": "DELIVERY"}}}
    assert act(order, Move.UNLOCK).document["deliveryPreferences"] == {
        "shipping": {"serviceLevel": "DELIVERY"},
        "targetTime": "2026-12-01T10:00:00.000Z",
    }


@pytest.mark.parametrize("move", [Move.CANCEL, Move.FORCE_CANCEL])
def test_cancelling_keeps_the_reason_as_it_was(move: Move) -> None:
    """A snapshot of the stored reason; an unknown id is refused by name; without one there is no reason."""
    order = in_state(Status.OPEN)
    told = act(order, move, cancelationReasonId="r-1", facts=facts(cancelation_reason=REASON))
    assert told.document["cancelationReason"] == REASON
    with pytest.raises(Invalid, match="cancelationReasonId: no cancelation reason has this id"):
        act(order, move, cancelationReasonId="r-2")
    assert "cancelationReason" not in act(order, move).document


def test_forced_cancelation_asks_the_configuration_after_the_state() -> None:
    """Switched off, it is refused with how to switch it on; an order that is over is refused for its state."""
    with pytest.raises(Invalid, match="forced cancelation is switched off"):
        act(in_state(Status.OPEN), Move.FORCE_CANCEL, facts=facts(force_cancel_allowed=False))
    with pytest.raises(Invalid, match="status: the order is CANCELLED"):
        act(in_state(Status.CANCELLED), Move.FORCE_CANCEL, facts=facts(force_cancel_allowed=False))


def test_a_confirmed_promise_is_an_order_and_waits_for_no_timer() -> None:
    """It takes the business key, keeps its promise options (decision D6), and its timer is taken away."""
    decision = act(in_state(Status.PROMISED), Move.CONFIRM_PROMISE)
    assert decision.document["tenantOrderId"] == "confirmed-1"
    assert decision.document["promisesOptions"] == {"validUntil": UNTIL}
    assert decision.timers == (Timer("tenant", acting.PROMISE_EXPIRY, "id-1", None),)


@pytest.mark.parametrize("move", [Move.CONFIRM_PROMISE, Move.EXTEND_PROMISE])
def test_the_end_of_a_promise_decides_and_not_its_timer(move: Move) -> None:
    """A millisecond before its end it can be confirmed or extended; at its end it counts as not found."""
    order = in_state(Status.PROMISED)
    end = NOW + 3_600_000
    assert act(order, move, at=end - 1).happening is not None
    with pytest.raises(Unknown, match="the promise ran out"):
        act(order, move, at=end)


@pytest.mark.parametrize(
    ("promise_ms", "until"),
    [
        (60_000, UNTIL),  # the old end is later
        (2 * 3_600_000, "2026-11-25T11:46:45.000Z"),
        (9 * 3_600_000, "2026-11-25T17:46:45.000Z"),  # never more than eight hours from now
    ],
)
def test_a_promise_is_extended_by_the_configured_time(promise_ms: int, until: str) -> None:
    """Decision D5; its timer moves along."""
    decision = act(in_state(Status.PROMISED), Move.EXTEND_PROMISE, facts=facts(promise_ms=promise_ms))
    assert decision.document["promisesOptions"] == {"validUntil": until}
    (timer,) = decision.timers
    assert (timer.kind, timer.entity_id) == (acting.PROMISE_EXPIRY, "id-1")


def test_cancelling_a_promise_takes_its_timer_away() -> None:
    """An order without a promise has no timer to take."""
    assert act(in_state(Status.PROMISED), Move.CANCEL).timers == (Timer("tenant", acting.PROMISE_EXPIRY, "id-1", None),)
    assert act(in_state(Status.OPEN), Move.CANCEL).timers == ()


def test_an_address_is_replaced_by_its_type() -> None:
    """One without a type counts as the postal address; a type that is not there is added."""
    order = in_state(Status.OPEN)
    changed = act(order, Move.CHANGE_CONSUMER_ADDRESS).document
    postal = {**ADDRESS, "addressType": "POSTAL_ADDRESS"}
    assert changed["consumer"]["addresses"] == [postal]
    assert changed["consumer"]["consumerId"] == "c-1"
    assert changed["updateDetails"][0]["changes"] == {"consumer": changed["consumer"]}
    added = act(order, Move.CHANGE_CONSUMER_ADDRESS, addressType="INVOICE_ADDRESS").document["consumer"]["addresses"]
    assert added == [*order["consumer"]["addresses"], {**ADDRESS, "addressType": "INVOICE_ADDRESS"}]


def test_addresses_that_are_so_already_change_nothing() -> None:
    """Neither version nor event."""
    order = in_state(Status.OPEN)
    decision = act(order, Move.REPLACE_CONSUMER_ADDRESSES, consumerAddresses=order["consumer"]["addresses"])
    assert (decision.document, decision.happening) == (order, None)


def test_the_custom_attributes_of_a_line_are_replaced() -> None:
    """Decision D11: no merge; the other line stays, limits hold."""
    order = in_state(Status.OPEN)
    order["orderLineItems"][0]["customAttributes"] = {"old": 1}
    changed = act(order, Move.UPDATE_CUSTOM_ATTRIBUTES).document["orderLineItems"]
    assert changed == [{**order["orderLineItems"][0], "customAttributes": {"gift": True}}, order["orderLineItems"][1]]
    with pytest.raises(Invalid, match="must not start with"):
        act(order, Move.UPDATE_CUSTOM_ATTRIBUTES, customAttributes={"$": 1})


@pytest.mark.parametrize(("at", "expires"), [(NOW + 3_600_000 - 1, False), (NOW + 3_600_000, True)])
def test_a_promise_expires_at_its_end(at: int, expires: bool) -> None:  # noqa: FBT001 - a column of the table
    """Not a millisecond earlier; then it is OBSOLETE, told as such, and the timer is gone."""
    order = in_state(Status.PROMISED)
    decision = acting.expire(order, DONE, now=at)
    if not expires:
        assert (decision.document, decision.happening) == (order, None)
        return
    assert decision.happening is not None
    assert (decision.happening.type, decision.document["status"]) == ("ORDER_PROMISE_EXPIRED", "OBSOLETE")
    assert decision.timers == (DONE,)


@pytest.mark.parametrize("status", [Status.OPEN, Status.LOCKED, Status.CANCELLED, Status.OBSOLETE])
def test_an_order_that_is_no_promise_does_not_expire(status: Status) -> None:
    """A timer that fires late finds nothing to do."""
    order = in_state(status)
    assert acting.expire(order, DONE, now=NOW + 10**9) == Decision(order)
