"""Which state follows which: every pair that is allowed, every pair that is refused."""

import itertools
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.model import OutboundKind, ReceiptState
from bot.store import transitions
from bot.store.port import InboundState, OutboundState
from bot.store.transitions import (
    INBOUND_OF_DEAD_OWNER,
    OUTBOUND_OF_DEAD_OWNER,
    may_send_again,
    settle,
    state_after_failure,
    state_after_receipt,
    state_after_release,
    state_on_arrival,
)

RECEIVED, CLAIMED, DONE, PARKED = (
    InboundState.RECEIVED,
    InboundState.CLAIMED,
    InboundState.DONE,
    InboundState.PARKED,
)
UNKNOWN, ACCEPTED, LOST, ARRIVED = (
    ReceiptState.UNKNOWN,
    ReceiptState.ACCEPTED,
    ReceiptState.FAILED,
    ReceiptState.DELIVERED,
)


def test_the_figures_that_the_rules_state() -> None:
    assert (transitions.MAX_CLAIMS, transitions.MAX_ATTEMPTS, transitions.MOST_CODES) == (5, 4, 20)
    assert timedelta(days=90) == transitions.CODES_KEPT
    assert transitions.LATE_ORDINAL == 10
    assert timedelta(seconds=30) == transitions.REPEAT_ALWAYS
    assert timedelta(seconds=120) == transitions.REPEAT_UNANSWERED
    assert timedelta(minutes=10) == transitions.PART_REPEAT == transitions.EARLY_RECEIPT
    assert timedelta(hours=24) == transitions.PROMISE_VALID


ARRIVALS = {
    # (duplicate, ignored, claim, person busy)
    (False, False, True, False): CLAIMED,
    (False, False, True, True): RECEIVED,
    (False, False, False, False): RECEIVED,
    (False, False, False, True): RECEIVED,
}


@pytest.mark.parametrize("flags", list(itertools.product((False, True), repeat=4)), ids=str)
def test_state_on_arrival(flags: tuple[bool, bool, bool, bool]) -> None:
    duplicate, ignored, claim, person_busy = flags
    state = state_on_arrival(duplicate=duplicate, ignored=ignored, claim=claim, person_busy=person_busy)
    assert state is ARRIVALS.get(flags, DONE)


@pytest.mark.parametrize(
    ("claims", "state"), [(1, RECEIVED), (4, RECEIVED), (5, PARKED), (6, PARKED), (100, PARKED)], ids=str
)
def test_state_after_release(claims: int, state: InboundState) -> None:
    assert state_after_release(claims) is state


def test_what_a_dead_owner_leaves() -> None:
    """Only what was under way moves; nothing that may have left becomes ``ready``."""
    assert {state: INBOUND_OF_DEAD_OWNER.get(state, state) for state in InboundState} == {
        RECEIVED: RECEIVED,
        CLAIMED: RECEIVED,
        DONE: DONE,
        PARKED: PARKED,
    }
    assert {state: OUTBOUND_OF_DEAD_OWNER.get(state, state) for state in OutboundState} == {
        **{state: state for state in OutboundState},
        OutboundState.SENDING: OutboundState.IN_DOUBT,
    }


@pytest.mark.parametrize("wanted", list(OutboundState))
@pytest.mark.parametrize(("attempts", "left"), [(0, True), (1, True), (3, True), (4, False), (5, False)], ids=str)
def test_state_after_failure(wanted: OutboundState, attempts: int, *, left: bool) -> None:
    given_up = wanted is OutboundState.READY and not left
    assert state_after_failure(wanted, attempts) is (OutboundState.FAILED if given_up else wanted)


@pytest.mark.parametrize("kind", list(OutboundKind))
@pytest.mark.parametrize("repeated", [False, True])
def test_what_may_be_sent_again(kind: OutboundKind, *, repeated: bool) -> None:
    allowed = kind is not OutboundKind.ONE_TIME_CODE and not repeated
    assert may_send_again(kind, possible_duplicate=repeated) is allowed


FORWARD = {
    (UNKNOWN, ACCEPTED),
    (UNKNOWN, LOST),
    (UNKNOWN, ARRIVED),
    (ACCEPTED, LOST),
    (ACCEPTED, ARRIVED),
    (LOST, ARRIVED),
}
"""An operator may first give a text up and deliver it later; what was delivered stays delivered."""


@pytest.mark.parametrize("pair", list(itertools.product(ReceiptState, repeat=2)), ids="→".join)
def test_a_part_never_moves_backwards(pair: tuple[ReceiptState, ReceiptState]) -> None:
    known, news = pair
    assert settle(known, news) is (news if pair in FORWARD else known)


MOVED_BY_RECEIPTS = {OutboundState.SENT, OutboundState.IN_DOUBT, OutboundState.UNDELIVERED, OutboundState.EXPIRED}
PARTS = [
    pytest.param([ARRIVED], 1, OutboundState.DELIVERED, id="the only part"),
    pytest.param([ARRIVED, ARRIVED], 2, OutboundState.DELIVERED, id="both parts"),
    pytest.param([ARRIVED, ARRIVED, ARRIVED], 2, OutboundState.DELIVERED, id="more than expected"),
    pytest.param([ARRIVED], 2, None, id="one of two, the other's id unknown"),
    pytest.param([ARRIVED, UNKNOWN], 2, None, id="one of two"),
    pytest.param([ARRIVED, ACCEPTED], 2, None, id="one of two, the other on its way"),
    pytest.param([ARRIVED, LOST], 2, OutboundState.UNDELIVERED, id="one of two lost"),
    pytest.param([LOST], 2, OutboundState.UNDELIVERED, id="the known part lost"),
    pytest.param([LOST, LOST], 2, OutboundState.UNDELIVERED, id="all lost"),
    pytest.param([UNKNOWN], 1, None, id="nothing known"),
    pytest.param([ACCEPTED], 1, None, id="on its way"),
    pytest.param([], 1, None, id="no part has an id"),
]


@pytest.mark.parametrize("known", list(OutboundState))
@pytest.mark.parametrize(("parts", "expected", "state"), PARTS)
def test_state_after_receipt(
    known: OutboundState, parts: Sequence[ReceiptState], expected: int, state: OutboundState | None
) -> None:
    moves = known in MOVED_BY_RECEIPTS and state is not None
    assert state_after_receipt(known, parts, expected) is (state if moves else known)
