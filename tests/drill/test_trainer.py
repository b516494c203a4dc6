"""Trainers: their word is obeyed, what they see is the truth, and teams are compared on the same night only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import IncidentState, fold
from cockpit.drill.headless import play
from cockpit.drill.open import Setup, begin
from cockpit.drill.score.case import read_opening
from cockpit.drill.score.model import Score
from cockpit.drill.score.run import make_truth, score_case
from cockpit.drill.script import NOTHING
from cockpit.drill.trainer.compare import TeamRun, compare, stations
from cockpit.drill.trainer.control import LONGEST_TEXT, Trainer
from cockpit.drill.trainer.sight import Sight, sight
from cockpit.errors import ActionRefused, BadInput
from cockpit.journal.log import Journal
from tests.domain.lines import PAGE
from tests.drill.runs import ACME, laid_out, played


def at_last(state: IncidentState) -> datetime:
    assert state.last_at is not None
    return state.last_at


@pytest.fixture
def trainer(journal: Journal) -> Trainer:
    return Trainer(journal, begin(journal, Setup("injection-leak")), "lin", at_last)


def state_of(trainer: Trainer) -> IncidentState:
    return fold(trainer.journal.events(trainer.incident))


def test_a_held_drill_is_let_go_on_by_a_trainer_only(trainer: Trainer) -> None:
    trainer.pause()
    assert state_of(trainer).paused
    assert state_of(trainer).held
    with pytest.raises(ActionRefused, match="held already"):
        trainer.pause()
    trainer.resume()
    assert not state_of(trainer).paused
    assert not state_of(trainer).held
    with pytest.raises(ActionRefused, match="running"):
        trainer.resume()


def test_a_message_reaches_the_players_as_somebody_of_the_story(trainer: Trainer) -> None:
    event = trainer.say("Head of Support", "How many are hit?", "phone")
    told = state_of(trainer).injects[-1]
    assert (told.sender, told.channel, told.text) == ("Head of Support", "phone", "How many are hit?")
    assert event.get("by") == "lin"


@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST_TEXT + 1)])
def test_a_message_says_something_and_not_too_much(trainer: Trainer, text: str) -> None:
    with pytest.raises(BadInput):
        trainer.say("Legal", text, "chat")


@pytest.mark.parametrize("speed", [0.0, 0.4, 61.0, float("nan")])
def test_a_speed_that_no_drill_has_is_refused(trainer: Trainer, speed: float) -> None:
    with pytest.raises(BadInput):
        trainer.set_speed(speed)


ORDERS: list[Callable[[Trainer], Event]] = [
    Trainer.pause, Trainer.resume, Trainer.end, lambda one: one.set_speed(2), lambda one: one.say("a", "b", "chat"),
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
def test_nothing_is_said_to_a_drill_that_is_over(trainer: Trainer, order: Callable[[Trainer], Event]) -> None:
    trainer.end("time for the debrief")
    assert state_of(trainer).ended == "time for the debrief"
    with pytest.raises(ActionRefused, match="over"):
        order(trainer)


def test_a_message_changes_no_score(journal: Journal) -> None:
    quiet, told = (begin(journal, Setup("injection-leak", seed=3)) for _ in range(2))
    Trainer(journal, told, "lin", at_last).say("Legal", "Does a clock run?", "email")
    for incident in (quiet, told):
        play(journal, incident, NOTHING)
    assert whole(journal.events(quiet)) == whole(journal.events(told))


def whole(events: list[Event]) -> tuple[float, float]:
    case_score = score_of(events)
    return case_score.total, case_score.harm.yours.j


def score_of(events: list[Event]) -> Score:
    from cockpit.drill.score import score_run

    return score_run(events)


def seen_at(minutes: float) -> Sight:
    """Look at the Acme night as it stood so many minutes after the page."""
    now = PAGE + timedelta(minutes=minutes)
    events = [event for event in played("injection-leak", ACME) if event.at <= now]
    opening = read_opening(events)
    return sight(events, opening, make_truth(opening), now)


def test_a_trainer_sees_the_truth_before_the_players_do() -> None:
    seen = seen_at(3.5)
    assert (seen.named["severity"], seen.true["severity"]) == ("SEV1", "SEV1")
    assert seen.named["class"] == ""
    assert seen.true["class"] == "pii_leak"
    assert seen.harm > 0
    assert seen.harm == seen.unhindered
    states = {one.what: one.state for one in seen.asked}
    assert states["acknowledge"] == "done"
    assert states["pull_lever"] == "open"
    assert states["all_clear"] == "open"
    coming = {one.inject: one for one in seen.coming}
    assert coming["ceo"].at_s == 540.0
    assert "growth" not in coming
    assert coming["still-leaking"].at_s is None
    assert "users_harmed > 60" in coming["still-leaking"].condition


def test_what_is_late_is_overdue_and_what_stopped_has_stopped() -> None:
    seen = seen_at(31)
    assert seen.harm == 0.0 < seen.unhindered
    states = {one.what: one.state for one in seen.asked}
    assert states["pull_lever"] == "done"
    assert states["open_canary"] == "overdue"
    assert seen.ended == ""
    assert seen.score.times["contained"] is not None


def run_of(team: str, minutes_later: float = 0.0, seed: int = 7, total: float | None = None) -> TeamRun:
    score = score_case(laid_out("injection-leak", ACME, 7))
    return TeamRun(team, replace(score, seed=seed, total=score.total - minutes_later if total is None else total))


def test_only_the_same_night_is_compared() -> None:
    found = compare([run_of("blue"), run_of("red"), run_of("red", seed=8)])
    assert [len(runs) for runs in found.nights.values()] == [2, 1]
    assert found.pairs == 1
    assert found.differences == ()


def test_a_scenario_that_was_rewritten_is_another_night() -> None:
    other = run_of("red")
    toll = replace(other.score.harm.nothing, j=other.score.harm.nothing.j + 1)
    changed = TeamRun("red", replace(other.score, harm=replace(other.score.harm, nothing=toll)))
    assert compare([run_of("blue"), changed]).pairs == 0


def test_the_last_run_of_a_night_counts() -> None:
    found = compare([run_of("blue", total=10.0), run_of("blue", total=60.0), run_of("red")])
    (runs,) = found.nights.values()
    assert [round(one.score.total) for one in runs if one.team == "blue"] == [60]


def test_a_team_that_is_better_every_night_is_surely_better() -> None:
    nights = [(run_of("blue", seed=seed, total=70.0 + seed % 3), run_of("red", seed=seed, total=50.0 + seed % 2))
              for seed in range(8)]  # fmt: skip
    found = compare(run for pair in nights for run in pair)
    total = next(one for one in found.differences if one.rubric == "total")
    assert total.sure
    assert total.difference < -0.15


def test_two_teams_that_play_alike_are_not_told_apart() -> None:
    nights = [(run_of("blue", seed=seed), run_of("red", seed=seed)) for seed in range(8)]
    assert not any(one.sure for one in compare(run for pair in nights for run in pair).differences)


def test_stations_without_a_score_have_none() -> None:
    found = stations(score_case(laid_out("injection-leak", ACME, 7)))
    assert found["5 learn"] is None
    assert found["1 classify"] == 1.0


def test_a_trainer_touches_no_real_incident(journal: Journal) -> None:
    from cockpit.domain.events import NewEvent

    opened = NewEvent(Kind.INCIDENT_OPENED, PAGE, "ada", payload={"mode": "live", "title": "it leaks"})
    incident = journal.open_incident([opened])
    with pytest.raises(BadInput, match="real incident"):
        Trainer(journal, incident, "lin", at_last).end()
