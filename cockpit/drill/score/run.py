"""Puts the score together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from cockpit.domain.events import Event
from cockpit.drill.score import formulas, parts, people
from cockpit.drill.score.case import Case, Opening, read_opening
from cockpit.drill.score.checklist import with_checklist
from cockpit.drill.score.diagnosis import diagnosis
from cockpit.drill.score.gates import gates
from cockpit.drill.score.learn import learn
from cockpit.drill.score.model import CAP, WEIGHTS, Harm, PartScore, Score
from cockpit.drill.score.order import order
from cockpit.drill.score.truth import Truth

MILESTONES = (
    "onset", "signal", "page", "ack", "declare", "severity_set", "class_set", "freeze", "first_lever", "contained",
    "verified", "all_clear", "postmortem_done", "fixture_done",
)  # fmt: skip

_PARTS: Mapping[str, Callable[[Case], PartScore]] = {
    "outcome": parts.outcome,
    "comms": people.comms,
    "severity": parts.severity,
    "diagnosis": diagnosis,
    "levers": parts.levers,
    "order": order,
    "learn": learn,
    "command": people.command,
}


def score_run(events: Sequence[Event]) -> Score:
    """Score a drill from its journal alone.

    Raises:
        BadInput: the journal is no drill's.
        ScenarioError: the scenario or profile that it carries can't be read.
    """
    opening = read_opening(events)
    return score_case(Case(events, opening, make_truth(opening)))


def make_truth(opening: Opening) -> Truth:
    """Make the truth that a drill is held against."""
    from cockpit.drill.score.sim_truth import SimTruth
    from cockpit.playbooks.loader import playbook_with

    return SimTruth(opening.scenario, opening.seed, playbook_with(opening.profile))


def score_case(case: Case) -> Score:
    """Score a run that has been laid out."""
    scored = {name: with_checklist(case, name, part(case)) for name, part in _PARTS.items()}
    found = gates(case)
    whole = formulas.weighted([(WEIGHTS[name], part.value) for name, part in scored.items()])
    total = 100.0 * (whole or 0.0)
    return Score(
        incident=case.state.incident,
        scenario=case.scenario.name,
        seed=case.seed,
        profile=case.profile.name,
        total=min(total, CAP) if found else total,
        parts=scored,
        gates=found,
        times=times_of(case),
        harm=Harm(case.truth.unit, case.toll, case.truth.toll(()), case.truth.toll(case.truth.reference())),
        events=len(case.events),
        head=case.state.head,
    )


def times_of(case: Case) -> dict[str, float | None]:
    """Return every milestone in seconds after the page; onset and containment are the truth's, not the journal's."""
    known = dict(case.state.milestones)
    if case.contained is not None:
        known["contained"] = case.contained
    if case.truth.onset_s is not None:
        known["onset"] = case.scenario.page + timedelta(seconds=case.truth.onset_s)
    return {name: case.after_page(known.get(name)) for name in MILESTONES}
