"""`cockpit similar`: which earlier incidents, cases and postmortems an incident looks like, and why."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json, say
from cockpit.cli.places import open_journal, paths_of, sound
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.domain.events import Event
    from cockpit.domain.similar import Likeness
    from cockpit.golden.memory import Found
    from cockpit.journal.log import Journal


class DeskMemory:
    """What is remembered in one data folder and one golden set; every call may block."""

    def __init__(self, given: Namespace) -> None:
        self._given = given
        self._golden = Path(getattr(given, "golden", None) or "golden")

    def similar(self, incident: str, answers: Sequence[str] = ()) -> Found:
        """Return what an incident looks like."""
        with open_journal(self._given, read_only=True) as journal:
            return self._found(journal, journal.events(incident), answers)

    def of(self, events: Sequence[Event]) -> Found:
        """Return what an incident looks like by some of its lines."""
        with open_journal(self._given, read_only=True) as journal:
            return self._found(journal, events, ())

    def _found(self, journal: Journal, events: Sequence[Event], answers: Sequence[str]) -> Found:
        return found_in(self._given, journal, events, self._golden, answers)


def show(given: Namespace) -> int:
    """Print what an incident looks like; 1 when the journal is not what was recorded."""
    with open_journal(given, read_only=True) as journal:
        events = journal.events(given.incident)
        code = 0 if sound(journal, given.incident) else 1
        found = found_in(given, journal, events, Path(given.golden), _answers(given, journal, events))
    if given.json:
        print_json(found.as_json())
    else:
        for line in told(found):
            say(line)
    return code


def found_in(
    given: Namespace, journal: Journal, events: Sequence[Event], golden: Path, answers: Sequence[str]
) -> Found:
    """Hold an incident against what is remembered in a data folder and a golden set."""
    from cockpit.golden.memory import Places, similar
    from cockpit.journal.sizes import sizes

    return similar(Places(journal, sizes(journal), paths_of(given).data, golden), events, answers)


def _answers(given: Namespace, journal: Journal, events: Sequence[Event]) -> list[str]:
    """Return the answers of the pinned traces, where they can still be read."""
    from cockpit.domain.incident import fold
    from cockpit.golden.desk import learning_session

    pins = fold(events).pins
    if not pins:
        return []
    with suppress(CockpitError), learning_session(journal, events[0].incident, paths_of(given).data) as session:
        details = [session.world.trace(pin.trace, session.clock.now()) for pin in pins]
        return [one.messages[-1][1] for one in details if one and one.messages]
    return []


def told(found: Found) -> Iterator[str]:
    """Write what was found, line by line."""
    if not found.likes:
        yield f"{found.incident}: {found.nothing_alike}"
    for one in found.likes:
        yield f"{one.other.id}  {one.score:.2f}  {_what(one)}"
        yield f"  rests on {one.known} of {_clues()} clues"
        for why in one.why:
            yield f"  {why}"
        for line in left_by(one):
            yield f"  → {line}"
    if found.untold:
        yield f"{found.untold} plays of the same scenario are left out: they would give the answer away."
    for problem in found.unread:
        yield f"not read: {problem}"


def left_by(one: Likeness) -> Iterator[str]:
    """Name what an earlier incident left behind."""
    if one.other.cases:
        yield f"cases: {', '.join(one.other.cases)}"
    if one.other.postmortem:
        yield f"postmortem ({one.other.postmortem}): cockpit postmortem {one.other.id}"


def _what(one: Likeness) -> str:
    other = one.other
    kind = "case of the golden set" if other.kind == "case" else other.mode
    return f"({kind}) {other.title}"


def _clues() -> int:
    from cockpit.domain.similar import CLUES

    return CLUES
