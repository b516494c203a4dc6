"""`cockpit postmortem`, `cockpit action` and `cockpit actions-due`: written, linted, and followed to the end."""

from __future__ import annotations

import os
import shlex
import subprocess
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, emit, print_json, say
from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.domain.events import Event, Kind
from cockpit.domain.text import clean
from cockpit.errors import BadInput
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
    if len(given.what) != 1:
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
    gate = _gate(given, journal, events, playbook)
    made = refresh(journal, incident, paths_of(given).data, playbook, settings_of(given).responder, gate)
    if made.conflicts:
        complain(
            f"cockpit: the new draft and what was written differ in: {', '.join(made.conflicts)}",
            "Both are in the document; keep one. `cockpit postmortem lint` names the lines.",
        )
    return made.text


def _gate(given: Namespace, journal: Journal, events: list[Event], playbook: Playbook) -> Gate | None:
    """Ask the golden set, where there is one and the incident has a case and a class to ask it about."""
    from cockpit.domain.incident import fold
    from cockpit.golden.desk import cases_of
    from cockpit.golden.files import read_set
    from cockpit.golden.review import review
    from cockpit.postmortem.record import Gate

    folder, state = Path(given.golden), fold(events)
    bad = cases_of(state)
    named = state.triage.incident_class or next((one.incident_class for one in bad), "")
    if not folder.is_dir() or not bad or not named:
        return None
    golden = [kept.case for kept in read_set(folder)]
    found = review(state.incident, named, bad, golden, playbook.profile)
    return Gate(found.answer, found.asks, found.had, found.caught_by)


def _edited(given: Namespace, journal: Journal, incident: str, text: str) -> str:
    """Hand the document to $VISUAL or $EDITOR, and keep what comes back."""
    from cockpit.postmortem.store import editing, read, taken_over

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if not editor.strip():
        raise BadInput("neither VISUAL nor EDITOR names an editor", hint="EDITOR=nano cockpit postmortem … --edit")
    data = paths_of(given).data
    copy = editing(data, incident, text)
    try:
        # Whoever sets EDITOR chooses the program; no shell reads it, and no outside text is in it.
        code = subprocess.run([*shlex.split(editor), str(copy)], check=False).returncode  # noqa: S603
    except (OSError, ValueError) as problem:
        raise BadInput(f"the editor {editor!r} can't be run: {problem}") from None
    if code:
        raise BadInput(f"the editor ended with {code}: what it left is in {copy}, nothing was taken over")
    new = read(copy)
    if new is None or not new.strip():
        raise BadInput("the editor left nothing: the document stays as it was")
    kept = taken_over(journal, incident, data, text, new, settings_of(given).responder)
    copy.unlink(missing_ok=True)
    return kept


def _sign(given: Namespace, journal: Journal, incident: str, text: str) -> None:
    from cockpit.playbooks.journalled import playbook_of
    from cockpit.postmortem.lint import lint
    from cockpit.postmortem.score import worth
    from cockpit.postmortem.store import digest, record

    found, events = lint(text), journal.events(incident)
    shares = asdict(worth(text, events, playbook_of(events[0])))
    told = {"digest": digest(text), "findings": len(found), **shares}
    record(journal, incident, Kind.POSTMORTEM_DONE, settings_of(given).responder, told)
    complain(f"{incident}: the postmortem is signed" + (f", with {len(found)} findings of the lint" if found else ""))


def _deliver(given: Namespace, journal: Journal, incident: str, text: str) -> None:
    from cockpit.postmortem.document import plain
    from cockpit.postmortem.mask import customers_of, mask, team_of
    from cockpit.postmortem.store import digest, record

    events = journal.events(incident)
    leaving = plain(text)
    if given.raw:
        told = {"digest": digest(text), "format": given.format, "raw": True}
        record(journal, incident, Kind.POSTMORTEM_EXPORTED, settings_of(given).responder, told)
    else:
        leaving = mask(leaving, keep=team_of(events), hide=customers_of(events))
    if given.format == "html":
        leaving = _page(journal, events, leaving)
    leaving = clean(leaving, limit=len(leaving), lines=len(leaving))
    if not given.output:
        emit(leaving.rstrip("\n"))
        return
    try:
        write_private(Path(given.output), leaving)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"{given.output} can't be written: {reason}") from None
    say(f"written to {given.output}")


def _page(journal: Journal, events: list[Event], text: str) -> str:
    from cockpit.postmortem.html import page
    from cockpit.postmortem.plots import from_drill, from_journal, svg

    drill = events[0].get("mode", "drill") == "drill"
    plots = from_drill(journal, events) if drill else from_journal(events)
    return page(text, f"Postmortem {events[0].incident}", [drawn for one in plots if (drawn := svg(one))])


def _lint(given: Namespace, what: str) -> int:
    from cockpit.postmortem.lint import lint

    name, text = _read(given, what)
    found = lint(text)
    if given.json:
        print_json([{"file": name, "line": one.line, "kind": one.kind, "what": one.words} for one in found])
    else:
        for one in found:
            say(f"{name}:{one.line}: {one.kind}: {one.words}")
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
    from cockpit.postmortem.store import record_by
    from cockpit.postmortem.todo import day, items, next_id

    if given.due and day(given.due) is None:
        raise BadInput(f"--due {given.due} is no date", hint="Such as 2026-12-01.")

    def told(events: list[Event]) -> dict[str, Any]:
        from cockpit.domain.incident import fold

        state = fold(events)
        item = given.item or next_id(state)
        before = next((one for one in items(state) if one.id == item), None)
        text = given.text or (before.text if before else "")
        if not text:
            raise BadInput("an action item needs --text", hint="What is to be done, in one line.")
        owner, due = given.owner or (before.owner if before else ""), given.due or (before.due if before else "")
        return {"item": item, "text": text, "owner": owner, "due": due}

    return _put(given, record_by, Kind.ACTION_ADDED, told)


def done(given: Namespace) -> int:
    """Say that an action item is done."""
    from cockpit.postmortem.store import record_by

    def told(events: list[Event]) -> dict[str, Any]:
        from cockpit.domain.incident import fold
        from cockpit.postmortem.todo import items

        known = {one.id: one for one in items(fold(events))}
        if given.item not in known:
            raise BadInput(
                f"{given.incident} has no action item {given.item!r}", hint=f"There are: {', '.join(known)}."
            )
        return {"item": given.item, **({"note": given.note} if given.note else {})}

    return _put(given, record_by, Kind.ACTION_DONE, told)


def _put(given: Namespace, record_by: Any, kind: Kind, told: Any) -> int:
    with open_journal(given) as journal:
        event = record_by(journal, given.incident, kind, settings_of(given).responder, told)
    if given.json:
        print_json({"incident": given.incident, "seq": event.seq, "kind": str(kind), **event.payload})
    else:
        say(f"{given.incident}: {event.get('item')} is {'done' if kind is Kind.ACTION_DONE else 'on record'}")
    return 0
