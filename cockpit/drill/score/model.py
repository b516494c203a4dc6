"""What a score is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "cockpit.score/1"

WEIGHTS: Mapping[str, int] = {
    "outcome": 30,
    "comms": 15,
    "severity": 10,
    "diagnosis": 10,
    "levers": 10,
    "order": 10,
    "learn": 10,
    "command": 5,
}
"""How much each part counts; a part that is None leaves the denominator."""

CAP = 49.0
"""What a gate caps the total at."""


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part: its value (0 to 1, or None when it is not scored), why, and the journal lines it rests on."""

    value: float | None
    why: str
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Something so grave that it caps the total."""

    id: str
    why: str
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Toll:
    """What a run cost: `j` is what runs are compared by, in `unit`; the rest are its raw parts.

    `harm` is weighed and above a healthy day's, `lost` counts healthy requests that got no answer, `excess_cost`
    is in $, `counts` are answers by true outcome.
    """

    j: float
    harm: float = 0.0
    lost: float = 0.0
    excess_cost: float = 0.0
    users: int = 0
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Harm:
    """The toll of this run between doing nothing and the reference, all on the same seed."""

    unit: str
    yours: Toll
    nothing: Toll
    reference: Toll


@dataclass(frozen=True, slots=True)
class Score:
    """The whole score of one run; `times` are seconds after the page, negative for what came before it."""

    incident: str
    scenario: str
    seed: int
    profile: str
    total: float
    parts: Mapping[str, PartScore]
    gates: tuple[Gate, ...]
    times: Mapping[str, float | None]
    harm: Harm
    events: int
    head: str

    def as_json(self) -> dict[str, Any]:
        """Return the score as plain values, rounded so that the same run gives the same bytes."""
        return {
            "format": FORMAT,
            "incident": self.incident,
            "scenario": self.scenario,
            "seed": self.seed,
            "profile": self.profile,
            "total": round(self.total, 1),
            "parts": {name: _round(part.value, 4) for name, part in self.parts.items()},
            "gates": [{"gate": gate.id, "why": gate.why, "events": list(gate.seqs)} for gate in self.gates],
            "times": {name: _round(seconds, 3) for name, seconds in self.times.items()},
            "harm": {
                "unit": self.harm.unit,
                "yours": round(self.harm.yours.j, 3),
                "nothing": round(self.harm.nothing.j, 3),
                "reference": round(self.harm.reference.j, 3),
            },
            "evidence": {name: list(part.seqs) for name, part in self.parts.items()},
            "journal": {"events": self.events, "head": self.head},
        }


def word(value: float | None) -> str:
    """Rate a part in one HSEEP word: P (85 and more), S (70), M (50), else U; a dash when it is not scored."""
    if value is None:
        return "–"
    return next((letter for letter, least in (("P", 0.85), ("S", 0.7), ("M", 0.5)) if value >= least), "U")


def _round(value: float | None, digits: int) -> float | None:
    # Adding zero turns -0.0 into 0.0.
    return None if value is None else round(value, digits) + 0.0
