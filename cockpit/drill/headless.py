"""Playing a drill without a screen: a script or a policy, as fast as the machine can."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cockpit.domain.clock import ManualClock
from cockpit.drill.open import attach, scenario_of
from cockpit.drill.run import DrillRun, OpensIncidents
from cockpit.drill.script import Script, ScriptStep
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.simulator.schema.scenario import Scenario

LONGEST_WAIT = timedelta(hours=24)
"""A script that waits longer than this for a page is not right."""


def reference_script(scenario: Scenario) -> Script:
    """Return the scenario's own best response as a script."""
    steps = [ScriptStep(timedelta(seconds=step.at), step.do, step.args) for step in scenario.reference]
    return Script("reference", tuple(sorted(steps, key=lambda step: step.after)))


def play(journal: OpensIncidents, incident: str, script: Script | None) -> DrillRun:
    """Play a begun drill to its end; without a script, by the scenario's reference policy.

    A step that may not run then is recorded as refused, and the play goes on; one beyond the drill's end is refused
    at its end. After an all-clear the drill is over once the script is.
    """
    first = journal.events(incident)[0]
    run = attach(journal, incident, ManualClock(first.at))
    if script is None:
        script = reference_script(scenario_of(first))
    _reach_page(run)
    for step in script.steps:
        _play_step(run, script, step)
    if run.session.state.all_clear_at:
        run.finish("all-clear")
    run.advance(run.end)
    return run


def _reach_page(run: DrillRun) -> None:
    start = run.clock.now()
    while run.session.state.page_at is None and run.clock.now() < run.end:
        run.advance(run.clock.now() + timedelta(seconds=5))
        if run.clock.now() - start > LONGEST_WAIT:
            raise BadInput("nobody was paged within a day", hint="Look at the scenario's page.")


def _play_step(run: DrillRun, script: Script, step: ScriptStep) -> None:
    page = run.session.state.page_at
    if page is not None:
        run.advance(page + step.after)
    run.session.do(step.action, step.arguments, actor=step.actor or script.responder)
