"""A run of a scenario: the same however it is moved, and going on where it was after any end."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import ManualClock, WallClock
from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import Stage
from cockpit.drill.headless import play
from cockpit.drill.open import Setup, attach, begin
from cockpit.drill.run import LEAD, DrillRun
from cockpit.drill.script import NOTHING, load_script
from cockpit.errors import BadInput, JournalError, ScenarioError
from cockpit.journal.log import Journal

ROOT = Path(__file__).parents[2]
ACME = ROOT / "scenarios" / "responses" / "acme-night.yaml"
SCENARIOS = ("injection-leak", "cost-runaway", "silent-model-update")
WHOLE = ("scenario_text", "profile_text", "held")


def told(events: list[Event]) -> list[tuple[str, Any, str, dict[str, Any]]]:
    """What a journal tells, without when it was recorded."""
    return [
        (event.kind, event.at, event.actor, {k: v for k, v in event.payload.items() if k not in WHOLE})
        for event in events
    ]


def opened(journal: Journal, scenario: str = "injection-leak", seed: int = 1) -> tuple[str, DrillRun]:
    incident = begin(journal, Setup(scenario, seed))
    return incident, attach(journal, incident, ManualClock(journal.events(incident)[0].at))


def test_the_acme_night_from_page_to_all_clear(journal: Journal) -> None:
    incident = begin(journal, Setup("injection-leak"))
    state = play(journal, incident, load_script(ACME)).session.state
    assert state.refusals == 0
    assert state.contained
    assert state.all_clear_at is not None
    assert state.canary is not None
    assert state.canary.state == "passed"
    assert state.pulls[0].stage is Stage.UNDONE
    assert state.ended == "all-clear"


def test_the_same_script_tells_the_same_story(journal: Journal) -> None:
    stories = []
    for _ in range(2):
        incident = begin(journal, Setup("injection-leak", seed=5))
        play(journal, incident, load_script(ACME))
        stories.append(told(journal.events(incident)))
    assert stories[0] == stories[1]


def test_doing_nothing_lasts_until_the_end_and_contains_nothing(journal: Journal) -> None:
    incident = begin(journal, Setup("injection-leak"))
    state = play(journal, incident, NOTHING).session.state
    assert state.ended == "time is up"
    assert not state.contained


@pytest.mark.parametrize("portions", [[7.3], [0.25, 31.0], [600.0], [4.999, 0.001]])
def test_how_a_run_is_moved_changes_nothing(journal: Journal, portions: list[float]) -> None:
    stories = []
    for steps in ([5.0], portions):
        _, run = opened(journal)
        start, number = run.clock.now(), 0
        pulled = frozen = False
        while run.clock.now() < start + timedelta(minutes=12):
            goal = run.clock.now() + timedelta(seconds=steps[number % len(steps)])
            for after, name, given in ((60, "freeze_evidence", {}), (130, "pull_lever", {"lever": "kill_switch"})):
                moment = start + timedelta(seconds=after)
                done = frozen if name == "freeze_evidence" else pulled
                if not done and goal >= moment:
                    run.advance(moment)
                    run.session.do(name, given, actor="ada")
                    frozen, pulled = True, pulled or name == "pull_lever"
            run.advance(min(goal, start + timedelta(minutes=12)))
            number += 1
        stories.append(sorted(told(run.session.log), key=lambda line: (line[1], line[0])))
    assert stories[0] == stories[1]


def test_a_run_goes_on_where_it_was_after_any_end(tmp_path: Path) -> None:
    """Broken off and opened again at random moments, a run tells the same story as one in one piece."""
    script, rng = load_script(ACME), random.Random(3)
    whole = Journal.open(tmp_path / "whole.db", clock=WallClock())
    first = begin(whole, Setup("injection-leak"))
    play(whole, first, script)
    broken = Journal.open(tmp_path / "broken.db", clock=WallClock())
    incident = begin(broken, Setup("injection-leak"))
    run = attach(broken, incident, ManualClock(broken.events(incident)[0].at))
    run.advance(run.clock.now() + timedelta(seconds=10))
    page = run.session.state.page_at
    assert page is not None
    for step in script.steps:
        run.advance(page + step.after)
        run.session.do(step.action, step.arguments, actor=script.responder)
        if rng.random() < 0.5:
            run = attach(broken, incident, ManualClock(broken.events(incident)[0].at))
    run.finish("all-clear")
    expected, got = told(whole.events(first)), told(broken.events(incident))
    assert sorted(got, key=lambda line: (line[1], line[0])) == sorted(expected, key=lambda line: (line[1], line[0]))


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_reference_is_never_refused(journal: Journal, name: str) -> None:
    incident = begin(journal, Setup(name, seed=3))
    state = play(journal, incident, None).session.state
    refused = [e.payload for e in journal.events(incident) if e.kind is Kind.ACTION_REFUSED]
    assert refused == []
    assert state.contained


def test_a_drill_that_is_over_stays_over(journal: Journal) -> None:
    incident = begin(journal, Setup("injection-leak"))
    play(journal, incident, NOTHING)
    lines = len(journal.events(incident))
    run = attach(journal, incident, ManualClock(journal.events(incident)[0].at))
    run.advance(run.end + timedelta(hours=1))
    assert len(journal.events(incident)) == lines
    assert "over" in run.session.do("note", {"text": "late"}, actor="ada").refused


def test_the_cast_says_yes_to_a_role(journal: Journal) -> None:
    _, run = opened(journal)
    run.advance(run.clock.now() + timedelta(seconds=10))
    run.session.do("take_role", {"role": "communications"}, actor="ada")
    somebody = run.session.world.people[0]
    run.session.do("hand_over_role", {"role": "communications", "to": somebody}, actor="ada")
    run.advance(run.clock.now() + timedelta(seconds=30))
    assert run.session.state.command.holders["communications"] == somebody


def test_the_scenario_is_kept_in_the_journal(journal: Journal, tmp_path: Path) -> None:
    """A drill can be gone on with after its file has changed or gone."""
    text = (ROOT / "scenarios" / "injection-leak.yaml").read_text()
    own = tmp_path / "own.yaml"
    own.write_text(text)
    incident = begin(journal, Setup(str(own)))
    own.unlink()
    run = attach(journal, incident, ManualClock(journal.events(incident)[0].at))
    run.advance(run.clock.now() + timedelta(minutes=1))
    assert run.session.state.page_at is not None


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        (Setup("injection-leek"), "injection-leak"),
        (Setup("injection-leak", seed=-1), "seed"),
        (Setup("injection-leak", profile="s9"), "s9"),
        (Setup("/nowhere/at/all.yaml"), "all.yaml"),
    ],
)
def test_what_cannot_be_opened_is_told_and_nothing_is_written(journal: Journal, setup: Setup, message: str) -> None:
    with pytest.raises((BadInput, ScenarioError), match=message):
        begin(journal, setup)
    assert journal.incidents() == []


def test_what_could_not_be_written_is_told_as_soon_as_it_can_be(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, run = opened(journal)
    page = run.clock.now() + LEAD

    def held(*_: object, **__: object) -> list[Event]:
        raise JournalError("Another process has held the journal for more than 5 seconds.")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "append", held)
        with pytest.raises(JournalError):
            run.advance(page + timedelta(seconds=1))
    assert Kind.PAGED not in {event.kind for event in journal.events(incident)}
    run.advance(page + timedelta(seconds=2))
    pages = [event for event in journal.events(incident) if event.kind is Kind.PAGED]
    assert [event.at for event in pages] == [page]
