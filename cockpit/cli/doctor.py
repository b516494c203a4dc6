"""`cockpit doctor`: is everything there that an incident will need, and does it work?"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from cockpit.cli.output import emit, print_json, say
from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.text import clean
from cockpit.errors import CockpitError, JournalError

if TYPE_CHECKING:
    from cockpit.domain.playbook import Playbook
    from cockpit.live.doctor.examine import Diagnosis, Patient
    from cockpit.live.doctor.findings import Found
    from cockpit.live.doctor.house import Database
    from cockpit.live.history import Practice

NARROW, WIDE = 60, 118
"""How wide lines are told, in characters: as the terminal is, within these."""

COLOURS = {"wrong": "1;31", "warning": "33", "note": "2", "fine": "32"}
"""How a verdict is coloured on a terminal."""

CLEAR = "\r\x1b[K"
"""Takes the line of progress away; only ever sent to a terminal."""


def examine(given: Namespace) -> int:
    """Print what was found; 0 when nothing is wrong, 1 when something is."""
    with _progress() as tell:
        diagnosis = _diagnose(given, tell)
    if given.json:
        print_json(diagnosis.as_json())
    else:
        _print(diagnosis)
    return 0 if diagnosis.ready else 1


def _diagnose(given: Namespace, tell: Callable[[str], None]) -> Diagnosis:
    from cockpit.live.doctor.examine import Diagnosis, diagnose
    from cockpit.live.doctor.findings import Scribe

    try:
        patient, found = _patient(given)
    except CockpitError as problem:
        step = "Correct it, then run the doctor again: nothing else was looked at."
        return Diagnosis((Scribe("settings", "").problem("readable", problem, step),))
    told = diagnose(patient, tell)
    return Diagnosis((*found, *told.findings), told.levers)


def _patient(given: Namespace) -> tuple[Patient, list[Found]]:
    from cockpit.live.doctor.examine import Patient
    from cockpit.settings import origins_of
    from cockpit.world.secrets import secret_reader

    settings, paths = settings_of(given), paths_of(given)
    playbook, found = _playbook(settings.profile)
    practices, trouble, database = _journal(given)
    patient = Patient(
        live=settings.live,
        secret=secret_reader(os.environ),
        now=WallClock().now,
        playbook=playbook,
        practices=practices,
        where=origins_of(os.environ).of,
        journal=paths.journal,
        settings_file=paths.settings_file,
        trouble=trouble,
        database=database,
        keys=settings.intake.keys,
        senders=tuple(settings.webhooks.sources),
    )
    return patient, [found]


def _playbook(profile: str) -> tuple[Playbook, Found]:
    """Read the playbook; where its profile can't be read, the usual one stands in for it."""
    from cockpit.live.doctor.findings import Scribe
    from cockpit.playbooks.loader import SHIPPED, load_playbook

    scribe = Scribe("settings", "")
    try:
        return load_playbook(profile), scribe.fine("profile", profile)
    except CockpitError as problem:
        return load_playbook(folder=SHIPPED), scribe.problem("profile", problem, "Correct `profile` in cockpit.toml.")


def _journal(given: Namespace) -> tuple[Mapping[str, Practice], str, Database | None]:
    """Read when levers were pulled, why the journal can't be used if so, and how its database stands."""
    from cockpit.cli.places import database_of

    try:
        url = database_of(given)
    except CockpitError as problem:
        from cockpit.live.doctor.house import Database

        return {}, f"{problem.message} {problem.hint}".strip(), Database("the database")
    return _in_database(given) if url else (*_practices(given), None)


def _in_database(given: Namespace) -> tuple[Mapping[str, Practice], str, Database]:
    from cockpit.live.doctor.house import Database
    from cockpit.live.history import practices

    try:
        with open_journal(given) as journal:
            known = practices(journal)
            began = time.perf_counter()
            unguarded = journal.backing.read(journal.backing.fault)
            took = time.perf_counter() - began
            ahead = journal.backing.clock_ahead_s()
            database = Database(journal.backing.name, took, unguarded, ahead)
            return known, str(journal.trouble or ""), database
    except CockpitError as problem:
        return {}, f"{problem.message} {problem.hint}".strip(), Database("the database")


def _practices(given: Namespace) -> tuple[Mapping[str, Practice], str]:
    """Read when levers were pulled; with the reason where the journal can't be used."""
    from cockpit.journal.log import Journal
    from cockpit.live.history import practices

    path = paths_of(given).journal
    if not path.exists():
        gone = path.with_name(path.name + ".anchor").exists()
        return {}, f"the journal {path} is gone, but lines were recorded in it" if gone else ""
    try:
        with closing(Journal.open(path, clock=WallClock())) as journal:
            return practices(journal), str(journal.trouble or "")
    except JournalError as problem:
        return {}, problem.message


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Tell on a terminal what has been looked at, so that nobody waits in silence."""
    shown = sys.stderr is not None and sys.stderr.isatty()

    def tell(what: str) -> None:
        if shown:
            sys.stderr.write(f"{CLEAR}looked at {clean(what, multiline=False, limit=50)}")
            sys.stderr.flush()

    tell("the settings")
    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()


def _print(diagnosis: Diagnosis) -> None:
    from cockpit.live.doctor.findings import Grade

    width = min(max(shutil.get_terminal_size((100, 24)).columns, NARROW), WIDE)
    coloured = _coloured()
    for area, found in groupby(diagnosis.findings, lambda one: one.area):
        say(area)
        for one in found:
            _line(one, width, coloured)
    say()
    say(verdict(diagnosis))
    for one in diagnosis.findings:
        if one.grade is Grade.WRONG:
            _again(one, width)


def _line(one: Found, width: int, coloured: bool) -> None:
    """Print a finding; only the verdict is coloured, and only after all text has been made harmless."""
    head = f"  {one.grade:<8} "
    told = clean(textwrap.fill(_told(one), width, initial_indent=head, subsequent_indent=" " * len(head)))
    emit(told.replace(one.grade, f"\x1b[{COLOURS[one.grade]}m{one.grade}\x1b[0m", 1) if coloured else told)
    if one.next_step:
        say(_step(one, width, len(head)))


def _again(one: Found, width: int) -> None:
    """Repeat what is wrong where it can't have scrolled away."""
    what = f"{one.area}, {_told(one)}"
    say(textwrap.fill(what, width, initial_indent="  ✖ ", subsequent_indent="    "))
    say(_step(one, width, 4))


def _told(one: Found) -> str:
    what = f"{one.subject}: {one.what}" if one.subject else one.what
    return f"{what}: {one.detail}" if one.detail else what


def _step(one: Found, width: int, indent: int) -> str:
    space = " " * indent
    return textwrap.fill(one.next_step, width, initial_indent=f"{space}→ ", subsequent_indent=f"{space}  ")


def _coloured() -> bool:
    """Tell whether colours are wanted: on a terminal that knows them, by somebody who did not say no."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
    return not plain and sys.stdout is not None and sys.stdout.isatty()


def verdict(diagnosis: Diagnosis) -> str:
    """Say in one line whether everything is ready."""
    from cockpit.live.doctor.findings import Grade

    wrong, warnings = diagnosis.count(Grade.WRONG), diagnosis.count(Grade.WARNING)
    told = [f"{wrong} wrong"] if wrong else []
    told += [f"{warnings} warning{'' if warnings == 1 else 's'}"] if warnings else []
    state = "Ready" if diagnosis.ready else "Not ready"
    return f"{state}: {', '.join(told)}." if told else f"{state}."
