"""Where a postmortem is kept: the document that people write in, the draft it was made from, and every version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.playbook import Playbook
from cockpit.errors import BadInput, JournalConflict
from cockpit.paths import write_private
from cockpit.postmortem.document import render
from cockpit.postmortem.draft import draft
from cockpit.postmortem.merge import merge
from cockpit.postmortem.record import Gate

_TRIES = 20


class Appends(Protocol):
    """The part of a journal that is needed here."""

    def events(self, incident: str) -> list[Event]:
        """Return the lines of an incident."""
        ...

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Add lines."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one incident's postmortem."""

    folder: Path

    @property
    def document(self) -> Path:
        """What people write in."""
        return self.folder / "postmortem.md"

    @property
    def base(self) -> Path:
        """The draft that the document last took in."""
        return self.folder / "draft.md"

    def keep(self, text: str) -> None:
        """Keep a version under its digest."""
        write_private(self.folder / "versions" / f"{digest(text)[:16]}.md", text)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The document after a refresh; `conflicts` are sections in which person and draft had changed the same lines."""

    text: str
    conflicts: tuple[str, ...]
    edited: bool


def shelf(data: Path, incident: str) -> Shelf:
    """Return where an incident's postmortem is kept."""
    return Shelf(data / "postmortems" / incident)


def digest(text: str) -> str:
    """Return what a version is known by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def refresh(
    journal: Appends,
    incident: str,
    data: Path,
    playbook: Playbook,
    actor: str,
    gate: Gate | None = None,
    events: list[Event] | None = None,
) -> Refreshed:
    """Bring the document up to the journal, keeping what people wrote, and journal what changed.

    Args:
        events: the journal's lines, where somebody has just read them.
    """
    events = events or journal.events(incident)
    gate = gate or last_gate(events)
    asked = {"gate": asdict(gate)} if gate else {}
    place, new = shelf(data, incident), render(draft(events, playbook, gate))
    known = last_version(events)
    mine, base = read(place.document), read(place.base)
    if mine is None:
        _write(place, new, new)
        record(journal, incident, Kind.POSTMORTEM_DRAFTED, "cockpit", {"digest": digest(new), **asked})
        return Refreshed(new, (), False)
    edited = digest(mine) != known and mine != base
    if edited:
        place.keep(mine)
        record(journal, incident, Kind.POSTMORTEM_EDITED, actor, {"digest": digest(mine)})
    if base == new:
        return Refreshed(mine, (), edited)
    merged = merge(base or "", new, mine)
    _write(place, merged.text, new)
    if merged.text != mine:
        told = {"digest": digest(merged.text), "conflicts": list(merged.conflicts), **asked}
        record(journal, incident, Kind.POSTMORTEM_DRAFTED, "cockpit", told)
    return Refreshed(merged.text, merged.conflicts, edited)


def last_version(events: Sequence[Event]) -> str:
    """Return the digest of the newest version on record, an empty text before the first."""
    kinds = (Kind.POSTMORTEM_DRAFTED, Kind.POSTMORTEM_EDITED)
    return next((str(event.get("digest", "")) for event in reversed(events) if event.kind in kinds), "")


def last_gate(events: Sequence[Event]) -> Gate | None:
    """Return what the golden set answered when it was asked last, as an earlier draft's line keeps it."""
    told = [event.get("gate") for event in events if event.kind is Kind.POSTMORTEM_DRAFTED]
    found = next((one for one in reversed(told) if isinstance(one, Mapping)), None)
    if found is None:
        return None
    had, caught = (tuple(str(one) for one in found.get(key, ())) for key in ("had", "caught_by"))
    return Gate(str(found.get("answer", "")), str(found.get("asks", "")), had, caught)


def save(journal: Appends, incident: str, data: Path, text: str, actor: str) -> bool:
    """Keep what a person wrote; tell whether it differs from what was there."""
    place = shelf(data, incident)
    if read(place.document) == text:
        return False
    write_private(place.document, text)
    place.keep(text)
    record(journal, incident, Kind.POSTMORTEM_EDITED, actor, {"digest": digest(text)})
    return True


def editing(data: Path, incident: str, text: str) -> Path:
    """Return a copy for an editor; what an editor that failed has left there is kept as a version first."""
    place = shelf(data, incident)
    copy = place.folder / "editing.md"
    try:
        left = read(copy)
    except BadInput:
        # Not text at all: it is put aside as it is, or no editor could ever be opened again.
        copy.replace(place.folder / f"editing-{hashlib.sha256(copy.read_bytes()).hexdigest()[:16]}.unread")
    else:
        if left:
            place.keep(left)
    return write_private(copy, text)


def taken_over(journal: Appends, incident: str, data: Path, given: str, new: str, actor: str) -> str:
    """Keep what came back from an editor, merged with what others wrote while it was open."""
    current = read(shelf(data, incident).document)
    text = new if current in (None, given) else merge(given, current or "", new).text
    save(journal, incident, data, text, actor)
    return text


def record(journal: Appends, incident: str, kind: Kind, actor: str, payload: dict[str, Any]) -> Event:
    """Add one line, whoever else adds lines at the same moment."""
    return record_by(journal, incident, kind, actor, lambda _: payload)


def record_by(
    journal: Appends, incident: str, kind: Kind, actor: str, told: Callable[[list[Event]], dict[str, Any]]
) -> Event:
    """Add one line that is worked out from the lines before it.

    Raises:
        JournalConflict: others never stopped adding lines.
    """
    for _ in range(_TRIES):
        events = journal.events(incident)
        source = Source.SYSTEM if actor == "cockpit" else Source.PERSON
        new = NewEvent(kind, moment_of(events), actor, source, told(events))
        try:
            return journal.append(incident, [new], expected_seq=events[-1].seq)[0]
        except JournalConflict:
            continue
    raise JournalConflict(f"{incident} is being written to by others all the time", hint="Try again.")


def moment_of(events: Sequence[Event]) -> datetime:
    """Return the time of an incident: a drill's own clock stands where its journal ends."""
    if events[0].get("mode", "drill") == "drill":
        return max(event.at for event in events)
    return WallClock().now()


def read(file: Path) -> str | None:
    """Return a file's text, None where there is none.

    Raises:
        BadInput: it is there and can't be read.
    """
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no UTF-8 text"
        raise BadInput(f"{file} can't be read: {reason}") from None


def _write(place: Shelf, text: str, base: str) -> None:
    # The document goes first: after a crash between the two, the same draft is merged once more and changes nothing.
    write_private(place.document, text)
    place.keep(text)
    write_private(place.base, base)
