"""Playing a drill without a screen and printing its score."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cockpit.cli.output import print_json, say
from cockpit.cli.places import open_journal, settings_of
from cockpit.drill.headless import play as play_script
from cockpit.drill.open import Setup, begin, scenario_argument
from cockpit.drill.script import NOTHING, Script, load_script
from cockpit.errors import BadInput


def play(given: Namespace) -> int:
    """Play a script or a policy to the end; the journal keeps every line of it."""
    if not (given.script or given.policy):
        raise BadInput("who responds? Give --script FILE, or --policy nothing or reference")
    script = _script(given)
    settings = settings_of(given)
    setup = Setup(
        scenario=scenario_argument(given.scenario),
        seed=1 if given.seed is None else given.seed,
        profile=settings.profile,
        responder=given.responder or (script.responder if script else "reference"),
        speed=settings.speed,
    )
    with open_journal(given) as journal:
        incident = begin(journal, setup)
        play_script(journal, incident, script)
        events = journal.events(incident)
    from cockpit.drill.score import score_run

    score = score_run(events).as_json()
    if given.json:
        print_json(score)
    else:
        say(f"{incident}: {score['scenario']} seed {score['seed']} scores {score['total']}")
        say(f"  cockpit debrief {incident}   shows why")
    return 0


def _script(given: Namespace) -> Script | None:
    if given.policy == "nothing":
        return NOTHING
    return load_script(Path(given.script)) if given.script else None
