"""`cockpit postmortem`, `cockpit action` and `cockpit actions-due`: written, linted, and followed to the end."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import complain, emit, print_json, say
from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event
from cockpit.errors import BadInput, ScenarioError
from cockpit.paths import write_private

if TYPE_CHECKING:
    from cockpit.domain.playbook import Playbook
    from cockpit.journal.log import Journal
    from cockpit.postmortem.record import Gate

LINT = "lint"


def show(given: Namespace) -> int:
    """Bring a postmortem up to its journal and print or write it; `lint X` reads one instead."""
    if len(given.what) == 2 and given.what[0] == LINT:
        return _lint(given, given.what[1])
    if len(given.what) != 1 or given.what[0] == LINT:
        raise BadInput("one incident, or `lint` and a file or an incident", hint="cockpit postmortem lint INC-0001")
    if given.output and Path(given.output).is_dir():
        raise BadInput(f"{given.output} is a folder: name a file in it")
    incident = given.what[0]
    with open_journal(given) as journal:
        text = _refreshed(given, journal, incident)
        if given.edit:
            text = _edited(given, journal, incident, text)
        if given.done:
            _sign(given, journal, incident, text)
        _deliver(given, journal, incident, text)
    return 0


def _refreshed(given: Namespace, journal: Journal, incident: str) -> str:
    from cockpit.playbooks.journalled import playbook_of
    from cockpit.postmortem.store import refresh

    events = journal.events(incident)
    playbook = playbook_of(events[0])
    gate = gate_of(Path(given.golden), events, playbook)
    made = refresh(journal, incident, paths_of(given).data, playbook, settings_of(given).responder, gate)
    if made.conflicts:
        complain(
            f"cockpit: the new draft and what was written differ in: {', '.join(made.conflicts)}",
            "Both are in the document; keep one. `cockpit postmortem lint` names the lines.",
        )
    return made.text


def gate_of(folder: Path, events: Sequence[Event], playbook: Playbook) -> Gate | None:
    """Ask the golden set, where there is one and the incident has a case and a class to ask it about."""
    from cockpit.domain.incident import fold
    from cockpit.golden.desk import cases_of
    from cockpit.golden.files import read_set
    from cockpit.golden.review import review, there_before
    from cockpit.postmortem.record import Gate

    state = fold(events)
    bad = cases_of(state)
    named = state.triage.incident_class or next((one.incident_class for one in bad), "")
    if not folder.is_dir() or not bad or not named:
        return None
    try:
        golden = [kept.case for kept in read_set(folder)]
    except ScenarioError as problem:
        complain(f"cockpit: the golden set was not asked: {problem}", problem.hint)
        return None
    before = there_before(golden, state, WallClock().now())
    found = review(state.incident, named, bad, before, playbook.profile)
    return Gate(found.answer, found.asks, found.had, found.caught_by)


def _edited(given: Namespace, journal: Journal, incident: str, text: str) -> str:
    """Hand the document to $VISUAL or $EDITOR, and keep what comes back."""
    from cockpit.postmortem.elsewhere import edit, editor_of
    from cockpit.postmortem.store import editing, taken_over

    data, editor = paths_of(given).data, editor_of(os.environ)
    copy = editing(data, incident, text)
    kept = taken_over(journal, incident, data, text, edit(editor, copy), settings_of(given).responder)
    copy.unlink(missing_ok=True)
    return kept


def _sign(given: Namespace, journal: Journal, incident: str, text: str) -> None:
    from cockpit.postmortem.signing import sign

    found = sign(journal, incident, text, settings_of(given).responder)
    complain(f"{incident}: the postmortem is signed" + (f", with {found} findings of the lint" if found else ""))


def _deliver(given: Namespace, journal: Journal, incident: str, text: str) -> None:
    from cockpit.postmortem.leaving import leaving

    told = leaving(journal, incident, text, settings_of(given).responder, form=given.format, raw=given.raw)
    if not given.output:
        if given.json:
            print_json({"incident": incident, "format": given.format, "findings": findings(text), "text": told})
        else:
            emit(told.rstrip("\n"))
        return
    try:
        write_private(Path(given.output), told)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"{given.output} can't be written: {reason}") from None
    if given.json:
        print_json({"incident": incident, "format": given.format, "findings": findings(text), "file": given.output})
    else:
        say(f"written to {given.output}")


def findings(text: str) -> list[dict[str, object]]:
    """Return what the lint finds in a postmortem, as plain values."""
    from cockpit.postmortem.lint import lint

    return [{"line": one.line, "kind": one.kind, "what": one.words} for one in lint(text)]


def _lint(given: Namespace, what: str) -> int:
    name, text = _read(given, what)
    found = findings(text)
    if given.json:
        print_json([{"file": name, **one} for one in found])
    else:
        for one in found:
            say(f"{name}:{one['line']}: {one['kind']}: {one['what']}")
        say(f"{len(found)} findings." if found else f"{name}: nothing to find fault with.")
    return 1 if found else 0


def _read(given: Namespace, what: str) -> tuple[str, str]:
    from cockpit.postmortem.store import read, shelf

    if Path(what).is_file():
        return what, read(Path(what)) or ""
    with open_journal(given) as journal:
        text = _refreshed(given, journal, what)
    return str(shelf(paths_of(given).data, what).document), text


def add(given: Namespace) -> int:
    """Put an action item on record, or change one."""
    from cockpit.postmortem.followups import put
    from cockpit.postmortem.todo import Item

    item = Item(given.item or "", given.text or "", given.owner or "", given.due or "")
    with open_journal(given) as journal:
        return _told(given, put(journal, given.incident, item, settings_of(given).responder), "on record")


def done(given: Namespace) -> int:
    """Say that an action item is done."""
    from cockpit.postmortem.followups import finish

    with open_journal(given) as journal:
        event = finish(journal, given.incident, given.item, settings_of(given).responder, given.note or "")
        return _told(given, event, "done")


def _told(given: Namespace, event: Event, words: str) -> int:
    if given.json:
        print_json({"incident": given.incident, "seq": event.seq, "kind": str(event.kind), **event.payload})
    else:
        say(f"{given.incident}: {event.get('item')} is {words}")
    return 0
