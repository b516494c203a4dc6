"""What every scenario must hold, on ten seeds (a quick run: two), and what the Acme night must come out as."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.simulator.counterfactual import Truth, reference_orders
from cockpit.simulator.world import SimWorld
from tests.simulator.conftest import order, truth_of

NAMES = ("injection-leak", "cost-runaway", "silent-model-update")
QUICK = 2
SEEDS = [pytest.param(seed, marks=[pytest.mark.integration] if seed > QUICK else []) for seed in range(1, 11)]


def score(truth: Truth, j: float) -> float:
    """Place a J between doing nothing (0) and the reference (1)."""
    nothing, reference = truth.j(), truth.j(reference_orders(truth.scenario, truth.seed))
    return min(1.0, max(0.0, (nothing - j) / (nothing - reference)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_clearly_beats_doing_nothing(name: str, seed: int) -> None:
    truth = truth_of(name, seed)
    assert truth.j(reference_orders(truth.scenario, seed)) < 0.7 * truth.j()


@pytest.mark.parametrize("name", ["cost-runaway", "silent-model-update"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_kill_switch_at_once_is_not_the_best_play(name: str, seed: int) -> None:
    truth = truth_of(name, seed)
    killed = truth.j([order(truth.scenario, 0.1, "kill_switch")])
    assert killed > 1.5 * truth.j(reference_orders(truth.scenario, seed))


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_contains_the_harm_and_leaves_it_contained(name: str) -> None:
    truth = truth_of(name)
    orders = reference_orders(truth.scenario, truth.seed)
    contained = truth.contained_at(orders)
    assert contained is not None
    assert (contained - truth.scenario.page).total_seconds() < 300
    rate = truth.harm_rate(orders)
    after = int((contained - truth.scenario.start).total_seconds() // 15) + 1
    assert rate[after:].mean() <= 0.03 * rate.max()
    assert truth.contained_at() is None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_acme_night_as_it_was_played_scores_well_and_waiting_does_not(seed: int) -> None:
    truth = truth_of("injection-leak", seed)
    scenario = truth.scenario
    played = [
        order(scenario, 4, "kill_switch"),
        order(scenario, 27, "canary", op="L2", percent=5.0, scope={"undoes": ["L1"]}),
        order(scenario, 47, "canary", op="L3", percent=100.0, scope={"undoes": ["L1"]}),
    ]
    assert score(truth, truth.j(played)) >= 0.9
    assert score(truth, truth.j()) == 0.0
    assert score(truth, truth.j([order(scenario, 30, "kill_switch")])) < 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_the_canary_of_the_acme_night_stays_clean_once_the_repair_is_in(seed: int) -> None:
    scenario = truth_of("injection-leak", seed).scenario
    world = SimWorld(scenario, seed, ground=truth_of("injection-leak", seed).ground)
    world.pull(order(scenario, 4, "kill_switch"))
    world.pull(order(scenario, 27, "canary", op="L2", percent=5.0, scope={"undoes": ["L1"]}))
    frame = world.signals(order(scenario, 47, "note").at, 20 * 60, 20, "canary")
    leaks = frame.get("leaks_per_min")
    assert leaks is not None
    assert np.nanmax(leaks.values) <= (leaks.threshold or 0)
    assert float(frame.facts["canary_answers"]) > 20


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("percent", [5.0, 20.0])
def test_a_canary_before_the_repair_is_past_the_line_however_few_are_in_it(percent: float, seed: int) -> None:
    scenario = truth_of("injection-leak", seed).scenario
    world = SimWorld(scenario, seed, ground=truth_of("injection-leak", seed).ground)
    world.pull(order(scenario, 2, "kill_switch"))
    world.pull(order(scenario, 6, "canary", op="L2", percent=percent, scope={"undoes": ["L1"]}))
    leaks = world.signals(order(scenario, 26, "note").at, 20 * 60, 20, "canary").get("leaks_per_min")
    assert leaks is not None
    assert np.nanmean(leaks.values) > (leaks.threshold or 0)


@pytest.mark.parametrize(
    ("name", "lever", "target"),
    [
        ("injection-leak", "revert_prompt", "v40"),
        ("cost-runaway", "revert_prompt", "desk-17"),
        ("silent-model-update", "revert_prompt", "returns-12"),
    ],
)
def test_undoing_the_innocent_change_does_not_help(name: str, lever: str, target: str) -> None:
    truth = truth_of(name)
    assert score(truth, truth.j([order(truth.scenario, 2, lever, target)])) < 0.05


def test_a_guardrail_helps_partly(leak: Truth) -> None:
    guarded = score(leak, leak.j([order(leak.scenario, 4, "guardrail_block", "output")]))
    killed = score(leak, leak.j([order(leak.scenario, 4, "kill_switch")]))
    assert 0.5 < guarded < killed


def test_cost_and_latency_improve_while_quality_collapses(silent: Truth) -> None:
    scenario = silent.scenario
    frame = SimWorld(scenario, silent.seed, ground=silent.ground).signals(scenario.page, 20 * 60, 20)
    values = {series.name: float(np.nanmean(series.values[-8:])) for series in frame.series}
    assert values["cost_ratio"] < 0.95
    assert values["p99_ratio"] < 0.8
    assert values["grounding_pct"] < 90 < values["product_grounding"]
    assert values["error_pct"] < 2


def test_spend_grows_from_threefold_to_a_hundredfold(runaway: Truth) -> None:
    scenario = runaway.scenario
    world = SimWorld(scenario, runaway.seed, ground=runaway.ground)
    first, last = (float(world.signals(at, 60, 1).facts["cost_ratio"]) for at in (scenario.page, scenario.end))
    assert 2.5 < first < 12
    assert last > 90


def test_a_grid_is_what_single_runs_are(leak: Truth) -> None:
    levers, minutes = {"kill_switch": "faq-search", "revert_prompt": "v40"}, [1.0, 15.0]
    grid = leak.grid(levers, minutes)
    for row, (lever, target) in enumerate(levers.items()):
        for column, minute in enumerate(minutes):
            alone = leak.j([order(leak.scenario, minute, lever, target, op="what-if")])
            assert grid[row, column] == pytest.approx(alone)
