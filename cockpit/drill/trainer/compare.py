"""Comparing teams: runs of the same night side by side, and what all nights that two teams share say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.detect.shadow.stats import FEWEST, Difference, decide, difference
from cockpit.drill.score.model import Score, word

TIMES = ("ack", "severity_set", "class_set", "freeze", "first_lever", "contained", "all_clear")
"""Milestones that are laid side by side."""

STATIONS: Mapping[str, tuple[str, ...]] = {
    "1 classify": ("severity",),
    "2 triage": ("diagnosis",),
    "3 mitigate": ("outcome", "levers", "order"),
    "4 command": ("comms", "command"),
    "5 learn": ("learn",),
}
"""The parts of the score by the station that they judge."""

Night = tuple[str, int, str, float]
"""Scenario, seed, profile, and what doing nothing costs: a scenario that was rewritten since is another night."""


@dataclass(frozen=True, slots=True)
class TeamRun:
    """One run of a team."""

    team: str
    score: Score

    @property
    def night(self) -> Night:
        """What was played."""
        score = self.score
        return score.scenario, score.seed, score.profile, round(score.harm.nothing.j, 3)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs by night, and for two teams the differences over the nights that both have played (second less first)."""

    nights: Mapping[Night, tuple[TeamRun, ...]]
    teams: tuple[str, ...]
    pairs: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "format": "cockpit.comparison/1",
            "nights": [
                {"scenario": night[0], "seed": night[1], "profile": night[2],
                 "runs": [{"team": one.team, "stations": stations(one.score), **one.score.as_json()} for one in runs]}
                for night, runs in self.nights.items()
            ],
            "teams": list(self.teams),
            "pairs": self.pairs,
            "differences": [one.to_json() for one in self.differences],
        }  # fmt: skip


def compare(runs: Iterable[TeamRun]) -> Comparison:
    """Lay runs side by side; where a team has played a night more than once, its last run counts."""
    last: dict[tuple[Night, str], TeamRun] = {(one.night, one.team): one for one in runs}
    nights: dict[Night, tuple[TeamRun, ...]] = {}
    for (night, _), one in last.items():
        nights[night] = (*nights.get(night, ()), one)
    teams = tuple(dict.fromkeys(one.team for one in last.values()))
    shared = [runs for runs in nights.values() if len(runs) == 2] if len(teams) == 2 else []
    return Comparison(nights, teams, len(shared), tuple(_differences(shared, teams)))


def stations(score: Score) -> dict[str, float | None]:
    """Return the score by station: the mean of the parts that judge it, None where nothing does."""
    return {name: _mean([score.parts[part].value for part in parts]) for name, parts in STATIONS.items()}


def rated(value: float | None) -> str:
    """Write a part with its word."""
    return "–" if value is None else f"{value:.2f} {word(value)}"


def _differences(shared: Sequence[tuple[TeamRun, ...]], teams: Sequence[str]) -> list[Difference]:
    """Measure each station and the total over nights that both played; too few nights say nothing."""
    if len(shared) < FEWEST:
        return []
    pairs: dict[str, list[tuple[float, float]]] = {}
    for runs in shared:
        first, second = sorted(runs, key=lambda one: teams.index(one.team))
        here, there = _measured(first.score), _measured(second.score)
        for name in here.keys() & there.keys():
            pairs.setdefault(name, []).append((here[name], there[name]))
    names = [name for name in ("total", *STATIONS) if name in pairs]
    return decide([difference(name, pairs[name], rubrics=len(names)) for name in names])


def _measured(score: Score) -> dict[str, float]:
    known = {name: value for name, value in stations(score).items() if value is not None}
    return {"total": score.total / 100.0, **known}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
