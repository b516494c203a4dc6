"""Opened traces of a drill as trees of steps: they add up to the trace, and read the same every time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cockpit.domain.calls import SpanKind
from cockpit.simulator.world import SimWorld
from cockpit.world.port import TraceDetail, TraceRow
from tests.simulator.conftest import order, truth_of

NAMES = ("injection-leak", "cost-runaway", "silent-model-update")


def world_of(name: str) -> SimWorld:
    return SimWorld(truth_of(name).scenario, truth_of(name).seed)


def opened(world: SimWorld, minutes: float = 6.0) -> list[TraceDetail]:
    """Open some traces of every verdict from around the page."""
    page = world.scenario.page
    until = page + timedelta(minutes=minutes)
    rows = world.traces(page - timedelta(minutes=2), until)
    by_verdict: dict[str, list[TraceRow]] = {}
    for row in rows:
        by_verdict.setdefault(row.verdict, []).append(row)
    found = [world.trace(row.id, until) for group in by_verdict.values() for row in group[:12]]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("name", NAMES)
def test_steps_add_up_to_the_trace(name: str) -> None:
    world = world_of(name)
    for detail in opened(world):
        root, *steps = detail.spans
        assert (root.parent, root.start) == ("", detail.row.at)
        assert root.end == detail.row.at + timedelta(milliseconds=detail.row.total_ms)
        assert all(one.parent == root.id and root.start <= one.start <= one.end <= root.end for one in steps)
        assert [one.start for one in steps] == sorted(one.start for one in steps)
        models = [one for one in steps if one.kind is SpanKind.LLM]
        if models:
            assert sum(one.tokens_in or 0 for one in models) == detail.row.tokens_in
            assert sum(one.tokens_out or 0 for one in models) == detail.row.tokens_out
            assert sum(one.cost_usd or 0.0 for one in models) == pytest.approx(detail.row.cost_micros / 1e6)
            assert [(one.role, one.text) for one in models[-1].outputs] == [detail.messages[-1]]
        chunks = [(one.source, one.score, one.text) for step in steps for one in step.chunks]
        assert chunks == list(detail.chunks)
        ran = [use for step in steps if step.kind is SpanKind.TOOL for use in step.tools]
        assert [(one.name, one.arguments, one.result) for one in ran] == list(detail.tool_calls)
        assert detail == world.trace(detail.row.id, world.scenario.page + timedelta(minutes=6))


def test_a_loop_is_seen_as_model_and_tool_in_turn() -> None:
    world = world_of("cost-runaway")
    world.pull(order(world.scenario, 1, "kill_switch"))
    until = world.scenario.page + timedelta(minutes=30)
    rows = [one for one in world.traces(world.scenario.start, until) if one.total_ms > 120_000]
    assert rows
    loops = [one for row in rows[:20] if (one := world.trace(row.id, until))]
    for detail in loops:
        kinds = [one.kind for one in detail.spans[1:] if one.kind in (SpanKind.LLM, SpanKind.TOOL)]
        assert kinds[:4] == [SpanKind.LLM, SpanKind.TOOL, SpanKind.LLM, SpanKind.TOOL]
        tools = [one for one in detail.spans if one.kind is SpanKind.TOOL]
        assert sum((one.end - one.start).total_seconds() for one in tools) > detail.row.total_ms / 1000 * 0.3
        assert all(one.error for one in tools)


def test_the_path_without_a_model_calls_none() -> None:
    world = world_of("injection-leak")
    world.pull(order(world.scenario, 1, "kill_switch"))
    static = [one for one in opened(world) if one.row.verdict == "static"]
    assert static
    assert all(one.kind is not SpanKind.LLM for detail in static for one in detail.spans)
