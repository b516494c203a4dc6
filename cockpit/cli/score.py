"""`cockpit score` and `cockpit debrief`: both from the journal alone."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cockpit.cli.output import print_json, say
from cockpit.cli.places import open_journal
from cockpit.domain.clock import mmss
from cockpit.domain.events import Event
from cockpit.errors import BadInput


def show(given: Namespace) -> int:
    """Print the score of a drill."""
    from cockpit.drill.score import score_run

    score = score_run(_events(given))
    if given.json:
        print_json(score.as_json())
        return 0
    whole = score.as_json()
    say(f"{whole['incident']}  {whole['scenario']} seed {whole['seed']}  total {whole['total']}")
    for part, value in whole["parts"].items():
        say(f"  {part:<10} {'not scored' if value is None else f'{value:.2f}'}")
    for gate in whole["gates"]:
        say(f"  capped: {gate}")
    for milestone, seconds in whole["times"].items():
        say(f"  {milestone:<14} {'-' if seconds is None else mmss(seconds)}")
    return 0


def debrief(given: Namespace) -> int:
    """Print the debrief, or write it to a file as Markdown."""
    from cockpit.drill.debrief import debrief as make_debrief
    from cockpit.drill.debrief import to_markdown

    text = to_markdown(make_debrief(_events(given)))
    if not given.output:
        say(text)
        return 0
    try:
        Path(given.output).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise BadInput(f"{given.output} can't be written: {problem.strerror}") from None
    say(f"written to {given.output}")
    return 0


def _events(given: Namespace) -> list[Event]:
    with open_journal(given, read_only=True) as journal:
        return journal.events(given.incident)
