"""The parts of the score that judge acts: outcome, severity, levers."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from cockpit.domain.events import Kind
from cockpit.domain.levers import LeverPull
from cockpit.drill.score import formulas
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import PartScore
from cockpit.drill.score.scale import called_at, true_levels

GRACE = timedelta(minutes=2)
"""Time after the acknowledgement in which nobody has to have called a severity yet."""

_ACTS = (Kind.LEVER_PULLED, Kind.CANARY_OPENED, Kind.CANARY_WIDENED, Kind.CANARY_ABORTED)


def outcome(case: Case) -> PartScore:
    """H4: where this run lies between doing nothing and the reference."""
    yours, nothing = case.toll.j, case.truth.toll(()).j
    reference = case.truth.toll(case.truth.reference()).j
    value = formulas.outcome(yours, nothing, reference)
    why = f"{yours:.0f} {case.truth.unit}; doing nothing costs {nothing:.0f}, the reference {reference:.0f}"
    return PartScore(value, why, (*case.seqs(Kind.PAGED)[:1], *case.seqs(*_ACTS)))


def severity(case: Case) -> PartScore:
    """H2: the severity in force, averaged from the first call (or the end of the grace) to containment."""
    start = case.state.milestones.get("ack", case.page) + GRACE
    first = case.state.severities[0].at if case.state.severities else None
    start = min(start, first) if first else start
    end = max(start, case.contained or case.end)
    true = true_levels(case)
    marks = sorted({start, end, *(call.at for call in case.state.severities if start < call.at < end)})
    pieces = [
        ((after - before).total_seconds(), _level_score(case, called_at(case, before), true))
        for before, after in pairwise(marks)
    ]
    value = formulas.average(pieces)
    if value is None:
        value = _level_score(case, called_at(case, end), true)
    seqs = case.seqs(Kind.ACKNOWLEDGED)[:1] + case.seqs(Kind.SEVERITY_SET)
    return PartScore(value, _severity_why(case, true), seqs)


def _level_score(case: Case, called: str, true: tuple[int, ...]) -> float:
    scale = case.profile.scale
    if called not in scale:
        return 0.0
    return max(formulas.severity(scale.index(called), level, len(scale)) for level in true)


def _severity_why(case: Case, true: tuple[int, ...]) -> str:
    right = " or ".join(case.profile.scale[level] for level in true)
    calls = ", ".join(f"{call.severity} at {_after(case, call.at)}" for call in case.state.severities)
    return f"it was {right}; called {calls}" if calls else f"it was {right}, and nobody called it"


def levers(case: Case) -> PartScore:
    """H5: the credit of the first lever that helped, less for every harmful one."""
    pulls = [(pull, credit_of(case, pull)) for pull in case.pulls]
    helped = next((one for one in pulls if one[1] in ("best", "acceptable")), None)
    harmful = [pull for pull, credit in pulls if credit == "harmful"]
    shown = helped or max(pulls, key=lambda one: formulas.CREDITS[one[1]], default=None)
    value = formulas.levers(formulas.CREDITS[shown[1]] if shown else None, len(harmful))
    seqs = tuple(pull.seq for pull in case.pulls)
    if shown is None:
        return PartScore(value, "no lever was pulled", case.seqs(Kind.PAGED)[:1])
    words = f"first lever that counts: {shown[0].lever} {shown[0].target}".rstrip() + f" ({shown[1]})"
    hurt = f"; harmful: {', '.join(pull.lever for pull in harmful)}" if harmful else ""
    return PartScore(value, words + hurt, seqs)


def credit_of(case: Case, pull: LeverPull) -> str:
    """Return what a pull is worth in this scenario: best, acceptable, inert or harmful."""
    setting = case.scenario.levers.get(pull.lever)
    return "inert" if setting is None else setting.targets.get(pull.target, setting.credit)


def _after(case: Case, moment: datetime) -> str:
    seconds = int((moment - case.page).total_seconds())
    return f"{seconds // 60:+d}:{abs(seconds) % 60:02d}" if seconds >= 0 else f"-{-seconds // 60}:{-seconds % 60:02d}"
