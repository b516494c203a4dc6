"""Proving a case on real endpoints: the bad configuration, the fixed one, and the benign neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.detect.expect import failures
from cockpit.domain.cases import Case, Heard, Rate
from cockpit.golden.chat import parameters_of
from cockpit.golden.endpoint import Asker
from cockpit.golden.running import Question, ask_all, rate_of
from cockpit.session.proving import RECORDED


@dataclass(frozen=True, slots=True)
class Sides:
    """Who answers for each configuration; without somebody for the bad one, what was recorded counts."""

    fixed: Asker
    bad: Asker | None = None


def ask_both(case: Case, sides: Sides, samples: int) -> dict[str, Any]:
    """Ask both sides and return what `prove_fixture` is told.

    Raises:
        EndpointFailed: one of them gave no answer that can be judged.
    """
    asked = [Question(case.given, case.checks, parameters_of(case))] * samples
    near = [Question(one.given, case.neighbour_checks, parameters_of(case)) for one in case.neighbours]
    bad = rate_of(ask_all(sides.bad, asked)) if sides.bad else recorded(case)
    fixed = rate_of(ask_all(sides.fixed, asked))
    spared = rate_of(ask_all(sides.fixed, [one for one in near for _ in range(max(1, samples // 2))]))
    return {
        "how": "endpoint" if sides.bad else RECORDED,
        "bad": _plain(bad),
        "fixed": _plain(fixed),
        "neighbours": _plain(spared),
        "bad_config": sides.bad.endpoint.name if sides.bad else RECORDED,
        "fixed_config": sides.fixed.endpoint.name,
    }


def recorded(case: Case) -> Rate:
    """Hold the recorded bad answer against the checks: one try, which shows that they would have caught it."""
    if not case.bad_output:
        return Rate(0, 0)
    return Rate(int(not failures(case.checks, Heard(case.bad_output), case.given)), 1)


def _plain(rate: Rate) -> dict[str, int]:
    return {"passed": rate.passed, "of": rate.of}
