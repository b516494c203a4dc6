"""The three scenarios, loaded once, and small helpers to pull levers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from cockpit.domain.levers import LeverOrder
from cockpit.simulator.counterfactual import Truth
from cockpit.simulator.loader import load_scenario
from cockpit.simulator.schema.scenario import Scenario

SEED = 7

Pull = Callable[..., LeverOrder]


@cache
def truth_of(name: str, seed: int = SEED) -> Truth:
    """Return a scenario's truth, shared between tests: what is kept in it never changes."""
    return Truth(load_scenario(name), seed)


def order(
    scenario: Scenario, minute: float, lever: str, target: str = "", *, op: str = "L1", **more: Any
) -> LeverOrder:
    """Return a pull some minutes after the page."""
    scope = more.pop("scope", {})
    return LeverOrder(op, lever, target, scope, scenario.page + timedelta(minutes=minute), **more)


@pytest.fixture
def leak() -> Truth:
    return truth_of("injection-leak")


@pytest.fixture
def runaway() -> Truth:
    return truth_of("cost-runaway")


@pytest.fixture
def silent() -> Truth:
    return truth_of("silent-model-update")
