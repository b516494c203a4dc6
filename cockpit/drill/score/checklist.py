"""H7: the actions a scenario expects, each folded into the part it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from cockpit.domain.events import Event
from cockpit.domain.steps import steps_of
from cockpit.drill.score import formulas
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import PartScore

SHARE = 0.25
"""How much of a part its expected actions are, where a scenario expects any."""

PART_OF: Mapping[str, str] = {
    "set_severity": "severity",
    "set_class": "diagnosis",
    "set_layer": "diagnosis",
    "answer": "diagnosis",
    "characterise": "diagnosis",
    "set_scope": "diagnosis",
    "set_hypothesis": "diagnosis",
    "pin_trace": "diagnosis",
    "pull_lever": "levers",
    "undo_lever": "levers",
    "open_canary": "levers",
    "widen_canary": "levers",
    "post_update": "comms",
    "take_role": "command",
    "hand_over_role": "command",
    "add_fixture": "learn",
    "prove_fixture": "learn",
    "name_alert": "learn",
    "close_incident": "learn",
}
"""Which part an expected action belongs to; all others (acknowledge, declare, freeze, note, all-clear) to order."""


class Expectation(Protocol):
    """What is used of a scenario's expected action."""

    @property
    def do(self) -> str:
        """The action."""
        ...

    @property
    def args(self) -> dict[str, Any]:
        """Arguments it must have; a list means one of these."""
        ...

    @property
    def weight(self) -> float:
        """How much it counts."""
        ...

    @property
    def target(self) -> float:
        """Seconds it should take."""
        ...

    @property
    def expires(self) -> float | None:
        """Seconds after which it is worth nothing."""
        ...

    @property
    def inject(self) -> str | None:
        """The inject that starts its clock; None for the page."""
        ...


def progress(case: Case, one: Expectation) -> tuple[datetime | None, Event | None]:
    """Return when the clock of an expectation began, and what did what was expected; None for what is not there."""
    begun = _begun(case, one)
    return begun, None if begun is None else _doing(case, one, begun)


def with_checklist(case: Case, name: str, part: PartScore) -> PartScore:
    """Blend a part with the actions that were expected for it; a part that is not scored stays so."""
    if part.value is None:
        return part
    asked = [one for one in case.scenario.expected if PART_OF.get(one.do, "order") == name]
    judged = [(one, begun) for one in asked if (begun := _begun(case, one)) is not None]
    if not judged:
        return part
    done = [(one, begun, _doing(case, one, begun)) for one, begun in judged]
    score = formulas.weighted([(one.weight, _value(one, begun, event)) for one, begun, event in done])
    assert score is not None
    seqs = {*part.seqs, *(event.seq for _, _, event in done if event)}
    late = [one.do for one, begun, event in done if _value(one, begun, event) < 1.0]
    why = f"{part.why}; late or missing: {', '.join(late)}" if late else part.why
    return PartScore((1.0 - SHARE) * part.value + SHARE * score, why, tuple(sorted(seqs)))


def _begun(case: Case, one: Expectation) -> datetime | None:
    """Return when the clock of an expectation began, or None when it was never asked or there was no time for it."""
    start: datetime | None = case.page
    if one.inject is not None:
        start = next((item.at for item in case.state.injects if item.inject == one.inject), None)
    if start is None or start + timedelta(seconds=one.target) > case.end:
        return start if start is not None and _doing(case, one, start) else None
    return start


def _doing(case: Case, one: Expectation, begun: datetime) -> Event | None:
    """Return the first event that does what was expected, after its clock began."""
    return next((event for event in case.events if event.at >= begun and _does(event, one)), None)


def _does(event: Event, one: Expectation) -> bool:
    if one.do not in steps_of(event):
        return False
    return all(_matches(event.get(key), value) for key, value in one.args.items())


def _matches(given: Any, wanted: Any) -> bool:
    return given in wanted if isinstance(wanted, list) else given == wanted


def _value(one: Expectation, begun: datetime, event: Event | None) -> float:
    if event is None:
        return 0.0
    seconds = (event.at - begun).total_seconds()
    if one.expires is not None and seconds > one.expires:
        return 0.0
    return formulas.time(seconds, one.target)
