"""One run laid out for judging: the journal folded, the opening read back, the truth at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import IncidentState, fold
from cockpit.domain.levers import LeverOrder, LeverPull, Stage
from cockpit.domain.orders import orders_of
from cockpit.domain.playbook import Profile
from cockpit.domain.steps import ACTIONS, MILESTONES, steps_of
from cockpit.drill.score.model import Toll
from cockpit.drill.score.truth import Truth
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.simulator.schema.scenario import Scenario

SAME = {
    **{milestone: ACTIONS[kind] for kind, milestone in MILESTONES.items() if kind in ACTIONS},
    "freeze": "freeze_evidence",
}
"""Milestones that are reached by an action: both names mean the same moment."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first line of a drill's journal says was played."""

    scenario: Scenario
    profile: Profile
    seed: int


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was first done or reached; `seq` is 0 for what only the truth knows."""

    at: datetime
    seq: int


class Case:
    """Everything that the parts of the score look at."""

    def __init__(self, events: Sequence[Event], opening: Opening, truth: Truth) -> None:
        self.events = tuple(events)
        self.scenario = opening.scenario
        self.profile = opening.profile
        self.seed = opening.seed
        self.truth = truth

    @cached_property
    def state(self) -> IncidentState:
        """The incident as the whole journal leaves it."""
        return fold(self.events)

    @cached_property
    def orders(self) -> tuple[LeverOrder, ...]:
        """What this run asked of the world."""
        return tuple(orders_of(self.events))

    @cached_property
    def page(self) -> datetime:
        """When the page came."""
        return self.state.page_at or self.scenario.page

    @cached_property
    def end(self) -> datetime:
        """When judging the response ends: at the end of the run, the scenario's end at the latest."""
        ended = next((event.at for event in self.events if event.kind is Kind.DRILL_ENDED), self.scenario.end)
        return max(self.page, min(ended, self.scenario.end))

    @cached_property
    def measured(self) -> Event | None:
        """What was counted on the wire, where real systems were played on."""
        told = (event for event in reversed(self.events) if event.kind is Kind.RANGE_MEASURED)
        return next((event for event in told if isinstance(event.get("j"), int | float)), None)

    @cached_property
    def toll(self) -> Toll:
        """What this run cost: as counted on the wire, or as the simulated world knows it."""
        if self.measured is None:
            return self.truth.toll(self.orders)
        told = self.measured
        j, harm, lost, excess = (float(told.get(name, 0.0)) for name in ("j", "harm", "lost", "excess_cost"))
        return Toll(j, harm, lost, excess, int(told.get("users", 0)), dict(told.get("counts", {})))

    @cached_property
    def contained(self) -> datetime | None:
        """When harm truly stopped."""
        seconds = self.measured.get("contained_s") if self.measured else self.truth.contained_s(self.orders)
        return None if seconds is None else self.scenario.page + timedelta(seconds=seconds)

    @cached_property
    def firsts(self) -> dict[str, Moment]:
        """The first moment of every milestone, action and lever, by name; milestones under their action's name."""
        found: dict[str, Moment] = {}
        for event in self.events:
            for name in steps_of(event):
                found.setdefault(SAME.get(name, name), Moment(event.at, event.seq))
        if self.contained is not None:
            found["contained"] = Moment(self.contained, 0)
        return found

    @cached_property
    def pulls(self) -> tuple[LeverPull, ...]:
        """The pulls that the system took, undoing left out."""
        return tuple(pull for pull in self.state.pulls if not pull.undoes and pull.stage is not Stage.REFUSED)

    def first(self, name: str) -> Moment | None:
        """Return the first moment of a milestone, an action or a lever."""
        return self.firsts.get(SAME.get(name, name))

    def seqs(self, *kinds: Kind) -> tuple[int, ...]:
        """Return the lines of some kinds."""
        return tuple(event.seq for event in self.events if event.kind in kinds)

    def after_page(self, moment: datetime | None) -> float | None:
        """Return a moment in seconds after the page."""
        return None if moment is None else (moment - self.page).total_seconds()


def read_opening(events: Sequence[Event]) -> Opening:
    """Read back what was played.

    Raises:
        BadInput: the journal is empty or is no drill's.
        ScenarioError: the scenario or the profile in it can't be read.
    """
    from cockpit.playbooks.loader import load_profile, parse_profile
    from cockpit.simulator.loader import parse_scenario

    if not events or events[0].kind is not Kind.INCIDENT_OPENED:
        raise BadInput("there is nothing to score: the journal does not begin with an opened incident")
    first = events[0]
    if first.get("mode") not in ("drill", "range") or not first.get("scenario_text"):
        raise BadInput(f"{first.incident} is no drill: only a drill can be scored, since its truth is known")
    scenario = parse_scenario(str(first.get("scenario_text")), str(first.get("scenario_file") or "scenario"))
    text = str(first.get("profile_text") or "")
    name = str(first.get("profile") or "default")
    profile = parse_profile(text, f"profile {name}") if text else load_profile(name)
    return Opening(scenario, profile, int(first.get("seed") or 0))
