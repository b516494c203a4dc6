"""Says in a few words what one line of the journal tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cockpit.domain.events import Event, Kind
from cockpit.domain.pages import in_words


def tell(event: Event) -> str:
    """Return one line of plain words; what came from outside is still raw and has to be cleaned to be shown."""
    say = _WORDS.get(event.kind)
    return say(event) if say else event.kind.replace("_", " ")


def _get(event: Event, key: str) -> str:
    value: Any = event.get(key, "")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _pulled(event: Event) -> str:
    name = _get(event, "title") or _get(event, "lever")
    if event.get("undoes"):
        return f"undoes {name}"
    move = " → ".join(word for word in (_get(event, "before"), _get(event, "target")) if word)
    return f"pulls {name}" + (f": {move}" if move else "")


def _layer(event: Event) -> str:
    rest = ", ".join(word for word in (_get(event, "component"), _get(event, "change")) if word)
    return f"layer {_get(event, 'layer')}" + (f" ({rest})" if rest else "")


_WORDS: Mapping[Kind, Callable[[Event], str]] = {
    Kind.INCIDENT_OPENED: lambda event: f"drill of {_get(event, 'scenario')} begins, seed {_get(event, 'seed')}",
    Kind.SIGNAL_FIRED: lambda event: _get(event, "text") or f"{_get(event, 'label')} fired",
    Kind.PAGED: lambda event: f"page: {_get(event, 'text')}",
    Kind.INJECT_DELIVERED: lambda event: (
        f"{_get(event, 'channel')} from {_get(event, 'sender')}: {_get(event, 'text')}"
    ),
    Kind.ACKNOWLEDGED: lambda event: "acknowledges",
    Kind.DECLARED: lambda event: "declares the incident",
    Kind.SEVERITY_SET: lambda event: f"calls {_get(event, 'severity')}",
    Kind.CLASS_SET: lambda event: f"class {_get(event, 'class')}",
    Kind.LAYER_SET: _layer,
    Kind.QUESTION_ANSWERED: lambda event: f"{_get(event, 'question')}: {_get(event, 'answer')}",
    Kind.EVIDENCE_FROZEN: lambda event: "freezes the evidence",
    Kind.LEVER_PULLED: _pulled,
    Kind.LEVER_APPLIED: lambda event: f"{_get(event, 'op')} is stored: {_get(event, 'value')}",
    Kind.LEVER_PROVEN: lambda event: f"{_get(event, 'op')} is proven by {_get(event, 'matched')} answers",
    Kind.LEVER_NOT_PROVEN: lambda event: f"{_get(event, 'op')} is not proven: {_get(event, 'reason')}",
    Kind.LEVER_REFUSED: lambda event: f"{_get(event, 'op')} is refused: {_get(event, 'reason')}",
    Kind.LEVER_UNKNOWN: lambda event: f"{_get(event, 'op')} is unknown: {_get(event, 'reason')}",
    Kind.CONTAINED: lambda event: "contained, by the signals",
    Kind.CONTAINMENT_LOST: lambda event: f"harm is back: {_get(event, 'signal')} {_get(event, 'value')}",
    Kind.CANARY_OPENED: lambda event: f"opens a canary at {_get(event, 'percent')} %",
    Kind.CANARY_WIDENED: lambda event: f"widens the canary to {_get(event, 'percent')} %",
    Kind.CANARY_PASSED: lambda event: "the canary passed",
    Kind.CANARY_ABORTED: lambda event: f"the canary is closed: {_get(event, 'reason')}",
    Kind.ROLE_TAKEN: lambda event: f"takes {_get(event, 'role')}",
    Kind.ROLE_OFFERED: lambda event: f"offers {_get(event, 'role')} to {_get(event, 'to')}",
    Kind.ROLE_ACCEPTED: lambda event: f"accepts {_get(event, 'role')}",
    Kind.ROLE_DECLINED: lambda event: f"declines {_get(event, 'role')}",
    Kind.UPDATE_POSTED: lambda event: (
        f"tells {_get(event, 'audience')} ({_get(event, 'state')}): {_get(event, 'text')}"
    ),
    Kind.PAGE_ASKED: in_words,
    Kind.PAGE_ANSWERED: in_words,
    Kind.PAGER_DONE: in_words,
    Kind.PAGER_FAILED: in_words,
    Kind.PAGER_UNKNOWN: in_words,
    Kind.NOTED: lambda event: _get(event, "text"),
    Kind.ALL_CLEAR_GIVEN: lambda event: "gives the all-clear",
    Kind.ACTION_REFUSED: lambda event: f"{_get(event, 'action')} is refused: {_get(event, 'reason')}",
    Kind.DRILL_PAUSED: lambda event: "stops the clock",
    Kind.DRILL_RESUMED: lambda event: "lets the clock go on",
    Kind.SPEED_CHANGED: lambda event: f"speed ×{_get(event, 'speed')}",
    Kind.DRILL_ENDED: lambda event: f"the drill ends: {_get(event, 'reason')}",
}
