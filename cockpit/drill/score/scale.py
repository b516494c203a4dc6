"""Severities of the truth on the scale of a profile."""

from __future__ import annotations

from datetime import datetime

from cockpit.drill.score.case import Case


def true_levels(case: Case) -> tuple[int, ...]:
    """Return which levels of the profile's scale are right, 0 the worst; the scenario's own first.

    A scenario speaks of SEV1 to SEV4; on a shorter scale what is milder than its end is its end.
    """
    truth = case.scenario.truth
    last = len(case.profile.scale) - 1
    named = [truth.severity, *truth.severities]
    return tuple(dict.fromkeys(min(last, int(name.removeprefix("SEV")) - 1) for name in named))


def called_at(case: Case, moment: datetime) -> str:
    """Return the severity that was in force at a moment, or an empty text."""
    calls = [call.severity for call in case.state.severities if call.at <= moment]
    return calls[-1] if calls else ""
