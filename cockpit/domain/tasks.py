"""Tasks of an incident: who does what until when, whether they said yes, and whether it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

LONGEST_MIN = 100_000
"""No time box is longer, whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `due` ends its time box."""

    task: str
    text: str
    owner: str
    giver: str
    at: datetime
    due: datetime
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None

    def overdue(self, now: datetime) -> bool:
        """Tell whether its time box is over and it is not done."""
        return self.done_at is None and now > self.due


def open_tasks(state: IncidentState) -> tuple[Task, ...]:
    """Return the tasks that are not done, the first due first."""
    return tuple(sorted((one for one in state.tasks if one.done_at is None), key=lambda one: one.due))


def task_of(state: IncidentState, task: str) -> Task | None:
    """Find a task by its id."""
    return next((one for one in state.tasks if one.task == task), None)


def _added(state: IncidentState, event: Event) -> dict[str, Any]:
    task, owner = str(event.get("task", "")), str(event.get("owner", ""))
    # Whoever takes a task on themselves has said yes.
    yes = event.at if owner == event.actor else None
    due = event.at + _box(event.get("minutes"))
    new = Task(task, str(event.get("text", "")), owner, event.actor, event.at, due, yes)
    return {"tasks": (*(one for one in state.tasks if one.task != task), new)}


def _accepted(state: IncidentState, event: Event) -> dict[str, Any]:
    return _changed(state, event, lambda one: replace(one, acknowledged_at=event.at))


def _finished(state: IncidentState, event: Event) -> dict[str, Any]:
    return _changed(state, event, lambda one: replace(one, done_at=event.at))


def _changed(state: IncidentState, event: Event, change: Callable[[Task], Task]) -> dict[str, Any]:
    task = str(event.get("task", ""))
    return {"tasks": tuple(change(one) if one.task == task else one for one in state.tasks)}


def _box(told: object) -> timedelta:
    """Return a time box as told; none where it is no number of minutes that can be."""
    if isinstance(told, int | float) and 0 < told < LONGEST_MIN:
        return timedelta(minutes=told)
    return timedelta()


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.TASK_ADDED: _added,
    Kind.TASK_ACKNOWLEDGED: _accepted,
    Kind.TASK_DONE: _finished,
}
