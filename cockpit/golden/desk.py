"""Learning from an incident without a screen: the session on it, and its cases as they stand in its journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.archive.store import NAME, Archive
from cockpit.domain.case_plain import from_plain, proof_of
from cockpit.domain.cases import Case
from cockpit.domain.clock import ManualClock, WallClock
from cockpit.domain.events import Event
from cockpit.domain.incident import IncidentState
from cockpit.domain.learning import Fixture
from cockpit.drill.open import attach
from cockpit.drill.run import OpensIncidents
from cockpit.errors import ActionRefused, BadInput
from cockpit.golden.paper import PaperWorld
from cockpit.live.sight.rows import Judging
from cockpit.playbooks.journalled import playbook_of
from cockpit.session.session import Session

if TYPE_CHECKING:
    from cockpit.detect.answer.signs import Known


@contextmanager
def learning_session(
    journal: OpensIncidents, incident: str, data: Path, known: Callable[[], Known | None] = lambda: None
) -> Iterator[Session]:
    """Hand out a session on an incident: a drill's simulator stands where its journal does, else the archive is read.

    Args:
        known: asked for what a team tells the detectors about itself, where answers are judged by them.

    Raises:
        JournalError: an incident that is no drill has no traces here.
    """
    first = journal.events(incident)[0]
    if first.get("mode", "drill") == "drill":
        yield attach(journal, incident, ManualClock(first.at)).session
        return
    archive = Archive.open(data / NAME, read_only=True)
    try:
        playbook = playbook_of(first)
        judging = Judging(known=known(), lines=playbook.profile.detect)
        world = PaperWorld(archive, str(first.get("service", "")), judging)
        yield Session(journal, incident, world, playbook, WallClock())
    finally:
        archive.close()


NEXT = {
    "add_fixture": "On the command line: cockpit fixture add {incident} --trace ID (ids stand in the trace list).",
    "close_incident": "cockpit fixture add|prove|alert {incident}, or waive with a reason.",
}
"""What to do next, by the action that was refused."""


def carried_out(session: Session, action: str, arguments: dict[str, object], actor: str) -> Event:
    """Do something and return the line it wrote.

    Raises:
        ActionRefused: it may not be done now; the journal says so too.
    """
    done = session.do(action, arguments, actor=actor)
    if done.refused:
        learning = session.state.learning
        helps = not learning.closed_at and (action != "close_incident" or (learning.missing and _over(session.state)))
        hint = NEXT.get(action, "") if helps else ""
        raise ActionRefused(done.refused, hint=hint.format(incident=session.state.incident))
    return done.events[0]


def _over(state: IncidentState) -> bool:
    return bool(state.all_clear_at or state.ended) and not state.merged_into


def case_of(fixture: Fixture) -> Case:
    """Return a case as the journal leaves it, with its proof."""
    case = from_plain(fixture.document)
    if not fixture.proof:
        return case
    told = fixture.proof
    runs, least = int(told.get("runs", case.runs)), float(told.get("least", case.least))
    return replace(case, proof=proof_of(told), runs=runs, least=least)


def cases_of(state: IncidentState) -> list[Case]:
    """Return every case of an incident."""
    return [case_of(one) for one in state.learning.fixtures]


def trace_number(session: Session, archive: Path, named: str) -> int:
    """Return the number of a trace that a person named: its number here, or the recorder's own id.

    Raises:
        BadInput: there is none, or several.
    """
    if not named:
        return 0
    if named.isdecimal() and len(named) < 16:
        return int(named)
    if session.state.simulated:
        raise BadInput(f"{named!r} is no trace of a drill: they have numbers")
    opened = Archive.open(archive, read_only=True)
    try:
        found = opened.find(named)
    finally:
        opened.close()
    if len(found) != 1:
        raise BadInput(
            f"{'several traces begin with' if found else 'there is no trace'} {named!r}",
            hint="`cockpit traces search` lists the newest.",
        )
    return found[0].row.id
