"""What no schema can see: names that refer to nothing, injects that wait on themselves, a missing page."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.simulator.schema import Scenario
from cockpit.yaml import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place in the file."""

    path: Path
    message: str
    hint: str = ""


def problems(scenario: Scenario) -> list[Problem]:
    """Return everything that is wrong with the meaning of a scenario."""
    return []
