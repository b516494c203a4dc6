"""Driving: carrying out what the journal asks for and does not tell the end of, in one process at a time."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import Stage
from cockpit.domain.orders import orders_of
from cockpit.world.hands import Hands

DECISIVE = (Kind.LEVER_APPLIED, Kind.LEVER_REFUSED)
"""What ends an order; an unknown one is asked for again."""


def drive(hands: Hands, log: Sequence[Event], state: IncidentState, *, since_seq: int) -> None:
    """Carry out every order whose end the journal does not tell, and look for the applied ones on the wire.

    Args:
        since_seq: orders up to this line were asked for before this process drove: they may have been sent.
    """
    decided = {str(event.get("op")) for event in log if event.kind in DECISIVE}
    doubted = {pull.op for pull in state.pulls if pull.stage is Stage.UNKNOWN}
    for order in orders_of(log):
        if order.op not in decided:
            asked_before = _first_line(log, order.op) <= since_seq
            hands.carry(order, repeat=asked_before, doubted=order.op in doubted)
    for pull in state.pulls:
        if pull.stage in (Stage.APPLIED, Stage.NOT_PROVEN):
            hands.prove(pull.op, pull.intent)
        else:
            hands.settle(pull.op)


def _first_line(log: Sequence[Event], op: str) -> int:
    return next(event.seq for event in log if event.get("op") == op)
