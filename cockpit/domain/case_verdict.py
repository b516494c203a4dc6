"""When a case counts as proven: it fails where it should, passes where it should, and spares what is benign."""

from __future__ import annotations

from math import ceil, log

from cockpit.domain.cases import FLAKY, NOT, PROVEN, CaseProof, Rate

STEADY = 0.8
"""The share of answers that surely has to pass where not every one does."""
MISSED = 0.05
"""A later change that breaks it again may slip through this often."""
MOST_RUNS = 30
MANY = 30
"""So many answers of each that are alike say that a change does not reach the question."""


def judge_proof(
    how: str, bad: Rate, fixed: Rate, neighbours: Rate, *, at: str = "", configs: tuple[str, str] = ("", "")
) -> CaseProof:
    """Weigh the answers of both configurations and of the neighbours on the fixed one.

    Args:
        configs: what the bad and the fixed configuration are called, where somebody knows.
    """
    verdict, why = _verdict(bad, fixed, neighbours)
    if verdict != PROVEN and configs[0] and configs[0] == configs[1]:
        verdict, why = NOT, f"bad and fixed are one configuration, {configs[0]}: nothing has been changed yet"
    return CaseProof(verdict, why, how, bad, fixed, neighbours, at, *configs)


def steady(rate: Rate) -> bool:
    """Tell whether a share passes: every try, or surely nearly all."""
    return rate.of > 0 and (rate.passed == rate.of or rate.interval[0] >= STEADY)


def _verdict(bad: Rate, fixed: Rate, neighbours: Rate) -> tuple[str, str]:
    if not bad.of or not fixed.of:
        return NOT, f"the {'fixed' if bad.of else 'bad'} configuration was not asked"
    if bad.passed == bad.of:
        return NOT, f"it passes on the bad configuration: {bad.words}"
    if fixed.interval[1] < 0.5:
        return NOT, f"it fails on the fixed configuration: {fixed.words} passed"
    if bad.interval[1] >= fixed.interval[0]:
        return FLAKY, f"bad {bad.words} and fixed {fixed.words} can't be told apart: {_to_try(bad, fixed)}"
    if not steady(fixed):
        return FLAKY, f"on the fixed configuration only {fixed.words} passed"
    if neighbours.of and not steady(neighbours):
        return NOT, f"it does not spare its benign neighbours: {neighbours.words} passed"
    spared = f", and spares its neighbours ({neighbours.words})" if neighbours.of else ""
    return PROVEN, f"passes {bad.words} on the bad and {fixed.words} on the fixed configuration{spared}"


def _to_try(bad: Rate, fixed: Rate) -> str:
    if bad.of >= MANY and fixed.of >= MANY and bad.share >= fixed.share:
        return "what was changed does not reach this question, so take another trace"
    return "take more samples"


def runs_needed(bad: Rate, fixed: Rate) -> tuple[int, float]:
    """Return how often CI has to ask, and the share that has to pass, so that the same failure rarely slips through.

    Where the fixed configuration fails now and then by itself, one failure more than usual is allowed.
    """
    passes = min(max(bad.share, 0.0), 0.99)
    runs = 1 if passes <= MISSED else min(MOST_RUNS, ceil(log(MISSED) / log(passes)))
    if fixed.passed == fixed.of:
        return runs, 1.0
    runs = max(runs, 5)
    return runs, round(max(bad.interval[1], fixed.share - 1.5 / runs), 2)
