"""What is left to do after an incident, and what was left out of it: the rows of everybody's home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cockpit.domain.events import Event
from cockpit.domain.incident import IncidentState, fold
from cockpit.domain.learning import Waiver
from cockpit.playbooks.journalled import playbook_of
from cockpit.postmortem.store import moment_of
from cockpit.postmortem.todo import day, items, postmortem_due

POSTMORTEM = "postmortem"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that is not done; `due` is None where nobody said until when.

    Attributes:
        day: until the end of which day, where a day is all that was said.
    """

    item: str
    what: str
    owner: str
    due: datetime | None
    late: bool
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """An incident after its all-clear, at a moment of its own clock."""

    incident: str
    title: str
    live: bool
    now: datetime
    duties: tuple[Duty, ...]
    waivers: tuple[Waiver, ...]
    signed: bool
    closed_at: datetime | None


def left(events: Sequence[Event]) -> Left | None:
    """Return how an incident stands after its all-clear, None before; a drill's days are those of its own clock."""
    state = fold(events)
    if state.all_clear_at is None and state.learning.closed_at is None:
        return None
    now, learning = moment_of(events), state.learning
    return Left(
        state.incident, state.title, state.live, now, duties(state, events), learning.waivers,
        learning.written.done_at is not None, learning.closed_at,
    )  # fmt: skip


def duties(state: IncidentState, events: Sequence[Event]) -> tuple[Duty, ...]:
    """Return what is not done of an incident whose events fold to a state: the postmortem, then its items."""
    now = moment_of(events)
    due_s = playbook_of(events[0]).profile.postmortem_due_s
    return (*_postmortem(state, now, due_s), *_items(state, now))


def _postmortem(state: IncidentState, now: datetime, due_s: float) -> Iterator[Duty]:
    if due := postmortem_due(state, due_s):
        yield Duty(POSTMORTEM, "Read and sign the postmortem", "", due, now > due)


def _items(state: IncidentState, now: datetime) -> Iterator[Duty]:
    for one in items(state):
        if not one.done:
            known = day(one.due)
            # A date is over when its day is.
            due = datetime.combine(known, time(), UTC) + timedelta(days=1) if known else None
            yield Duty(one.id, one.text, one.owner, due, due is not None and now >= due, known)
