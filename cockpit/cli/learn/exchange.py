"""`cockpit fixture export` and `import`: cases for other runners and datasets, and back."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json, say
from cockpit.errors import BadInput, EndpointFailed, Throttled, Unreachable, WorldError

if TYPE_CHECKING:
    from cockpit.golden.export import Place


def export(given: Namespace) -> int:
    """Write cases for another runner, or into a server's dataset."""
    from cockpit.golden.export import writer
    from cockpit.golden.files import chosen

    cases = [kept.case for kept in chosen(Path(given.golden), given.cases)]
    if not cases:
        raise BadInput(f"there is no case in {given.golden}", hint="`cockpit fixture add` makes one.")
    place = _place(given, given.output)
    try:
        written = writer(given.to)(cases, place)
    except WorldError as problem:
        raise _told(problem) from None
    if given.json:
        names = [case.id for case in cases]
        print_json({"cases": names, "files": list(written.files), "said": written.said, "run": written.how})
        return 0
    say(f"{len(cases)} cases for {given.to}: {written.said or given.output}")
    if written.how:
        say(f"  {written.how}")
    return 0


def bring(given: Namespace) -> int:
    """Read cases back into the golden set; one that is there is written over only by itself."""
    from cockpit.golden.export import reader
    from cockpit.golden.files import write_case

    try:
        cases = reader(given.to)(_place(given, given.source))
    except WorldError as problem:
        raise _told(problem) from None
    folder = Path(given.golden)
    others = [case.id for case in cases if (folder / f"{case.id}.yaml").exists()]
    files = [str(write_case(folder, case)) for case in cases]
    if given.json:
        print_json({"cases": [case.id for case in cases], "files": files, "written_over": others})
    else:
        say(f"{len(cases)} cases are in {folder}" + (f"; written over: {', '.join(others)}" if others else ""))
    return 0


def _place(given: Namespace, where: str) -> Place:
    from cockpit.golden.export import SERVERS, Place
    from cockpit.world.options import is_reference
    from cockpit.world.secrets import secret_reader

    if given.to in SERVERS and not where.startswith(("http://", "https://")):
        raise BadInput(f"{where} is no address", hint=f"{given.to} is a server: -o http://127.0.0.1:6006")
    if given.to not in SERVERS and "://" in where:
        raise BadInput(f"{where} is no path", hint=f"{given.to} is written into files.")
    if given.key and not is_reference(given.key):
        raise BadInput("a key is named, not written", hint="Use --key env:NAME, file:PATH or keyring:SERVICE/NAME.")
    return Place(where, given.dataset, secret_reader(os.environ)(given.key), given.allow_http)


def _told(problem: WorldError) -> EndpointFailed:
    if isinstance(problem, Throttled):
        after = problem.retry_after_s
        return EndpointFailed("throttled", str(problem), hint=f"Try again in {after:.0f} s." if after else "")
    reason = "dead" if isinstance(problem, Unreachable) else "refused" if problem.hint else "unreadable"
    return EndpointFailed(reason, str(problem), hint=problem.hint)
