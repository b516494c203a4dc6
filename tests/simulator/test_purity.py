"""The world is a pure function of scenario, seed and orders, and a lever changes what it changes only."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.levers import LeverOrder
from cockpit.simulator.counterfactual import Truth
from cockpit.simulator.engine import Columns, Run
from cockpit.simulator.timeline import Timeline
from cockpit.simulator.vocabulary import BLOCKED, LOOPING, OUTCOMES, STATIC
from cockpit.simulator.world import SimWorld
from tests.examples import examples
from tests.simulator.conftest import order, truth_of

NAMES = ("injection-leak", "cost-runaway", "silent-model-update")
COLUMNS = ("outcome", "table", "canary", "old", "quick", "total", "cost")


def same(left: Run, right: Run, upto: int | None = None) -> None:
    """Compare runs column by column; configuration numbers by what they stand for."""
    for name in COLUMNS:
        first, second = getattr(left.columns, name)[:upto], getattr(right.columns, name)[:upto]
        if name == "table":
            ours, theirs = left.ground.behaviour.configs, right.ground.behaviour.configs
            pairs = {(int(a), int(b)) for a, b in zip(first, second, strict=True)}
            assert all(ours[a] == theirs[b] for a, b in pairs)
        else:
            np.testing.assert_array_equal(first, second, err_msg=name)
    every = slice(0, left.ground.requests.count)
    np.testing.assert_array_equal(left.ttft(every)[:upto], right.ttft(every)[:upto], err_msg="ttft")


def fresh(truth: Truth, orders: list[LeverOrder]) -> Run:
    return Run(truth.ground, Timeline(truth.scenario, truth.seed, orders, truth.ground.folder))


@st.composite
def order_lists(draw: st.DrawFn, name: str) -> list[LeverOrder]:
    """Draw lever timelines as a responder might make them: pulls, undos, canaries, in order of time."""
    truth = truth_of(name)
    views = {
        view.name: view.choices
        for view in SimWorld(truth.scenario, 7, ground=truth.ground).levers(truth.scenario.page)
    }
    minutes = sorted(draw(st.lists(st.floats(0.1, 40.0), min_size=1, max_size=5)))
    orders: list[LeverOrder] = []
    for number, minute in enumerate(minutes):
        op = f"L{number}"
        sort = draw(st.sampled_from(["pull", "pull", "undo", "canary"])) if orders else "pull"
        if sort == "pull":
            lever = draw(st.sampled_from(sorted(name for name, choices in views.items() if choices)))
            orders.append(order(truth.scenario, minute, lever, draw(st.sampled_from(views[lever])), op=op))
        elif sort == "undo":
            undone = draw(st.sampled_from(orders))
            orders.append(order(truth.scenario, minute, undone.lever, op=op, undoes=undone.op))
        else:
            orders.append(
                order(truth.scenario, minute, "canary", op=op, percent=draw(st.sampled_from([0.0, 5.0, 40.0, 100.0])))
            )
    return orders


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_world(name: str) -> None:
    truth = truth_of(name)
    again = Truth(truth.scenario, truth.seed)
    orders = [order(truth.scenario, 3, "kill_switch"), order(truth.scenario, 20, "canary", op="L2", percent=5.0)]
    same(fresh(truth, orders), fresh(again, orders))


def test_another_seed_gives_another_world(leak: Truth) -> None:
    other = truth_of("injection-leak", 8)
    assert leak.ground.requests.count != other.ground.requests.count


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=examples(4), deadline=None)
@given(data=st.data())
def test_pulling_one_by_one_is_the_same_as_knowing_all_from_the_start(name: str, data: st.DataObject) -> None:
    truth = truth_of(name)
    orders = data.draw(order_lists(name))
    world = SimWorld(truth.scenario, truth.seed, ground=truth.ground)
    for one in orders:
        world.pull(one)
    same(world.run, SimWorld(truth.scenario, truth.seed, orders, ground=truth.ground).run)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=examples(4), deadline=None)
@given(data=st.data())
def test_a_pull_never_changes_the_past(name: str, data: st.DataObject) -> None:
    truth = truth_of(name)
    orders = data.draw(order_lists(name))
    before, after = fresh(truth, orders[:-1]), fresh(truth, orders)
    at = (orders[-1].at - truth.scenario.start).total_seconds()
    ended = np.flatnonzero(truth.ground.requests.at + before.columns.total <= at)
    for name_ in ("outcome", "total", "cost", "canary", "old"):
        np.testing.assert_array_equal(
            getattr(before.columns, name_)[ended], getattr(after.columns, name_)[ended], err_msg=name_
        )


def test_a_lever_changes_only_the_requests_it_reaches(leak: Truth) -> None:
    plain = fresh(leak, [])
    killed = fresh(leak, [order(leak.scenario, 4, "kill_switch", scope={"routes": ["/support"]})])
    changed = plain.columns.outcome != killed.columns.outcome
    routes = leak.ground.requests.route[changed]
    assert set(routes.tolist()) == {0}
    assert (killed.columns.outcome[changed] == STATIC).all()


def test_a_guardrail_turns_some_answers_away_and_touches_no_other(leak: Truth) -> None:
    plain, guarded = fresh(leak, []), fresh(leak, [order(leak.scenario, 4, "guardrail_block", "output")])
    early = int(np.searchsorted(leak.ground.requests.at, leak.scenario.page_s + 20 * 60))
    changed = plain.columns.outcome[:early] != guarded.columns.outcome[:early]
    assert changed.any()
    assert (guarded.columns.outcome[:early][changed] == BLOCKED).all()


def test_the_delay_of_a_lever_does_not_depend_on_the_others(leak: Truth) -> None:
    scenario = leak.scenario
    kill = order(scenario, 4, "kill_switch", op="K")
    alone = Timeline(scenario, 7, [kill], leak.ground.folder)
    others = [order(scenario, 1, "revert_prompt", "v40"), order(scenario, 2, "cap_cost", "2x", op="L2"), kill]
    crowd = Timeline(scenario, 7, others, leak.ground.folder)
    picked = [
        next(entry.picked for entry in timeline.entries if entry.order and entry.order.op == "K")
        for timeline in (alone, crowd)
    ]
    assert picked[0] == picked[1]


def test_workers_pick_a_lever_up_one_after_another_within_its_bounds(leak: Truth) -> None:
    scenario = leak.scenario
    entries = Timeline(scenario, 7, [order(scenario, 4, "kill_switch")], leak.ground.folder).entries
    entry = next(each for each in entries if each.order is not None)
    low, high = scenario.levers["kill_switch"].delay
    asked = scenario.page_s + 240
    assert len(set(entry.picked)) == scenario.workers
    assert all(asked + low <= moment <= asked + high for moment in entry.picked)
    assert asked < entry.stored <= min(entry.picked)


def test_a_wider_canary_only_adds_users(leak: Truth) -> None:
    scenario = leak.scenario
    kill = order(scenario, 1, "kill_switch")
    users: list[set[int]] = []
    for percent in (5.0, 20.0, 60.0):
        run = fresh(leak, [kill, order(scenario, 30, "canary", op="L2", percent=percent, scope={"undoes": ["L1"]})])
        users.append(set(leak.ground.requests.user[run.columns.canary].tolist()))
    assert users[0] < users[1] < users[2]
    share = len(users[1]) / leak.ground.requests.users
    assert 0.12 < share < 0.28


def test_in_flight_sessions_carry_the_fault_until_they_are_cleared(silent: Truth) -> None:
    scenario = silent.scenario
    pin = order(scenario, 3, "pin_model", "sonnet-4-5@0929")
    carried = fresh(silent, [pin])
    cleared = fresh(
        silent,
        [
            pin,
            order(scenario, 4, "clear_sessions", "all", op="L2"),
            order(scenario, 4, "flush_cache", "all", op="L3"),
        ],
    )
    late = silent.ground.requests.at > scenario.page_s + 300
    assert carried.columns.old[late].sum() > 50
    assert cleared.columns.old[late].sum() == 0


def test_loops_run_until_something_stops_them(runaway: Truth) -> None:
    scenario = runaway.scenario
    free = fresh(runaway, [])
    stopped = fresh(runaway, [order(scenario, 5, "disable_tool", "ticket_search")])
    at, cut = runaway.ground.requests.at, scenario.page_s + 5 * 60 + 10
    loops = np.flatnonzero((free.columns.outcome == LOOPING) & (at < cut - 60))
    assert len(loops) > 5
    assert (at[loops] + stopped.columns.total[loops] <= cut).all()
    assert (free.columns.total[loops] > stopped.columns.total[loops]).all()
    assert (free.columns.cost[loops] > stopped.columns.cost[loops]).all()


def test_a_cap_ends_a_loop_at_its_budget(runaway: Truth) -> None:
    run = fresh(runaway, [order(runaway.scenario, 2, "cap_cost", "0.25 $ a request")])
    begun = run.loops.at > runaway.scenario.page_s + 150
    assert begun.any()
    calls = run.columns.cost[run.loops.place[begun]]
    assert calls.max() < 0.3


def test_a_budget_of_one_tenant_leaves_the_others_alone(runaway: Truth) -> None:
    scenario = runaway.scenario
    free = fresh(runaway, [])
    held = fresh(runaway, [order(scenario, 2, "cap_cost", "0.25 $ for north-bank")])
    begun = free.loops.at > scenario.page_s + 150
    place, named = free.loops.place[begun], free.loops.tenant[begun] == 0
    assert scenario.tenants[0].name == "north-bank"
    assert named.any()
    assert (~named).any()
    assert held.columns.cost[place[named]].max() < 0.3 < free.columns.cost[place[named]].max()
    assert held.columns.cost[place[~named]].max() > 0.3
    requests = runaway.ground.requests
    others = (requests.tenant != 0) & (requests.at < scenario.page_s + 480)  # later the fix ships, for everybody
    assert (held.columns.outcome[others] == free.columns.outcome[others]).all()


def test_every_outcome_is_one_of_the_list(leak: Truth) -> None:
    columns: Columns = fresh(leak, []).columns
    assert columns.outcome.max() < len(OUTCOMES)
    assert np.isfinite(columns.total).all()
    assert (columns.total > 0).all()
    assert (columns.cost >= 0).all()


def test_the_same_op_twice_pulls_once(leak: Truth) -> None:
    world = SimWorld(leak.scenario, leak.seed, ground=leak.ground)
    world.pull(order(leak.scenario, 4, "kill_switch"))
    run = world.run
    world.pull(order(leak.scenario, 9, "revert_prompt", "v40"))
    assert world.run is run
    assert len(world.orders) == 1


def test_time_never_depends_on_the_wall_clock(leak: Truth) -> None:
    world = SimWorld(leak.scenario, leak.seed, ground=leak.ground)
    window = (leak.scenario.start, leak.scenario.page + timedelta(minutes=5))
    assert world.happenings(*window) == SimWorld(leak.scenario, leak.seed).happenings(*window)
