"""Killed at any moment of a pull, the next one settles what was left before it pulls anything new."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import Stage
from tests.live.conftest import Stage as Scene
from tests.live.conftest import until
from tests.live.toys import load

ROOT = Path(__file__).parents[2]


def kill_once(stage: Scene, incident: str, dice: random.Random) -> None:
    """Let a process work on the incident, and end it as a power cut would."""
    command = [sys.executable, "-m", "tests.live.pulling", str(stage.folder), incident, stage.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(dice.uniform(0.0, 0.6))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)


def check_order(log: list[Event]) -> None:
    """Hold the journal against the promise: nothing new is asked for while something older is undecided."""
    undecided: set[str] = set()
    for event in log:
        op = str(event.get("op", ""))
        if event.kind is Kind.LEVER_PULLED:
            assert not undecided, f"{op} was asked for while {undecided} was not decided"
            undecided.add(op)
        elif event.kind in (Kind.LEVER_APPLIED, Kind.LEVER_REFUSED, Kind.LEVER_UNKNOWN):
            undecided.discard(op)


def check_settled(stage: Scene, incident: str) -> int:
    """Sit down, wait until all is settled, and hold the journal against the system; returns how many were settled."""
    before = stage.journal().events(incident)
    runner = stage.join(incident)
    until(lambda: runner.drives and runner.settled(), 30)
    until(lambda: all(pull.stage not in (Stage.PULLED, Stage.UNKNOWN) for pull in runner.session.state.pulls), 30)
    applied = [event for event in runner.session.log if event.kind is Kind.LEVER_APPLIED]
    assert load(stage.file)["applied"] == len(applied), "the system was changed more or less often than is told"
    check_order(runner.session.log)
    runner.close()
    decided = {event.get("op") for event in before if event.kind in (Kind.LEVER_APPLIED, Kind.LEVER_REFUSED)}
    return sum(event.kind is Kind.LEVER_PULLED and event.get("op") not in decided for event in before)


@pytest.mark.integration
@pytest.mark.timeout(900)
def test_killed_in_the_middle_of_pulls(stage: Scene) -> None:
    dice, incident = random.Random(11), stage.open()
    settled = 0
    for _ in range(20):
        kill_once(stage, incident, dice)
        settled += check_settled(stage, incident)
    assert settled >= 3, "hardly any kill hit a pull: this tested nothing"
