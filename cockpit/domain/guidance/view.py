"""What the rules of guidance look at, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPull
from cockpit.domain.playbook import Fact, Playbook, Question
from cockpit.domain.triage import walk


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next, in words, and why; `action` is its name in the registry, or empty to wait and watch.

    `lever` is the one to pull, where it is plain which.
    """

    action: str
    text: str
    why: str
    lever: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What the rules look at."""

    playbook: Playbook
    state: IncidentState
    facts: Mapping[str, Fact]
    now: datetime
    question: Question | None
    advised: tuple[str, ...]
    actor: str = ""
    measured: bool = True

    @property
    def urgent(self) -> bool:
        """Whether users are at risk: measured, answered, or called."""
        risks = ("leak_seen", "injection_seen", "unauthorised_action", "users_at_risk")
        return self.facts.get("harm_stopped") is not True and any(self.facts.get(risk) is True for risk in risks)

    @property
    def held(self) -> LeverPull | None:
        """The latest pull that holds."""
        return next((pull for pull in reversed(self.state.pulls) if pull.in_force), None)

    def reached(self, step: str) -> bool:
        """Whether a milestone or an action of the order rules has been done."""
        return _REACHED[step](self) if step in _REACHED else step in self.state.milestones


def advised(playbook: Playbook, state: IncidentState) -> tuple[str, ...]:
    """Return the levers to try, the latest answer's first, without those that were pulled already."""
    answered = [step.option for step in walk(playbook, state.triage.answers) if step.option]
    kind = playbook.profile.find_class(state.triage.incident_class)
    named = [lever for option in reversed(answered) for lever in option.levers]
    tried = {pull.lever for pull in state.pulls if not pull.undoes}
    wanted = dict.fromkeys([*named, *(kind.levers if kind else ())])
    return tuple(lever for lever in wanted if lever not in tried)


def tree_names_levers(view: View) -> bool:
    """Tell whether an answer in the tree already advises a lever."""
    steps = walk(view.playbook, view.state.triage.answers)
    return any(step.option.levers for step in steps if step.option)


_REACHED: Mapping[str, Callable[[View], bool]] = {
    "set_severity": lambda view: bool(view.state.severity),
    "set_class": lambda view: bool(view.state.triage.incident_class),
    "set_layer": lambda view: bool(view.state.triage.layer),
    "set_scope": lambda view: bool(view.state.triage.scope),
    "freeze_evidence": lambda view: bool(view.state.freezes),
    "first_lever": lambda view: bool(view.state.pulls),
}
