"""What would have been better: every lever at every minute, and every act left out, on the same requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from cockpit.domain.events import Kind, Source
from cockpit.domain.levers import LeverOrder
from cockpit.domain.orders import CANARY
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import Toll
from cockpit.drill.score.retell import WhatIf
from cockpit.drill.score.timelines import earlier, never_undone, undone, without

STEP = timedelta(minutes=1)
SHOWN = 3
WORTH = 0.01
"""What a moment must have cost to be worth telling, as a share of the toll of doing nothing."""

HANDS_FREE = timedelta(minutes=1)
"""How long after the acknowledgement a hand can be on a lever at the earliest."""


def what_ifs(case: Case) -> tuple[WhatIf, ...]:
    """Return the moments that cost most, the worst first; at most three, and none that cost next to nothing.

    Different moments come before different ways to have used the same one.
    """
    least = WORTH * abs(case.truth.toll(()).j)
    groups = (_other_levers(case), _taken_back(case), _left_out(case))
    ranked = [sorted((one for one in group if one.saved > least), key=_rank) for group in groups]
    heads = [*(group[0] for group in ranked[:2] if group), *ranked[2]]
    rest = [one for group in ranked[:2] for one in group[1:]]
    chosen = [*sorted(heads, key=_rank)[:SHOWN], *sorted(rest, key=_rank)][:SHOWN]
    return tuple(sorted(chosen, key=_rank))


def _rank(one: WhatIf) -> tuple[float, float, str]:
    return (-one.saved, one.at_s, one.text)


def _other_levers(case: Case) -> Iterator[WhatIf]:
    """Try every lever at every minute from the one in which a hand was free."""
    times = _minutes(case, case.state.milestones.get("ack", case.page) + HANDS_FREE)
    for lever, target in case.truth.choices():
        at = _best(case, times, partial(earlier, case.orders, lever, target))
        if at is None:
            continue
        own = next((one for one in case.orders if one.lever == lever and not one.undoes and one.at >= at), None)
        moved = f" instead of {own.at:%H:%M}" if own else ""
        text = f"{_name(case, lever, own.target if own else target)} at {at:%H:%M}{moved}"
        seqs = _seqs(case, own) if own else case.seqs(Kind.PAGED)[:1]
        yield _what_if(case, text, at, earlier(case.orders, lever, target, at), seqs)


def _taken_back(case: Case) -> Iterator[WhatIf]:
    """Try taking back, at every minute, what was left in force."""
    for pull in never_undone(case.orders):
        times = _minutes(case, pull.at + STEP)
        at = _best(case, times, partial(undone, case.orders, pull))
        if at is not None:
            text = f"Taking {_name(case, pull.lever, '')} back at {at:%H:%M}"
            yield _what_if(case, text, at, undone(case.orders, pull, at), _seqs(case, pull))


def _best(case: Case, times: list[datetime], make: Callable[[datetime], tuple[LeverOrder, ...]]) -> datetime | None:
    """Return the moment at which a change would have saved most, or None when it never saves anything."""
    found = [(case.truth.j_from(case.orders, make(at), at), at) for at in times]
    j, at = min(found, default=(case.toll.j, case.page))
    return at if j < case.toll.j else None


def _minutes(case: Case, first: datetime) -> list[datetime]:
    """Return the whole minutes after the page from a moment on."""
    count = int((case.scenario.end - case.page) / STEP)
    every = (case.page + number * STEP for number in range(1, count))
    return [moment for moment in every if moment >= first]


def _left_out(case: Case) -> Iterator[WhatIf]:
    """Try the run without each thing that was asked of the world."""
    for order in case.orders:
        if order.percent == 0:
            continue
        orders = without(case.orders, order)
        one = _what_if(case, _absence(case, order), order.at, orders, _seqs(case, order))
        if one.saved > 0:
            yield one


def _absence(case: Case, order: LeverOrder) -> str:
    if order.lever == CANARY:
        return f"Not re-opening to {order.percent:g} % at {order.at:%H:%M}"
    deed = "Not undoing" if order.undoes else "Without"
    return f"{deed} {_name(case, order.lever, '' if order.undoes else order.target)} at {order.at:%H:%M}"


def _what_if(case: Case, text: str, at: datetime, orders: tuple[LeverOrder, ...], seqs: tuple[int, ...]) -> WhatIf:
    then, now = case.truth.toll(orders), case.toll
    words = f"{text} would have spared {_spared(case, now, then)} (J {now.j:.0f} → {then.j:.0f})"
    return WhatIf(words, (at - case.page).total_seconds(), now.j, then.j, now.j - then.j, seqs, orders)


def _spared(case: Case, now: Toll, then: Toll) -> str:
    """Say what the saving consists of: harm, lost service, money, each where it is less."""
    harm, lost, money = now.harm - then.harm, now.lost - then.lost, now.excess_cost - then.excess_cost
    # Where harm is counted in money the money itself says more.
    counted = harm >= 0.5 and not (case.truth.unit == "dollars" and money >= 0.5)
    parts = [
        f"{harm:,.0f} {case.truth.unit}" if counted else "",
        f"{lost:,.0f} answers that were lost" if lost >= 0.5 else "",
        f"${money:,.0f}" if money >= 0.5 else "",
    ]
    return " and ".join(part for part in parts if part) or f"{now.j - then.j:.1f} of J"


def _name(case: Case, lever: str, target: str) -> str:
    title = next((pull.title for pull in case.state.pulls if pull.lever == lever and pull.title), "")
    words = title or lever.replace("_", " ").capitalize()
    return f"{words} ({target})" if target else words


def _seqs(case: Case, order: LeverOrder) -> tuple[int, ...]:
    return tuple(event.seq for event in case.events if event.get("op") == order.op and event.source is Source.PERSON)
