"""Station 4: the all-clear, through its checklist or with a reason for every point that is open."""

from __future__ import annotations

from dataclasses import dataclass, field

from cockpit.domain.checklist import CONTAINED, Point, checklist, open_points
from cockpit.domain.events import Kind, NewEvent
from cockpit.session.action import Action, Context
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.rules import all_of, before_all_clear, paged


@dataclass(frozen=True, slots=True)
class AllClear:
    """How you know that harm has stopped, where nothing has measured it; reasons why each open point may stay so."""

    judged: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


def points_of(context: Context) -> list[Point]:
    """Return the checklist as it stands."""
    return checklist(context.state, context.playbook, measured=bool(context.frame().harm))


def why_open(context: Context, arguments: AllClear) -> dict[str, str]:
    """Return the reason for each open point by its id, empty where none was given."""
    given = {CONTAINED: arguments.judged, **arguments.reasons} if arguments.judged else arguments.reasons
    return {point.id: given.get(point.id, "").strip() for point in open_points(points_of(context))}


def _may_clear(context: Context, arguments: AllClear | None) -> str:
    state = context.state
    if not state.contained and (reason := _not_contained(context)):
        return reason
    if state.canary and state.canary.open:
        return f"the canary is open at {state.canary.percent:g} %: widen it to 100, or close it"
    return "" if arguments is None else _unknown(context, arguments) or _unexplained(context, arguments)


def _not_contained(context: Context) -> str:
    """In a drill harm can always be measured; outside, a person may have to answer for it."""
    if context.state.simulated:
        if not context.state.pulls:
            return "nothing has been done about it: pull a lever first"
        return "harm has not been measured to have stopped"
    bad = next((series for series in context.frame().harm if series.breached), None)
    return f"harm goes on: {bad.label} {bad.latest:.3g} {bad.unit}, line {bad.threshold:.3g}" if bad else ""


def _unknown(context: Context, arguments: AllClear) -> str:
    known = [point.id for point in points_of(context)]
    wrong = next((name for name in arguments.reasons if name not in known), "")
    return f"the checklist has no point {wrong!r}: {', '.join(known)}" if wrong else ""


def _unexplained(context: Context, arguments: AllClear) -> str:
    bare = [name for name, reason in why_open(context, arguments).items() if len(reason) < REASON_LENGTH]
    if CONTAINED in bare:
        return f"nothing has measured that harm stopped: say in {REASON_LENGTH} characters or more how you know"
    if not bare:
        return ""
    told = "; ".join(f"{point.words} ({point.id})" for point in points_of(context) if point.id in bare)
    return f"open: {told}. Close it, or give a reason of {REASON_LENGTH} characters or more for each"


def _all_clear(context: Context, arguments: AllClear) -> list[NewEvent]:
    why = why_open(context, arguments)
    still = open_points(points_of(context))
    told = [{"point": point.id, "words": point.words, "reason": why[point.id]} for point in still]
    words = [point.words for point in still]
    judged = why.get(CONTAINED, "")
    return [context.event(Kind.ALL_CLEAR_GIVEN, open_points=words, overridden=told or None, judged=judged)]


ACTIONS = (
    Action(
        "all_clear", "All-clear",
        "Say that it is over: contained, proven, and re-opened; what is open needs a reason each.",
        "when harm is contained, or judged to be where nothing measures it, and no canary is open", 4,
        all_of(before_all_clear, paged, _may_clear),
        _all_clear, AllClear, ("y",),
    ),
)  # fmt: skip
