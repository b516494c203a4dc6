"""The run itself: pause, resume, speed, end. Only a simulator's time can be stopped, and only an exercise ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.domain.events import Kind, NewEvent
from cockpit.session.action import Action, Context
from cockpit.session.rules import all_of, exercise, stoppable

SLOWEST, FASTEST = 0.5, 60.0
"""Drill speeds, in virtual seconds a second."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Virtual seconds a second, 0.5 to 60."""

    speed: float


HELD = "a trainer has stopped the clock, and lets it go on"


def _running(context: Context, _: Any) -> str:
    if context.state.held:
        return HELD
    return "the drill is paused already" if context.state.paused else ""


def _paused(context: Context, _: Any) -> str:
    if context.state.held:
        return HELD
    return "" if context.state.paused else "the drill is running"


def _in_range(context: Context, arguments: Speed | None) -> str:
    if arguments is None or SLOWEST <= arguments.speed <= FASTEST:
        return ""
    return f"a drill runs at ×{SLOWEST:g} to ×{FASTEST:g}, not ×{arguments.speed:g}"


def _pause(context: Context, _: Any) -> list[NewEvent]:
    return [context.event(Kind.DRILL_PAUSED)]


def _resume(context: Context, _: Any) -> list[NewEvent]:
    return [context.event(Kind.DRILL_RESUMED)]


def _set_speed(context: Context, arguments: Speed) -> list[NewEvent]:
    return [context.event(Kind.SPEED_CHANGED, speed=arguments.speed)]


def _end(context: Context, _: Any) -> list[NewEvent]:
    return [context.event(Kind.DRILL_ENDED, reason="ended by the responder")]


ACTIONS = (
    Action(
        "pause", "Pause", "Stop the drill's clock; nothing happens until it goes on.", "in a drill that runs", 0,
        all_of(stoppable, _running), _pause, keys=("z",),
    ),
    Action(
        "resume", "Resume", "Let the drill go on.", "in a drill that is paused", 0,
        all_of(stoppable, _paused), _resume,
    ),
    Action(
        "set_speed", "Speed", "Let the drill's clock run slower or faster.", "in a drill", 0,
        all_of(stoppable, _in_range), _set_speed, Speed, needs=("speed",),
    ),
    Action("end_drill", "End the drill", "Stop here and open the debrief.", "in a drill", 0, exercise, _end),
)  # fmt: skip
