"""`cockpit range`: a drill on the team's own staging systems, on the screen or by a script."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import complain, print_json, say
from cockpit.cli.places import journal_of, paths_of, settings_of
from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.drill.script import Script, ScriptStep
    from cockpit.range.runner import RangeRunner

ANSWER_S = 60.0
"""How long a script waits for one action; a plan on a real system takes as long as that system does."""


def play(given: Namespace) -> int:
    """Play a range on the screen, or by a script without one."""
    if given.put_back:
        return put_back(given)
    if not given.scenario:
        raise BadInput("a drill needs a scenario", hint="cockpit range injection-leak --gateway NAME")
    if given.headless:
        return _unattended(given)
    if given.script or given.json:
        raise BadInput("--script and --json need --headless", hint="cockpit range NAME --gateway NAME --headless …")
    from cockpit.cli.desk import Desk
    from cockpit.cli.learn.papers import DeskPapers
    from cockpit.cli.learn.similar import DeskMemory
    from cockpit.cli.places import screen_settings
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.launch import run

    begun: list[RangeRunner] = []

    def begin() -> RangeRunner:
        begun.append(start(given))
        return begun[-1]

    result = run(
        CockpitApp(
            begin,
            settings=screen_settings(given),
            home=Desk(given),
            papers=DeskPapers(given),
            memory=DeskMemory(given),
        )
    )
    for runner in begun:
        _report(runner.found + runner.left_behind)
    return result


def put_back(given: Namespace) -> int:
    """Put back what earlier drills have left on staging, and begin none."""
    from cockpit.range.leftovers import tidy_up
    from cockpit.range.open import staging_fleet
    from cockpit.range.putback import told
    from cockpit.world.secrets import secret_reader

    with closing(journal_of(given)) as journal:
        fleet = staging_fleet(settings_of(given).live, given.gateway, secret_reader(os.environ))
        with closing(fleet):
            found = tidy_up(journal, fleet, given.gateway, _seats(given), wherever=True)
    if given.json:
        print_json([
            {"incident": one.incident, "changed": one.changed, "left": [left.as_payload() for left in one.left]}
            for one in found
        ])  # fmt: skip
        return int(any(one.left for one in found))
    for one in found:
        say(str(one))
        _report(told(one.left, given.gateway))
    if not found:
        say(f"no drill on {given.gateway} has left anything")
    return int(any(one.left for one in found))


def start(given: Namespace) -> RangeRunner:
    """Set a range up and begin it."""
    from cockpit.drill.open import scenario_argument
    from cockpit.journal.traces.store import TraceStore
    from cockpit.live.history import practices
    from cockpit.live.open import Surroundings
    from cockpit.playbooks.loader import load_playbook, profile_text
    from cockpit.range.open import RangeSetup, open_range
    from cockpit.simulator.loader import load_scenario
    from cockpit.world.secrets import secret_reader

    settings, paths = settings_of(given), paths_of(given)
    setup = RangeSetup(
        load_scenario(scenario_argument(given.scenario)), given.gateway, settings.responder,
        load_playbook(settings.profile), profile_text(settings.profile),
        1 if given.seed is None else given.seed, settings.speed,
    )  # fmt: skip
    journal = journal_of(given)
    try:
        practised = {name: one.observed_s or one.stored_s or 0.0 for name, one in practices(journal).items()}
        around = Surroundings(settings.live, secret_reader(os.environ), WallClock(), Path(), practised)
        runner = open_range(
            journal,
            lambda incident: TraceStore.open(paths.traces(incident)),
            setup,
            around,
            _seats(given),
        )
    except BaseException:
        journal.close()
        raise
    runner.on_close(journal.close)
    return runner


def _seats(given: Namespace) -> Callable[[str], Path]:
    """Return where terminals agree on who drives an incident."""
    paths = paths_of(given)
    return lambda incident: paths.traces(incident).with_suffix(".driver")


def _report(lines: Sequence[str]) -> None:
    """Say what was left on staging, where it can't be overlooked or mixed up with the score."""
    for line in lines:
        complain(f"cockpit: {line}")


def _unattended(given: Namespace) -> int:
    """Play a response script, and print the score."""
    from cockpit.drill.score import score_run
    from cockpit.drill.script import NOTHING, load_script

    script = load_script(Path(given.script)) if given.script else NOTHING
    given.responder = given.responder or script.responder
    runner = start(given)
    _report(runner.found)
    try:
        _follow(runner, script)
        _finish(runner)
        events = list(runner.session.log)
    finally:
        runner.close()
        _report(runner.left_behind)
    score = score_run(events).as_json()
    if given.json:
        print_json(score)
    else:
        say(f"{runner.session.incident}: {score['scenario']} on {given.gateway} scores {score['total']}")
        say(f"  cockpit debrief {runner.session.incident}   shows why")
    return 0


def _follow(runner: RangeRunner, script: Script) -> None:
    while runner.session.state.page_at is None and not runner.over:
        time.sleep(0.05)
    for step in script.steps:
        _wait_for(runner, step)
        if runner.over:
            return
        if step.actor and step.actor != runner.actor:
            complain(f"{step.actor} is not here: on a range a script has one responder")
        done = runner.do(step.action, step.arguments).result(timeout=ANSWER_S)
        if done.refused:
            complain(f"cockpit: {step.action} was refused: {done.refused}")


def _wait_for(runner: RangeRunner, step: ScriptStep) -> None:
    page = runner.session.state.page_at
    due = (page or runner.ends) + timedelta(seconds=step.after.total_seconds())
    while runner.session.clock.now() < min(due, runner.ends) and not runner.over:
        time.sleep(0.02)


def _finish(runner: RangeRunner) -> None:
    """After an all-clear the drill is over once the script is; else it goes on to its end."""
    if runner.session.state.all_clear_at and not runner.over:
        runner.do("end_drill").result(timeout=ANSWER_S)
    while not runner.over:
        time.sleep(0.05)
