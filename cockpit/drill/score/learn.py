"""The part of the score that judges what was learnt: the case, and what is written about the incident.

Both are folds of the journal. What is written is judged elsewhere; its share is handed in, so that neither knows the
other.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from cockpit.domain.events import Kind
from cockpit.domain.learning import FIXTURE, Fixture
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import PartScore

_ACTS = (Kind.FIXTURE_ADDED, Kind.FIXTURE_PROVEN, Kind.FIXTURE_WAIVED, Kind.ALERT_ADDED, Kind.INCIDENT_CLOSED)

Half = Callable[[Case], PartScore]
"""Judges one half of what was learnt; a value of None is not judged."""


def fixture(case: Case) -> PartScore:
    """H10: 0.5 for a case that fails on the bad configuration, 1 when it is proven, 0 for none or a waiver."""
    learning, seqs = case.state.learning, case.seqs(*_ACTS)
    if not learning.begun:
        return PartScore(None, "nothing has been learnt yet: make the worst trace a case, and prove it")
    best = max(learning.fixtures, key=worth, default=None)
    if best is None:
        waiver = learning.waived(FIXTURE)
        return PartScore(0.0, f"no case; waived: {waiver.reason}" if waiver else "no case was made", seqs)
    return PartScore(worth(best), f"case {best.id}: {best.why or 'never tried'}", seqs)


def worth(one: Fixture) -> float:
    """Return what a case is worth: 0, 0.5 or 1."""
    if one.proven:
        return 1.0
    bad = one.proof.get("bad")
    if not isinstance(bad, dict):
        return 0.0
    passed, of = bad.get("passed"), bad.get("of")
    # More than half of the bad answers have to fail: what fails now and then tells nothing.
    return 0.5 if isinstance(passed, int) and isinstance(of, int) and of and passed * 2 < of else 0.0


def written(case: Case) -> PartScore:
    """H10: what the signed postmortem was judged to be worth when it was signed; the last signature counts."""
    signed = [event for event in case.events if event.kind is Kind.POSTMORTEM_DONE]
    shares = [signed[-1].get(name) for name in ("sections", "timeline", "actions")] if signed else []
    told = [float(one) for one in shares if isinstance(one, int | float) and 0 <= one <= 1]
    if len(told) != 3:
        return PartScore(None, "no postmortem is signed")
    why = "postmortem: sections {:.0%}, timeline {:.0%}, actions with owner and date {:.0%}".format(*told)
    return PartScore(prod(told), why, (signed[-1].seq,))


HALVES: tuple[Half, ...] = (fixture, written)
"""What makes up the part; each counts the same."""


def learn(case: Case, halves: tuple[Half, ...] = HALVES) -> PartScore:
    """H10: the mean of what was judged; it leaves the denominator until somebody has begun to learn."""
    parts = [half(case) for half in halves]
    judged = [part.value for part in parts if part.value is not None]
    why = "; ".join(part.why for part in parts if part.why)
    seqs = tuple(sorted({seq for part in parts for seq in part.seqs}))
    return PartScore(sum(judged) / len(judged) if judged else None, why, seqs)
