"""The simulated world as the session meets it, through the port."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from cockpit.domain.events import Kind, Source
from cockpit.domain.levers import Lever
from cockpit.simulator.counterfactual import Truth
from cockpit.simulator.vocabulary import FACTS, VERDICTS
from cockpit.simulator.world import SimWorld
from cockpit.world.port import World
from tests.simulator.conftest import order, truth_of

NAMES = ("injection-leak", "cost-runaway", "silent-model-update")


@pytest.fixture(params=NAMES)
def world(request: pytest.FixtureRequest) -> SimWorld:
    truth = truth_of(request.param)
    return SimWorld(truth.scenario, truth.seed, ground=truth.ground)


@pytest.fixture
def acme(leak: Truth) -> SimWorld:
    return SimWorld(leak.scenario, leak.seed, ground=leak.ground)


def minute(world: SimWorld, after: float) -> datetime:
    return world.scenario.page + timedelta(minutes=after)


def test_a_tenant_s_budget_touches_that_tenant_only(runaway: Truth) -> None:
    world = SimWorld(runaway.scenario, runaway.seed, ground=runaway.ground)
    everybody, one = (
        world.plan("cap_cost", target, {}, minute(world, 1))
        for target in ("0.25 $ a request", "0.25 $ for north-bank")
    )
    assert one.share == pytest.approx(0.4 * everybody.share, abs=1e-3)


def test_it_is_a_world(world: SimWorld) -> None:
    port: World = world
    assert port.service == world.scenario.service
    assert len(port.people) >= 2


def test_the_page_comes_at_its_moment(world: SimWorld) -> None:
    before = world.happenings(world.scenario.start, minute(world, -0.01))
    assert not [event for event in before if event.kind is Kind.PAGED]
    (page,) = [
        event for event in world.happenings(minute(world, -0.01), minute(world, 0)) if event.kind is Kind.PAGED
    ]
    assert page.at == world.scenario.page
    assert page.source is Source.WORLD
    assert page.payload["text"]


def test_happenings_are_the_same_however_they_are_asked_for(world: SimWorld) -> None:
    whole = world.happenings(world.scenario.start, world.scenario.end)
    edges = [world.scenario.start + timedelta(seconds=97 * step) for step in range(60)]
    edges = [edge for edge in edges if edge < world.scenario.end] + [world.scenario.end]
    parts = [event for a, b in pairwise(edges) for event in world.happenings(a, b)]
    assert parts == whole
    assert [event.at for event in whole] == sorted(event.at for event in whole)


def test_every_inject_of_the_page_and_the_clock_is_delivered_once(world: SimWorld) -> None:
    whole = world.happenings(world.scenario.start, world.scenario.end)
    ids = [event.payload["inject"] for event in whole if "inject" in event.payload]
    assert len(ids) == len(set(ids))
    assert {inject.id for inject in world.scenario.injects if inject.at is not None} <= set(ids)


def test_an_inject_with_a_condition_waits_for_it(acme: SimWorld) -> None:
    def ids() -> list[str]:
        return [str(event.payload.get("inject")) for event in acme.happenings(acme.scenario.page, acme.scenario.end)]

    assert "still-leaking" in ids()
    acme.pull(order(acme.scenario, 1, "kill_switch"))
    assert "still-leaking" not in ids()


def test_complaints_carry_a_name_and_a_session_that_can_be_opened(acme: SimWorld) -> None:
    mails = [
        event
        for event in acme.happenings(acme.scenario.page, acme.scenario.end)
        if str(event.payload.get("inject", "")).startswith("mail-")
    ]
    assert mails
    for mail in mails:
        detail = acme.trace(int(mail.payload["trace"]), mail.at)
        assert detail is not None
        assert detail.row.session == mail.payload["session"]
        assert detail.row.session in str(mail.payload["text"])


def test_a_pull_is_read_back_and_later_proven(acme: SimWorld) -> None:
    acme.pull(order(acme.scenario, 4, "kill_switch", op="K"))
    (applied,) = [e for e in acme.happenings(minute(acme, 4), minute(acme, 6)) if e.kind is Kind.LEVER_APPLIED]
    assert applied.payload["op"] == "K"
    assert minute(acme, 4) < applied.at < minute(acme, 4.2)
    early, late = acme.proof("K", minute(acme, 4.05), 50), acme.proof("K", minute(acme, 6), 50)
    assert early.matched < early.of
    assert (late.matched, late.of) == (50, 50)
    assert late.config_id == late.expected or late.config_id.startswith(("faq-search", "size-tables"))


@pytest.mark.parametrize(
    ("lever", "target"), [("kill_switch_", ""), ("revert_prompt", "v77"), ("lower_temperature", "hot")]
)
def test_what_can_not_be_done_is_refused_and_changes_nothing(acme: SimWorld, lever: str, target: str) -> None:
    acme.pull(order(acme.scenario, 4, lever, target, op="X"))
    (refused,) = [e for e in acme.happenings(minute(acme, 4), minute(acme, 6)) if e.kind is Kind.LEVER_REFUSED]
    assert refused.payload["reason"]
    plain = SimWorld(acme.scenario, acme.seed, ground=acme.ground)
    np.testing.assert_array_equal(acme.run.columns.outcome, plain.run.columns.outcome)
    assert acme.plan(lever, target, {}, minute(acme, 3)).refused


def test_signals_know_nothing_of_the_future(world: SimWorld) -> None:
    at = minute(world, 10)
    before = world.signals(at, 20 * 60, 60)
    world.pull(order(world.scenario, 10.01, "kill_switch"))
    after = world.signals(at, 20 * 60, 60)
    for old, new in zip(before.series, after.series, strict=True):
        np.testing.assert_allclose(old.values, new.values, equal_nan=True)
    assert before.facts == after.facts


def test_signals_have_one_value_a_bin_and_every_fact(world: SimWorld) -> None:
    frame = world.signals(minute(world, 5), 20 * 60, 120)
    assert len(frame.series) <= 8
    assert all(len(series.values) == 120 for series in frame.series)
    assert set(frame.facts) == set(FACTS)
    assert any(series.harm and series.breached for series in frame.series)


def test_signals_are_quick(world: SimWorld) -> None:
    world.signals(minute(world, 5), 20 * 60, 120)
    took = []
    for second in range(9):
        began = time.perf_counter()
        world.signals(minute(world, 5 + second / 60), 20 * 60, 120)
        took.append(time.perf_counter() - began)
    assert sorted(took)[4] < 0.02


def test_levers_offer_the_last_known_good_first(world: SimWorld, silent: Truth) -> None:
    views = {view.name: view for view in world.levers(world.scenario.page)}
    assert set(views) == {lever.value for lever in Lever}
    for view in views.values():
        assert view.ready or view.choices
    quiet = SimWorld(silent.scenario, silent.seed, ground=silent.ground)
    pins = {view.name: view.choices for view in quiet.levers(silent.scenario.page)}
    assert pins["pin_model"][0] == "sonnet-4-5@0929"
    assert pins["revert_prompt"][0] == "returns-12"


def test_a_plan_says_who_is_hit_before_anything_is_done(acme: SimWorld) -> None:
    plan = acme.plan("kill_switch", "", {"routes": ["/support"]}, minute(acme, 1))
    assert plan.target == "faq-search"
    assert 0.6 < plan.share < 0.8
    assert plan.effect_s == (1.0, 6.0)
    assert plan.destructive
    assert "/support" in plan.blast
    assert not plan.refused
    assert acme.orders == ()


def test_only_what_is_done_and_over_leaves_nothing_to_put_back(world: SimWorld) -> None:
    now = minute(world, 3)
    once = {view.name for view in world.levers(now) if world.plan(view.name, "", {}, now).once}
    assert once == {Lever.CLEAR_SESSIONS, Lever.FLUSH_CACHE}


def test_an_undo_brings_back_what_was_there(acme: SimWorld) -> None:
    before = acme.snapshot(minute(acme, 1))["routes"]["/support"]["id"]
    acme.pull(order(acme.scenario, 2, "fallback_model", op="F"))
    during = acme.snapshot(minute(acme, 3))["routes"]["/support"]["id"]
    acme.pull(order(acme.scenario, 4, "fallback_model", op="U", undoes="F"))
    after = acme.snapshot(minute(acme, 5))["routes"]["/support"]["id"]
    assert before == after != during
    assert acme.proof("U", minute(acme, 8), 50).matched == 50


def test_an_undo_leaves_the_other_levers_in_force(acme: SimWorld) -> None:
    acme.pull(order(acme.scenario, 1, "fallback_model", op="F"))
    acme.pull(order(acme.scenario, 2, "kill_switch", op="K"))
    acme.pull(order(acme.scenario, 4, "kill_switch", op="U", undoes="K"))
    assert acme.snapshot(minute(acme, 5))["routes"]["/support"]["mode"] == "fallback"


def test_a_closed_canary_serves_nobody(acme: SimWorld) -> None:
    acme.pull(order(acme.scenario, 1, "kill_switch", op="K"))
    acme.pull(order(acme.scenario, 5, "canary", op="C", percent=30.0, scope={"undoes": ["K"]}))
    acme.pull(order(acme.scenario, 9, "canary", op="A", percent=0.0, scope={"undoes": ["K"]}))
    arms = {row.arm for row in acme.traces(minute(acme, 7), minute(acme, 8))}
    later = {row.arm for row in acme.traces(minute(acme, 12), minute(acme, 13))}
    assert arms == {"canary", "static"}
    assert later == {"static"}


def test_the_board_tells_what_moved_newest_first(silent: Truth) -> None:
    world = SimWorld(silent.scenario, silent.seed, ground=silent.ground)
    board = world.changes(world.scenario.page)
    assert [line.at for line in board] == sorted((line.at for line in board), reverse=True)
    alias = next(line for line in board if line.ref == "alias:sonnet-latest")
    assert "sonnet-4-5@1103" in alias.what
    assert alias.before == "sonnet-4-5@0929"
    assert not any(line.kind == "deploy" for line in board)
    earlier = world.changes(world.scenario.page - timedelta(minutes=40))
    assert "sonnet-4-5@0929" in next(line for line in earlier if line.ref == "alias:sonnet-latest").what


def test_what_was_pulled_and_shipped_is_on_the_board(acme: SimWorld) -> None:
    acme.pull(order(acme.scenario, 4, "kill_switch", op="K"))
    refs = [line.ref for line in acme.changes(minute(acme, 30))]
    assert refs[:2] == ["fix:tenant-filter", "lever:K"]
    assert "fix:tenant-filter" not in [line.ref for line in acme.changes(minute(acme, 20))]


def test_traces_come_once_each_when_they_end(world: SimWorld) -> None:
    whole = world.traces(world.scenario.start, minute(world, 2))
    ids = [row.id for row in whole]
    assert ids == sorted(set(ids))
    parts = [row.id for step in range(-5, 2) for row in world.traces(minute(world, step), minute(world, step + 1))]
    assert len(parts) == len(set(parts))
    assert set(parts) <= set(ids)
    assert {row.verdict for row in whole} <= set(VERDICTS)


def test_a_trace_reads_the_same_in_the_list_and_opened_and_again(acme: SimWorld) -> None:
    rows = acme.traces(minute(acme, -1), minute(acme, 1))
    leaked = next(row for row in rows if row.verdict == "leak")
    detail = acme.trace(leaked.id, minute(acme, 1))
    assert detail is not None
    assert detail.row == leaked
    assert detail == acme.trace(leaked.id, minute(acme, 1))
    assert detail.messages[0][0] == "system"
    assert detail.messages[-2] == ("user", leaked.text)
    assert any(f"/{leaked.tenant}/" not in source for source, _, _ in detail.chunks)
    assert {"x-tier", "x-config-id", "x-prompt-version", "x-model-snapshot", "x-worker"} <= set(detail.headers)
    assert {"model", "temperature", "top_p", "max_tokens", "seed"} <= set(detail.parameters)


@pytest.mark.parametrize("trace", [0, -1, 10**9])
def test_no_such_trace_is_none(acme: SimWorld, trace: int) -> None:
    assert acme.trace(trace, minute(acme, 1)) is None


def test_a_trace_that_has_not_ended_can_not_be_opened(acme: SimWorld) -> None:
    last = acme.traces(minute(acme, 0), minute(acme, 1))[-1]
    assert acme.trace(last.id, last.at) is None


def test_the_judge_is_late_and_sees_a_sample(acme: SimWorld) -> None:
    rows = acme.traces(minute(acme, -5), minute(acme, -4))
    judged = {trace for trace, _, _ in acme.verdicts(minute(acme, -5), minute(acme, 0))}
    mine = [row for row in rows if row.id in judged]
    assert 0.1 < len(mine) / len(rows) < 0.45
    assert sum(row.scores[0] is not None for row in rows) < len(mine)
    for _, verdict, scores in acme.verdicts(minute(acme, -5), minute(acme, 0)):
        assert verdict in VERDICTS
        assert all(score is not None and 1.0 <= score <= 5.0 for score in scores)


def test_a_loop_shows_its_calls(runaway: Truth) -> None:
    world = SimWorld(runaway.scenario, runaway.seed, ground=runaway.ground)
    world.pull(order(world.scenario, 3, "disable_tool", "ticket_search"))
    rows = [row for row in world.traces(world.scenario.page, minute(world, 6)) if row.verdict == "loop"]
    detail = world.trace(rows[0].id, minute(world, 6))
    assert detail is not None
    assert {name for name, _, _ in detail.tool_calls} == {"ticket_search"}
    assert len(detail.tool_calls) > 1


def test_harm_that_is_known_only_grows_until_it_is_stopped(acme: SimWorld) -> None:
    counts = [acme.harmed(minute(acme, step)) for step in range(-20, 20)]
    assert counts == sorted(counts)
    assert counts[0] == 0 < counts[-1]


def test_the_card_answers_the_questions_of_two_in_the_morning(world: SimWorld) -> None:
    card = world.card(world.scenario.page)
    assert {"last known good prompt", "model now", "model last moved"} <= set(card)
    assert all(isinstance(value, str) and value for value in card.values())


def test_text_from_a_scenario_is_passed_on_as_it_is(leak: Truth) -> None:
    nasty = "\x1b]0;owned\x07 [red]not markup[/red] \u202e"
    texts = leak.scenario.texts.model_copy(update={"asks": {"injection": [nasty]}})
    world = SimWorld(leak.scenario.model_copy(update={"texts": texts}), leak.seed)
    rows = world.traces(minute(world, -2), minute(world, 0))
    assert nasty in {row.text for row in rows}
