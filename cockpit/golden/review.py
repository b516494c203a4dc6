"""Asking of an incident: did the golden set have its class, and did it catch it? There are three answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.detect.expect import failures
from cockpit.domain.cases import PROVEN, Case, Heard
from cockpit.domain.events import from_iso
from cockpit.domain.incident import IncidentState
from cockpit.domain.playbook import Profile

CAUGHT, MISSED, ABSENT = "had-and-caught", "had-and-missed", "did-not-have"

ASKS = {
    CAUGHT: (
        "The gate is fine: the bug lives in production code that the golden set does not exercise on this path. "
        "Fix the path, and run the set against what is really deployed."
    ),
    MISSED: (
        "The rubric is stale or too lenient. Tighten these cases (their checks let the bad answer pass), prove them "
        "again, and add this incident's case."
    ),
    ABSENT: "The gate had nothing to catch. Add a case of this class for this route, prove it, and let CI run it.",
}
"""What each answer asks for."""


@dataclass(frozen=True, slots=True)
class Review:
    """What the golden set could have done about an incident.

    Attributes:
        had: ids of the cases that were there before, of this class and route; `caught_by` those that catch it.
        elsewhere: ids of cases of this class on other routes.
        outputs: how many bad answers of the incident they were held against.
        own: ids of the cases that were made of this incident; `own_proven` those that are proven.
    """

    answer: str
    incident_class: str
    route: str
    had: tuple[str, ...]
    caught_by: tuple[str, ...]
    elsewhere: tuple[str, ...]
    outputs: int
    own: tuple[str, ...] = ()
    own_proven: tuple[str, ...] = ()

    @property
    def asks(self) -> str:
        """What is to be done."""
        return ASKS[self.answer]

    def as_json(self) -> dict[str, Any]:
        """Return the review as plain values."""
        return {
            "own": list(self.own), "own_proven": list(self.own_proven),
            "answer": self.answer, "class": self.incident_class, "route": self.route, "had": list(self.had),
            "caught_by": list(self.caught_by), "elsewhere": list(self.elsewhere), "outputs": self.outputs,
            "to_do": self.asks,
        }  # fmt: skip


def review(
    incident: str, named: str, bad: Sequence[Case], golden: Sequence[Case], profile: Profile, *, kept: bool = True
) -> Review:
    """Hold the bad answers of an incident against the cases that were there before it.

    Args:
        named: the class of the incident.
        bad: the incident's own cases, whose inputs and bad answers are what went wrong.
        golden: the whole golden set; cases that came from this incident do not count.
        kept: whether the bad answers are cases already, and no mere pins.
    """
    own = {one.id for one in bad}
    mine = bad if kept else []
    routes = {one.route for one in bad if one.route}
    before = [one for one in golden if one.incident != incident and one.id not in own]
    same = [one for one in before if _same_class(one.incident_class, named, profile)]
    here = [one for one in same if not routes or not one.route or one.route in routes]
    caught = [one.id for one in here if any(_catches(one, wrong) for wrong in bad)]
    answer = ABSENT if not here else CAUGHT if caught else MISSED
    return Review(
        answer, named, ", ".join(sorted(routes)), tuple(one.id for one in here), tuple(caught),
        tuple(one.id for one in same if one not in here), len(bad), tuple(one.id for one in mine),
        tuple(one.id for one in mine if one.proof and one.proof.verdict == PROVEN),
    )  # fmt: skip


def there_before(golden: Sequence[Case], state: IncidentState, now: datetime) -> list[Case]:
    """Return the cases that can have been in the set when an incident began.

    A drill has a clock of its own: of a drill all count, of a live incident also those whose day is yet to come.
    """
    began = state.started_at
    if not state.live or began is None:
        return list(golden)
    return [one for one in golden if (added := _added(one)) is None or not began < added <= now]


def _added(case: Case) -> datetime | None:
    try:
        return from_iso(case.added_at)
    except ValueError:
        return None


def next_steps(found: Review, incident: str, folder: str) -> list[str]:
    """Return what to do now, one command after the other; a case of one's own that is missing comes first."""
    steps: list[str] = []
    if not found.own:
        steps.append(f"cockpit fixture add {incident} --golden {folder}")
    if set(found.own) != set(found.own_proven) or not found.own:
        steps.append(f"cockpit fixture prove {incident} --golden {folder}")
    if found.answer == MISSED:
        steps += [
            f"edit {folder}/{one}.yaml, then: cockpit fixture prove {one} --golden {folder}" for one in found.had
        ]
    steps.append(f"in CI, against what is deployed: cockpit golden run {folder} --endpoint URL --model M")
    return steps


def _same_class(one: str, other: str, profile: Profile) -> bool:
    first, second = profile.class_for(one), profile.class_for(other)
    return one == other or (first is not None and first == second)


def _catches(golden: Case, wrong: Case) -> bool:
    """Whether the checks of a case would have failed the bad answer of another one."""
    return bool(wrong.bad_output and failures(golden.checks, Heard(wrong.bad_output), wrong.given))
