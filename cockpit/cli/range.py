"""`cockpit range`: a drill on the team's own staging systems, on the screen or by a script."""

from __future__ import annotations

import os
import time
from argparse import Namespace
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
    if given.headless:
        return _unattended(given)
    if given.script or given.json:
        raise BadInput("--script and --json need --headless", hint="cockpit range NAME --gateway NAME --headless …")
    from cockpit.cli.desk import Desk
    from cockpit.cli.places import screen_settings
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.launch import run

    return run(CockpitApp(lambda: start(given), settings=screen_settings(given), home=Desk(given)))


def start(given: Namespace) -> RangeRunner:
    """Set a range up and begin it."""
    from cockpit.drill.open import scenario_argument
    from cockpit.journal.traces import TraceStore
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
            lambda incident: paths.traces(incident).with_suffix(".driver"),
        )
    except BaseException:
        journal.close()
        raise
    runner.on_close(journal.close)
    return runner


def _unattended(given: Namespace) -> int:
    """Play a response script, and print the score."""
    from cockpit.drill.score import score_run
    from cockpit.drill.script import NOTHING, load_script

    script = load_script(Path(given.script)) if given.script else NOTHING
    given.responder = given.responder or script.responder
    runner = start(given)
    try:
        _follow(runner, script)
        _finish(runner)
        events = list(runner.session.log)
    finally:
        runner.close()
        for what in runner.left_behind:
            complain(f"cockpit: {what}")
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
