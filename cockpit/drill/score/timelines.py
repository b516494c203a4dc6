"""Lever timelines that were not played: a pull moved forward, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cockpit.domain.levers import LeverOrder
from cockpit.domain.orders import CANARY

WHAT_IF = "what-if"
"""The op of a pull that nobody made."""


def earlier(orders: Sequence[LeverOrder], lever: str, target: str, at: datetime) -> tuple[LeverOrder, ...]:
    """Return the timeline with a lever pulled at a moment: the next pull of it moved there, or a new one."""
    following = next((one for one in orders if one.lever == lever and not one.undoes and one.at >= at), None)
    moved = replace(following, at=at) if following else LeverOrder(WHAT_IF, lever, target, {}, at)
    return tuple(sorted([*(one for one in orders if one is not following), moved], key=lambda one: one.at))


def undone(orders: Sequence[LeverOrder], pull: LeverOrder, at: datetime) -> tuple[LeverOrder, ...]:
    """Return the timeline with a pull taken back at a moment."""
    back = LeverOrder(WHAT_IF, pull.lever, "", pull.scope, at, undoes=pull.op)
    return tuple(sorted([*orders, back], key=lambda one: one.at))


def never_undone(orders: Sequence[LeverOrder]) -> tuple[LeverOrder, ...]:
    """Return the pulls that nothing took back, neither an undo nor a canary at 100 %."""
    back = {one.undoes for one in orders if one.undoes}
    for one in orders:
        if one.lever == CANARY and (one.percent or 0.0) >= 100:
            back |= set(one.scope.get("undoes", ()))
    return tuple(one for one in orders if one.lever != CANARY and not one.undoes and one.op not in back)


def without(orders: Sequence[LeverOrder], dropped: LeverOrder) -> tuple[LeverOrder, ...]:
    """Return the timeline without one order and without what makes no sense when it is missing."""
    if dropped.lever == CANARY:
        return tuple(one for one in orders if one.lever != CANARY or one.at < dropped.at)
    return tuple(one for one in orders if one is not dropped and not _needs(one, dropped.op))


def _needs(order: LeverOrder, op: str) -> bool:
    """Tell whether an order takes back nothing but `op`."""
    return order.undoes == op or (order.lever == CANARY and list(order.scope.get("undoes", ())) == [op])
