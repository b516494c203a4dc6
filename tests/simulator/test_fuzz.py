"""Whatever somebody writes into a scenario, it plays or it is refused in words; it never ends in a traceback."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import ScenarioError
from cockpit.simulator.counterfactual import Truth, reference_orders
from cockpit.simulator.loader import parse_scenario, scenario_file
from cockpit.simulator.world import SimWorld
from cockpit.yaml import read_yaml
from tests.examples import examples

ODD: list[Any] = [None, True, 0, -1, 1e9, 0.5, "", "x", ">=x", "<5", "90s", "-5m", [], ["x"], {}, {"not": "x"}, "off"]


@cache
def original(name: str) -> str:
    return json.dumps(read_yaml(scenario_file(name).read_text("utf-8"), name).data)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a document."""
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += places(inner, (*path, key))
    return found


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw a scenario with one to three values replaced or taken out."""
    data = json.loads(original(draw(st.sampled_from(["injection-leak", "cost-runaway", "silent-model-update"]))))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(data)))
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        if draw(st.booleans()):
            inner[path[-1]] = draw(st.sampled_from(ODD))
        else:
            del inner[path[-1]]
    return json.dumps(data)


@settings(max_examples=examples(20), deadline=None)
@given(damaged())
def test_a_damaged_scenario_plays_or_is_refused(text: str) -> None:
    try:
        scenario = parse_scenario(text, "damaged.yaml")
    except ScenarioError:
        return
    routes = [route.model_copy(update={"rate": min(route.rate, 0.5)}) for route in scenario.routes]
    scenario = scenario.model_copy(update={"routes": routes}).bound(text, "damaged.yaml")
    world = SimWorld(scenario, 1)
    for order in reference_orders(scenario, 1):
        world.pull(order)
    at = scenario.page + timedelta(minutes=5)
    world.happenings(scenario.start, scenario.end)
    world.signals(at, 600, 20)
    world.levers(at)
    for view in world.levers(at):
        world.plan(view.name, "", {}, at)
    rows = world.traces(scenario.start, at)
    if rows:
        world.trace(rows[-1].id, at)
    world.card(at)
    world.changes(at)
    Truth(scenario, 1).j(world.orders)
