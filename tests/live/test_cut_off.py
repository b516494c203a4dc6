"""Two terminals on one live incident whose database is killed, restarted, and cut off by a network that swallows."""

from __future__ import annotations

import time

import pytest

from cockpit.domain.events import Kind
from cockpit.domain.levers import Stage as Pulled
from cockpit.errors import JournalUnreachable
from cockpit.live.runner import LiveRunner
from tests.journal.servers import server
from tests.live.conftest import until
from tests.live.hosts import Hosts, hosts
from tests.live.toys import load
from tests.systems.postgres_crash import CrashingPostgres

__all__ = ["hosts", "server"]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


@pytest.fixture
def pair(hosts: Hosts) -> tuple[LiveRunner, LiveRunner]:
    """Two terminals, the first of which drives."""
    incident = hosts.open()
    one = hosts.join(incident, "ada")
    until(lambda: one.drives)
    two = hosts.join(incident, "bo")
    return one, two


def problem(runner: LiveRunner) -> str:
    """Return what the screen says is wrong."""
    snapshot = runner.snapshot()
    return snapshot.problem if snapshot else ""


def notes(runner: LiveRunner) -> list[str]:
    """Return what was noted, in the journal's order."""
    return [str(event.get("text")) for event in runner.session.log if event.kind is Kind.NOTED]


def wait_for(runner: LiveRunner, count: int) -> None:
    """Wait until so many notes are there, for a second."""
    until(lambda: len(notes(runner)) >= count, 1.0)


def says(runner: LiveRunner, words: str) -> None:
    """Wait until the screen says something."""
    until(lambda: words in problem(runner), 20)


def note(runner: LiveRunner, text: str) -> bool:
    """Write a note; tells whether it was kept instead."""
    return runner.do("note", {"text": text}).result(10).kept


def test_each_sees_the_other_and_what_it_does_within_a_second(pair: tuple[LiveRunner, LiveRunner]) -> None:
    one, two = pair
    until(lambda: two.snapshot() and [(p.who, p.drives, p.mine) for p in two.snapshot().here] == [  # type: ignore[union-attr]
        ("ada", True, False), ("bo", False, True),
    ], 5)  # fmt: skip
    for number in range(5):
        assert not note(one, f"n{number}")
        began = time.monotonic()
        wait_for(two, number + 1)
        assert time.monotonic() - began < 1.0
    two.close()
    until(lambda: [p.who for p in one.snapshot().here] == ["ada"], 5)  # type: ignore[union-attr]


@pytest.mark.parametrize("swallow", [False, True], ids=["killed", "swallowed"])
def test_a_database_that_goes_away_in_the_middle_is_survived(
    server: CrashingPostgres, hosts: Hosts, pair: tuple[LiveRunner, LiveRunner], swallow: bool
) -> None:
    one, two = pair
    note(one, "before")
    until(lambda: notes(two) == ["before"])
    if swallow:
        server.relay.swallowing = True
    else:
        server.kill()
    began = time.monotonic()
    assert note(one, "kept by ada 1")
    assert time.monotonic() - began < 9
    until(lambda: "Cut off" in problem(one) and "Cut off" in problem(two))
    assert note(two, "kept by bo")
    assert note(one, "kept by ada 2")
    until(lambda: "2 kept here" in problem(one))
    with pytest.raises(JournalUnreachable, match="was not done"):
        two.do("take_role", {"role": "ic"}).result(10)
    began = time.monotonic()
    with pytest.raises(JournalUnreachable, match="was not done"):
        two.do("pull_lever", {"lever": "kill_switch"}).result(10)
    assert time.monotonic() - began < 1
    assert not keeps_frozen(one)
    until(lambda: not one.drives, 8)
    if swallow:
        server.relay.heal()
    else:
        server.start()
    for runner in pair:
        says(runner, "caught up with")
    until(lambda: len(notes(one)) == len(notes(two)) == 4)
    assert sorted(notes(one)) == ["before", "kept by ada 1", "kept by ada 2", "kept by bo"]
    assert notes(one).index("kept by ada 1") < notes(one).index("kept by ada 2")
    kept = next(event for event in one.session.log if event.get("text") == "kept by ada 1")
    assert kept.at < kept.recorded_at
    assert hosts.journal().verify(one.session.incident).ok
    until(lambda: one.drives or two.drives, 10)
    assert two.do("pull_lever", {"lever": "kill_switch"}).result(30).refused == ""
    until(lambda: two.session.state.pulls and two.session.state.pulls[-1].stage is Pulled.PROVEN, 30)
    assert load(hosts.file)["applied"] == 1


def keeps_frozen(runner: LiveRunner) -> bool:
    """Tell whether the screen gets no news for a second and a half."""
    before = runner.snapshot()
    time.sleep(1.5)
    after = runner.snapshot()
    return before is after


def test_what_a_lever_did_meanwhile_is_told_when_the_database_is_back(server: CrashingPostgres, hosts: Hosts) -> None:
    hosts.table["slow_s"] = 1.0
    incident = hosts.open()
    runner = hosts.join(incident)
    until(lambda: runner.drives)
    assert runner.do("pull_lever", {"lever": "revert_prompt"}).result(10).refused == ""
    server.kill()
    until(lambda: load(hosts.file)["applied"] == 1)
    assert [event.kind for event in runner.session.log].count(Kind.LEVER_APPLIED) == 0
    server.start()
    until(lambda: runner.session.state.pulls[-1].stage is Pulled.PROVEN, 40)
    kinds = [event.kind for event in runner.session.log]
    assert (kinds.count(Kind.LEVER_PULLED), kinds.count(Kind.LEVER_APPLIED)) == (1, 1)
    assert load(hosts.file)["applied"] == 1


def test_a_terminal_that_ends_while_it_keeps_something_leaves_it_to_the_next_one(
    server: CrashingPostgres, hosts: Hosts, pair: tuple[LiveRunner, LiveRunner]
) -> None:
    one, _ = pair
    server.relay.swallowing = True
    until(lambda: "Cut off" in problem(one))
    assert note(one, "nearly lost")
    one.close()
    server.relay.heal()
    again = hosts.join(one.session.incident, "ada")
    until(lambda: notes(again) == ["nearly lost"])
    assert list((hosts.folder / "ada").glob("*.outbox/*.json")) == []


def test_a_driver_that_is_cut_off_in_the_middle_of_a_pull_is_followed_and_it_is_done_once(
    server: CrashingPostgres, hosts: Hosts
) -> None:
    hosts.table["slow_s"] = 1.0
    incident = hosts.open()
    cut_off = hosts.join(incident, "ada")
    until(lambda: cut_off.drives)
    with hosts.past_the_relay():
        other = hosts.join(incident, "bo")
    assert cut_off.do("pull_lever", {"lever": "kill_switch"}).result(10).refused == ""
    server.relay.swallowing = True
    both: list[bool] = []

    def driven_by_the_other() -> bool:
        both.append(cut_off.drives and other.drives)
        return other.drives

    until(driven_by_the_other, 15)
    assert not any(both)
    until(lambda: other.session.state.pulls[-1].stage is Pulled.PROVEN, 30)
    server.relay.heal()
    until(lambda: "caught up with" in problem(cut_off), 20)
    until(lambda: cut_off.session.state.last_seq == other.session.state.last_seq)
    kinds = [event.kind for event in cut_off.session.log]
    assert (kinds.count(Kind.LEVER_PULLED), kinds.count(Kind.LEVER_APPLIED)) == (1, 1)
    assert load(hosts.file)["applied"] == 1
    assert (cut_off.drives, other.drives) == (False, True)
