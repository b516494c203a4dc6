"""What a drill on staging leaves behind: nothing of its own, everything of others."""

from __future__ import annotations

import json

from cockpit.domain.events import Kind
from cockpit.range.observed import Glossary
from cockpit.simulator.loader import load_scenario
from cockpit.tui.panes.phrases import phrase
from tests.live.conftest import until
from tests.live.toys import load
from tests.range.conftest import Field


def test_what_was_pulled_is_put_back_when_the_drill_ends(field: Field) -> None:
    runner = field.begin()
    until(lambda: runner.session.state.page_at)
    assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
    until(lambda: load(field.file)["values"]["flag:answers"] is False)
    runner.do("end_drill").result(60)
    until(lambda: runner.over)
    assert load(field.file)["values"]["flag:answers"] is True
    assert runner.left_behind == []
    told = phrase(next(event for event in runner.session.log if event.kind is Kind.RANGE_PUT_BACK))
    assert told.text == "staging is as it was before the drill"


def test_what_a_colleague_has_changed_meanwhile_is_left_alone_and_said(field: Field) -> None:
    field.table["range"]["start"] = {"revert_prompt": "v2"}
    runner = field.begin()
    content = load(field.file)
    content["values"]["prompt:support"] = "v1"
    field.file.write_text(json.dumps(content), "utf-8")
    runner.do("end_drill").result(60)
    until(lambda: runner.over)
    assert load(field.file)["values"]["prompt:support"] == "v1"
    assert [("prompt:support" in told, "somebody else" in told) for told in runner.left_behind[:1]] == [(True, True)]
    assert "set prompt:support on toy to v3 by hand" in runner.left_behind[1]
    told = phrase(next(event for event in runner.session.log if event.kind is Kind.RANGE_PUT_BACK))
    assert told.text.startswith("NOT PUT BACK: prompt:support on toy was v3 before")
    until(lambda: "NOT PUT BACK" in (runner.snapshot() or runner.make_snapshot()).problem)


def test_what_became_of_an_order_is_told_by_the_system_alone(field: Field) -> None:
    runner = field.begin()
    until(lambda: runner.session.state.page_at)
    runner.do("pull_lever", {"lever": "kill_switch"}).result(60)
    until(lambda: runner.session.state.pulls[-1].applied_at)
    until(lambda: runner.session.state.pulls[-1].proven_at)
    applied = [event for event in runner.session.log if event.kind is Kind.LEVER_APPLIED]
    assert [(event.actor, event.get("sends")) for event in applied] == [("toy", 1)]


def test_people_say_everything_once_whatever_is_measured_anew(field: Field) -> None:
    runner = field.begin(speed=60.0)
    until(lambda: (runner.session.clock.now() - runner.session.log[0].at).total_seconds() > 300)
    told = [event.get("inject") for event in runner.session.log if event.kind is Kind.INJECT_DELIVERED]
    assert told
    assert len(told) == len(set(told))


def test_a_registry_may_show_a_version_with_a_note() -> None:
    glossary = Glossary(load_scenario("injection-leak"), {}, {"v2": "v41", "UHJvbXB0OjE": "v40"})
    assert glossary.prompt("v2 (friendlier closing line)") == "v41"
    assert glossary.prompt("UHJvbXB0OjE") == "v40"
    assert glossary.prompt("v40") == "v40"
    assert glossary.prompt("v9 (unknown)") == ""
