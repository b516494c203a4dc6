"""A live incident from the opening to the undo: requested, stored, observed, and never guessed."""

from __future__ import annotations

import threading

import pytest

from cockpit.domain.events import Kind
from cockpit.domain.levers import LeverPull, Stage
from cockpit.errors import JournalReadOnly
from cockpit.live.runner import LiveRunner
from cockpit.session.session import Session
from tests.live.conftest import Stage as Scene
from tests.live.conftest import until
from tests.live.toys import changing, load


def latest(runner: LiveRunner) -> LeverPull:
    """Return the latest pull."""
    return runner.session.state.pulls[-1]


def reached(runner: LiveRunner, stage: Stage) -> LeverPull:
    """Wait until the latest pull has come to a stage."""
    until(lambda: runner.session.state.pulls and latest(runner).stage is stage)
    return latest(runner)


def test_pulled_stored_observed_and_put_back_exactly(stage: Scene) -> None:
    incident = stage.open()
    runner = stage.join(incident)
    plan = runner.plan("kill_switch").result(60)
    assert (plan.current, plan.target, plan.refused) == ("on", "off", "")
    assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
    pull = reached(runner, Stage.PROVEN)
    assert load(stage.file)["values"]["flag:answers"] is False
    assert pull.applied_at is not None
    assert pull.matched == pull.of >= 20
    assert runner.do("undo_lever", {"lever": "kill_switch"}).result(60).refused == ""
    until(lambda: runner.session.state.pulls[0].stage is Stage.UNDONE)
    assert load(stage.file)["values"]["flag:answers"] is True
    assert load(stage.file)["applied"] == 2


def test_an_undo_is_proven_when_the_pulled_state_is_seen_no_more(stage: Scene) -> None:
    proof = {"carrier": "header:x-toy-flag-answers", "expect": ["false"]}
    stage.extra["levers"] = {"kill_switch": {"system": "toy", "control": "flag:answers", "proof": proof}}
    runner = stage.join(stage.open())
    runner.do("pull_lever", {"lever": "kill_switch"}).result(60)
    reached(runner, Stage.PROVEN)
    runner.do("undo_lever", {"lever": "kill_switch"}).result(60)
    until(lambda: runner.session.state.pulls[0].stage is Stage.UNDONE)
    assert latest(runner).intent["expect"] == {
        "carrier": "header:x-toy-flag-answers", "allowed": [], "forbidden": ["false"], "probe": "", "answers": 20,
    }  # fmt: skip
    reached(runner, Stage.PROVEN)


def test_the_intent_is_in_the_journal_before_anything_is_sent(stage: Scene) -> None:
    stage.table["slow_s"] = 0.5
    runner = stage.join(stage.open())
    runner.do("pull_lever", {"lever": "revert_prompt"}).result(60)
    (pulled,) = [
        event for event in stage.journal().events(runner.session.incident) if event.kind is Kind.LEVER_PULLED
    ]
    assert load(stage.file)["applied"] == 0
    assert pulled.get("intent")["value"] == "v2"
    assert pulled.get("intent")["before"] == "v3"
    reached(runner, Stage.PROVEN)


def test_somebody_who_moved_it_meanwhile_is_not_overruled(stage: Scene) -> None:
    runner = stage.join(stage.open())
    seen = runner.plan("revert_prompt").result(60).version
    with changing(stage.file) as state:
        state["values"]["prompt:support"] = "v1"
        state["version"] += 1
    until(lambda: runner.plan("revert_prompt").result(60).current == "v1", 6)
    done = runner.do("pull_lever", {"lever": "revert_prompt", "target": "v2", "seen": seen}).result(60)
    assert "changed since" in done.refused
    assert load(stage.file)["applied"] == 0


def test_an_answer_that_was_lost_is_asked_for_again_and_done_once(stage: Scene) -> None:
    stage.table["unsure"] = 2
    runner = stage.join(stage.open())
    runner.do("pull_lever", {"lever": "kill_switch"}).result(60)
    reached(runner, Stage.PROVEN)
    assert load(stage.file)["applied"] == 1


def test_pulled_again_right_after_it_was_undone(stage: Scene) -> None:
    runner = stage.join(stage.open())
    for turn in range(3):
        assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
        assert runner.do("undo_lever", {"lever": "kill_switch"}).result(60).refused == ""
        until(lambda: runner.settled("kill_switch"))
        assert load(stage.file)["applied"] == 2 * (turn + 1)
        assert load(stage.file)["values"]["flag:answers"] is True


def test_who_does_not_drive_sees_everything_and_may_ask(stage: Scene) -> None:
    incident = stage.open()
    driver, other = stage.join(incident, "ada"), stage.join(incident, "bo")
    until(lambda: driver.drives)
    assert not other.drives
    assert other.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
    until(lambda: other.session.state.pulls and other.session.state.pulls[0].stage is Stage.PROVEN)
    assert load(stage.file)["applied"] == 1
    driver.close()
    until(lambda: other.drives)


def test_contained_is_measured_on_the_harm_signal(stage: Scene) -> None:
    stage.extra["signals"] = {}
    runner = stage.join(stage.open())
    runner.do("pull_lever", {"lever": "kill_switch"}).result(60)
    reached(runner, Stage.PROVEN)
    assert not runner.session.state.contained


def test_a_system_that_is_gone_leaves_the_rest_working(stage: Scene) -> None:
    stage.extra["systems"] = {"toy": stage.table, "gone": {"adapter": "nothing-like-it"}}
    runner = stage.join(stage.open())
    runner.do("pull_lever", {"lever": "kill_switch"}).result(60)
    reached(runner, Stage.PROVEN)


def test_a_change_by_somebody_else_is_seen_on_the_board(stage: Scene) -> None:
    runner = stage.join(stage.open())
    world = runner.session.world
    until(lambda: world.levers(runner.session.clock.now())[0].current == "on")
    world.news.look()  # type: ignore[attr-defined]
    with changing(stage.file) as state:
        state["values"]["prompt:support"] = "v9"
        state["version"] += 1
    world.news.look()  # type: ignore[attr-defined]
    moved = [one for one in world.changes(runner.session.clock.now()) if one.kind == "revert_prompt"]
    assert [(one.before, one.after) for one in moved] == [("v3", "v9")]


def test_a_join_that_fails_leaves_nobody_asking_the_systems(stage: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def record(self: Session, events: object) -> None:
        raise JournalReadOnly("the disk is full")

    incident, before = stage.open(), set(threading.enumerate())
    monkeypatch.setattr(Session, "record", record)
    with pytest.raises(JournalReadOnly):
        stage.join(incident)
    until(lambda: not set(threading.enumerate()) - before)
