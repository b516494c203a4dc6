"""The five stations of the loop, as the header line shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cockpit.domain.incident import IncidentState

Status = Literal["done", "now", "todo"]

NAMES = ("Classify", "Triage", "Mitigate", "Command", "Learn")


@dataclass(frozen=True, slots=True)
class StationView:
    """One station: `elapsed_s` is how long after the page it was done, or how long it has been the one to be at."""

    name: str
    status: Status
    since: datetime | None = None
    elapsed_s: float | None = None


def stations(state: IncidentState, now: datetime) -> tuple[StationView, ...]:
    """Return the five stations: which are done, which one is now, and which wait."""
    done = [_classified(state), _triaged(state), state.containment.since, state.all_clear_at, _learnt(state)]
    current = next((index for index, moment in enumerate(done) if moment is None), None)
    return tuple(_view(state, now, index, moment, current) for index, moment in enumerate(done))


def _view(
    state: IncidentState, now: datetime, index: int, moment: datetime | None, current: int | None
) -> StationView:
    name, page = NAMES[index], state.page_at
    if moment is not None:
        return StationView(name, "done", moment, (moment - page).total_seconds() if page else None)
    if index == current and page is not None:
        began = _arrived(state, index) or page
        return StationView(name, "now", began, max(0.0, (now - began).total_seconds()))
    return StationView(name, "todo")


def _arrived(state: IncidentState, index: int) -> datetime | None:
    """Return when the station before this one was done, so that a station's own time can be shown."""
    before = [_classified(state), _triaged(state), state.containment.since, state.all_clear_at][:index]
    return max((moment for moment in before if moment), default=None)


def _classified(state: IncidentState) -> datetime | None:
    return state.milestones.get("severity_set")


def _triaged(state: IncidentState) -> datetime | None:
    answers = [answer.at for answer in state.triage.answers.values()]
    named = state.milestones.get("class_set")
    return max(named, min(answers)) if named and answers else None


def _learnt(state: IncidentState) -> datetime | None:
    return state.learning.closed_at
