"""H10: what a postmortem is worth: sections × timeline against the log × actions with owner and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cockpit.domain.events import Event
from cockpit.domain.playbook import Playbook
from cockpit.postmortem.draft import REQUIRED, draft
from cockpit.postmortem.lint import action_cells, assigned, sections_of

NEAR = timedelta(minutes=1)
"""An entry of the timeline stands for what the log tells within a minute of it."""

_WHEN = re.compile(r"\|\s*(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\s*\|")


@dataclass(frozen=True, slots=True)
class Worth:
    """Three shares from 0 to 1, and their product."""

    sections: float
    timeline: float
    actions: float

    @property
    def value(self) -> float:
        """The whole."""
        return self.sections * self.timeline * self.actions


def worth(text: str, events: Sequence[Event], playbook: Playbook) -> Worth:
    """Judge a document against the journal it is about."""
    lines = text.splitlines()
    there = sections_of(lines)
    full = sum(bool(there[name][1]) for name in REQUIRED if name in there) / len(REQUIRED)
    logged = next(one for one in draft(events, playbook) if one.id == "timeline")
    told = moments(there["timeline"][1]) if "timeline" in there else []
    return Worth(full, f1(told, moments(logged.lines)), _assigned(lines))


def moments(lines: Sequence[str]) -> list[datetime]:
    """Return the moments that a timeline's rows begin with; a row whose moment is none counts for nothing."""
    found = []
    for line in lines:
        if when := _WHEN.match(line.strip()):
            try:
                found.append(datetime.fromisoformat(when[1]).replace(tzinfo=UTC))
            except ValueError:
                continue
    return found


def f1(told: Sequence[datetime], logged: Sequence[datetime]) -> float:
    """Return how well two timelines agree: the harmonic mean of precision and recall."""
    if not told or not logged:
        return 0.0
    precision = sum(_near(one, logged) for one in told) / len(told)
    recall = sum(_near(one, told) for one in logged) / len(logged)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _near(one: datetime, others: Sequence[datetime]) -> bool:
    return any(abs(one - other) <= NEAR for other in others)


def _assigned(lines: Sequence[str]) -> float:
    rows = [assigned(cells) for _, cells in action_cells(lines)]
    return sum(rows) / len(rows) if rows else 0.0
