"""`cockpit score` and `cockpit debrief`: both from the journal alone."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cockpit.cli.output import emit, print_json, say
from cockpit.cli.places import open_journal, sound
from cockpit.domain.clock import mmss
from cockpit.domain.events import Event
from cockpit.domain.text import clean
from cockpit.errors import BadInput


def show(given: Namespace) -> int:
    """Print the score of a drill; 1 when its journal is not what was recorded."""
    from cockpit.drill.score import score_run

    events, code = _events(given)
    score = score_run(events)
    if given.json:
        print_json(score.as_json())
        return code
    whole = score.as_json()
    say(f"{whole['incident']}  {whole['scenario']} seed {whole['seed']}  total {whole['total']}")
    for part, value in whole["parts"].items():
        say(f"  {part:<10} {'not scored' if value is None else f'{value:.2f}'}")
    for gate in whole["gates"]:
        say(f"  capped: {gate['why']}")
    for milestone, seconds in whole["times"].items():
        say(f"  {milestone:<14} {'-' if seconds is None else mmss(seconds)}")
    return code


def debrief(given: Namespace) -> int:
    """Print the debrief for people, or write it to a file as Markdown."""
    from cockpit.drill.debrief import debrief as make_debrief
    from cockpit.drill.debrief import to_markdown, to_text

    if given.output and Path(given.output).is_dir():
        raise BadInput(f"{given.output} is a folder: name a file in it")
    events, code = _events(given)
    made = make_debrief(events)
    if not given.output:
        text = to_text(made)
        emit(clean(text, limit=len(text), lines=len(text)))
        return code
    try:
        Path(given.output).write_text(to_markdown(made), encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"{given.output} can't be written: {reason}") from None
    say(f"written to {given.output}")
    return code


def _events(given: Namespace) -> tuple[list[Event], int]:
    """Return the sound lines of an incident, and the exit code: 1 when they are not all that was recorded."""
    with open_journal(given, read_only=True) as journal:
        return journal.events(given.incident), 0 if sound(journal, given.incident) else 1
