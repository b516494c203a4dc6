"""The leak of health data: what it is made of, and that a good response is told from a lazy one on any night."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from cockpit.drill.headless import play
from cockpit.drill.open import Setup, begin
from cockpit.drill.score.run import score_run
from cockpit.drill.script import load_script
from cockpit.journal.log import Journal
from cockpit.simulator.loader import lint, load_scenario
from cockpit.simulator.world import SimWorld

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
LEAK = SCENARIOS / "examples" / "healthcare-leak.yaml"
GOOD, LAZY = (SCENARIOS / "responses" / f"healthcare-{name}.yaml" for name in ("night", "lazy"))


def played(folder: Path, response: Path, seed: int) -> list[Event]:
    journal = Journal.open(folder / "journal.db", clock=WallClock())
    try:
        incident = begin(journal, Setup(scenario=str(LEAK), seed=seed, profile="s4", responder="nadia"))
        play(journal, incident, load_script(response))
        return journal.events(incident)
    finally:
        journal.close()


def scored(events: list[Event]) -> dict[str, Any]:
    return score_run(events).as_json()


def test_the_file_is_right_and_gives_nothing_away() -> None:
    assert lint(LEAK) == []
    scenario = load_scenario(LEAK)
    told = f"{scenario.title} {scenario.brief}".lower()
    assert not any(word in told for word in ("index", "filter", "retrieval", "tenant"))


def test_its_route_is_regulated_and_a_shop_s_is_not() -> None:
    def regulated(scenario: str) -> list[bool]:
        world = SimWorld(load_scenario(scenario), 1)
        return [
            bool(world.signals(world.scenario.page + timedelta(minutes=after), 600, 60).facts["regulated"])
            for after in (-60, 3)
        ]

    assert regulated(str(LEAK)) == [False, True]
    assert regulated("injection-leak") == [False, False]


def test_its_facts() -> None:
    scenario = load_scenario(LEAK)
    assert (scenario.truth.severity, scenario.truth.kind, scenario.truth.layer) == ("SEV1", "pii_leak", "retrieval")
    assert scenario.truth.change in {change.ref for change in scenario.changes}
    assert {"prompt:care-12", "experience"} <= set(scenario.herrings)


@pytest.mark.integration
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_good_response_is_told_from_a_lazy_one(tmp_path: Path, seed: int) -> None:
    good, lazy = played(tmp_path, GOOD, seed), played(tmp_path, LAZY, seed)
    assert scored(good)["total"] > 95
    assert scored(lazy)["total"] < 30
    state = fold(good)
    assert not any(event.kind is Kind.ACTION_REFUSED for event in good)
    assert state.page_at
    assert (state.pulls[0].pulled_at - state.page_at).total_seconds() <= 90
    canary = next(event.at for event in good if event.kind is Kind.CANARY_OPENED)
    widened = next(event.at for event in good if event.kind is Kind.CANARY_WIDENED)
    assert (widened - canary).total_seconds() >= 2 * 3600
    assert state.all_clear_at
    assert {clock.clock for clock in state.clocks} == {"hipaa", "gdpr_33"}
