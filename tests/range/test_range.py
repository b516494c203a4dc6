"""A drill on real systems: what the wire carries is what counts, and what serves customers is never touched."""

from __future__ import annotations

import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.events import Kind
from cockpit.domain.levers import Stage
from cockpit.drill.score import score_run
from cockpit.errors import BadInput
from tests.live.conftest import until
from tests.live.toys import ToySystem, load
from tests.range.conftest import Field


def test_the_kill_switch_stops_the_harm_on_the_wire(field: Field) -> None:
    runner = field.begin(speed=60.0)
    until(lambda: runner.session.state.page_at)
    runner.do("acknowledge").result(60)
    assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
    until(lambda: runner.session.state.pulls[-1].stage is Stage.PROVEN)
    until(lambda: runner.session.state.contained)
    assert field.gateway.seen > 0
    runner.do("end_drill").result(60)
    until(lambda: runner.over)
    measured = next(event for event in runner.session.log if event.kind is Kind.RANGE_MEASURED)
    assert measured.get("requests") > 0
    score = score_run(runner.session.log).as_json()
    assert score["harm"]["yours"] < 0.3 * score["harm"]["nothing"]
    assert score["parts"]["outcome"] > 0.8


def test_a_flag_that_is_gone_for_a_while_is_followed_again_when_it_is_back(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def gone(system: ToySystem, address: str, deadline: Any) -> Any:
        nonlocal asked
        asked += 1
        raise BadInput(f"there is no {address}")

    runner = field.begin(speed=60.0)
    until(lambda: runner.session.state.page_at)
    with monkeypatch.context() as gone_now:
        gone_now.setattr(ToySystem, "read", gone)
        until(lambda: asked > 9)
    assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
    until(lambda: runner.session.state.pulls[-1].stage is Stage.PROVEN)


def test_doing_nothing_scores_nothing_even_when_one_leaves_early(field: Field) -> None:
    runner = field.begin()
    until(lambda: runner.session.state.page_at)
    until(lambda: field.gateway.seen > 20)
    runner.do("end_drill").result(60)
    until(lambda: runner.over)
    score = score_run(runner.session.log).as_json()
    assert score["parts"]["outcome"] < 0.1


def test_what_a_gateway_blocks_reaches_nobody(field: Field) -> None:
    field.gateway.block_words = (b"Retrieved context", b"[doc 1]")
    runner = field.begin()
    began = runner.session.clock.now()
    until(lambda: field.gateway.stopped > 1)
    now = until(lambda: runner.session.clock.now() if field.gateway.seen > 80 else None)
    since = began + timedelta(seconds=20)  # who asked before it began is still being answered
    rows = [row for row in runner.session.world.traces(since, now) if row.route == "/support" and row.at >= since]
    assert rows
    assert not [row for row in rows if row.verdict == "leak"]


def test_systems_are_set_as_the_scenario_begins_and_put_back(field: Field) -> None:
    field.table["range"]["start"] = {"revert_prompt": "v2"}
    runner = field.begin()
    assert load(field.file)["values"]["prompt:support"] == "v2"
    runner.do("end_drill").result(60)
    until(lambda: runner.over)
    until(lambda: load(field.file)["values"]["prompt:support"] == "v3")


@pytest.mark.parametrize("system", ["toy", "gate"])
def test_a_system_that_serves_customers_is_never_touched(field: Field, system: str) -> None:
    field.table["systems"][system]["staging"] = False
    with pytest.raises(BadInput, match="not marked as staging"):
        field.begin()
    assert load(field.file)["applied"] == 0


def test_a_gateway_that_is_not_there_is_named(field: Field) -> None:
    with pytest.raises(BadInput, match="'elsewhere'"):
        field.begin(gateway="elsewhere")


def test_the_provider_speaks_as_openai_does_streaming_too(field: Field) -> None:
    field.begin()
    body = b'{"model": "x", "stream": true, "messages": [{"role": "user", "content": "hi"}]}'
    ask = urllib.request.Request(f"http://{field.upstream}/v1/chat/completions", body)
    with urllib.request.urlopen(ask, timeout=5) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        lines = answer.read().split(b"\n\n")
    assert lines[-2] == b"data: [DONE]"
    assert all(line.startswith(b"data: {") for line in lines[:-2])
    with urllib.request.urlopen(f"http://{field.upstream}/v1/models", timeout=5) as answer:
        assert b"sonnet-4-5@0929" in answer.read()


def test_an_address_that_is_taken_is_said_before_anything_begins(field: Field) -> None:
    field.table["range"]["front"] = field.upstream
    with pytest.raises(BadInput, match="can't be listened at"):
        field.begin()
