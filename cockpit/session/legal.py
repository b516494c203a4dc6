"""Station 4: clocks of law and regulation, started and stopped by people, each from its own anchor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cockpit.domain.events import Kind, NewEvent, iso
from cockpit.domain.legal import LegalClock
from cockpit.domain.moments import EXAMPLES, moment
from cockpit.session.action import Action, Context


@dataclass(frozen=True, slots=True)
class StartClock:
    """Which clock, who became aware (or decided), and when: 15m ago, 02:14, a date and time; now if left out."""

    clock: str
    aware: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class StopClock:
    """Which clock, why it runs no more (notified, does not apply …), and which of its duties; all if left out."""

    clock: str
    reason: str
    duty: str = ""


def clock_named(context: Context, name: str) -> LegalClock | None:
    """Find a clock of the playbook."""
    return next((one for one in context.playbook.clocks if one.id == name), None)


def _may_start(context: Context, arguments: StartClock | None) -> str:
    if context.state.page_at is None:
        return "nobody has been paged yet: wait for the page"
    if arguments is None:
        return ""
    if clock_named(context, arguments.clock) is None:
        known = ", ".join(one.id for one in context.playbook.clocks)
        return f"there is no clock {arguments.clock!r}: choose {known}"
    if any(one.clock == arguments.clock and not one.over for one in context.state.clocks):
        return f"{arguments.clock} runs already"
    if not arguments.aware.strip():
        return "say who became aware"
    anchor = _anchor(context, arguments)
    if anchor is None:
        return f"{arguments.at!r} is no moment; such as {EXAMPLES}"
    return "its anchor lies in the future" if anchor > context.now else ""


def _anchor(context: Context, arguments: StartClock) -> datetime | None:
    return moment(arguments.at, context.now) if arguments.at.strip() else context.now


def _start(context: Context, arguments: StartClock) -> list[NewEvent]:
    """Journal the clock as it was read, so that a later edition of the data changes nothing that was started."""
    clock, anchor = clock_named(context, arguments.clock), _anchor(context, arguments)
    assert clock is not None
    assert anchor is not None
    duties = [{"what": duty.what, "due": iso(duty.due(anchor))} for duty in clock.duties]
    return [
        context.event(
            Kind.CLOCK_STARTED, clock=clock.id, title=clock.title, anchor=clock.anchor, anchor_at=iso(anchor),
            aware=arguments.aware.strip(), duties=duties, source=clock.source, checked=clock.checked,
        )
    ]  # fmt: skip


def _may_stop(context: Context, arguments: StopClock | None) -> str:
    going = [one for one in context.state.clocks if not one.over]
    if not going:
        return "no clock runs"
    if arguments is None:
        return ""
    mine = [one.what for one in going if one.clock == arguments.clock]
    if not mine:
        return f"{arguments.clock!r} does not run"
    if arguments.duty and arguments.duty not in mine:
        return f"{arguments.clock} has no open duty {arguments.duty!r}: {', '.join(mine)}"
    return "" if arguments.reason.strip() else "say why: notified, or that it does not apply"


def _stop(context: Context, arguments: StopClock) -> list[NewEvent]:
    return [
        context.event(Kind.CLOCK_STOPPED, clock=arguments.clock, duty=arguments.duty, reason=arguments.reason.strip())
    ]


ACTIONS = (
    Action(
        "start_clock", "Start a clock",
        "Say that the anchor of a legal clock was reached: who became aware, and when.",
        "after the page, for a clock of the playbook that does not run", 4, _may_start, _start, StartClock,
        needs=("clock", "aware"),
    ),
    Action(
        "stop_clock", "Stop a clock", "Say that a duty is met, or that the clock does not apply, and why.",
        "for a clock that runs", 4, _may_stop, _stop, StopClock, needs=("clock", "reason"),
    ),
)  # fmt: skip
