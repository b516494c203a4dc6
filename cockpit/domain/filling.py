"""Templates of updates, filled from the state of an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from string import Template
from typing import TYPE_CHECKING

from cockpit.domain import wording
from cockpit.domain.levers import LeverSpec
from cockpit.domain.playbook import Fact, UpdateTemplate
from cockpit.domain.text import clean

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

PLACEHOLDERS = (
    "service", "title", "severity", "impact", "since", "until", "action", "cause", "left", "evidence", "clocks",
    "next_update", "when_next", "ic", "time",
)  # fmt: skip
"""What a template may ask for."""

NO_SEVERITY = "Incident (no severity yet)"


def fill(
    template: UpdateTemplate,
    state: IncidentState,
    facts: Mapping[str, Fact],
    now: datetime,
    next_due: datetime | None,
    levers: Sequence[LeverSpec] = (),
) -> str:
    """Fill a template; `next_due` is when the update *after* this one is due (see `next_after`).

    Nothing personal goes in: the impact is told in counts and shares only.
    """
    words = _words(template, state, facts, now, next_due, levers)
    tame = {name: clean(word, multiline=False, limit=300) for name, word in words.items()}
    lines = Template(template.text).safe_substitute(tame).split("\n")
    return "\n".join(" ".join(part for part in one.split(" ") if part) for one in lines)


def _words(
    template: UpdateTemplate,
    state: IncidentState,
    facts: Mapping[str, Fact],
    now: datetime,
    next_due: datetime | None,
    levers: Sequence[LeverSpec],
) -> dict[str, str]:
    audience, over = template.audience, template.state == "resolved"
    due = wording.hour(next_due) if next_due else ""
    return {
        "service": wording.service(state.service, audience),
        "title": state.title or "an incident",
        "severity": state.severity or NO_SEVERITY,
        "impact": wording.impact(facts, over=over),
        "since": wording.since(state, now),
        "until": wording.hour(state.containment.since or now),
        "action": wording.action(state, levers, audience),
        "cause": wording.cause(state, audience),
        "left": wording.left(state, levers, audience),
        "evidence": wording.evidence(state),
        "clocks": wording.clocks(state),
        "next_update": due or "as soon as there is news",
        "when_next": f"by {due}" if due else "as soon as there is news",
        "ic": state.command.holders.get("ic", "nobody yet"),
        "time": wording.hour(now),
    }
