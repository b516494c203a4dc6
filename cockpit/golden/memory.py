"""What a team remembers: every other incident of the journal and every case of the golden set, as portraits.

Portraits are kept in a file of the data folder, since folding hundreds of journals takes seconds. The file can be
thrown away at any time: it is made again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from cockpit.domain.events import Event
from cockpit.domain.portrait import Portrait, from_plain, portrait_of, portrait_of_case, to_plain
from cockpit.domain.similar import CLUES, Likeness, Memory
from cockpit.errors import CockpitError
from cockpit.paths import write_private

FILE = "portraits.json"
FORMAT = "cockpit.portraits/1"
BROKEN = (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError)


class Reads(Protocol):
    """What is needed of a journal."""

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the lines of one."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a new incident looks like.

    Attributes:
        compared: how many incidents and cases it was held against.
        untold: plays of the same scenario, which would give a drill's answer away and are left out.
        unread: what could not be read, in words.
    """

    incident: str
    likes: tuple[Likeness, ...]
    compared: int
    untold: int = 0
    unread: tuple[str, ...] = ()

    @property
    def nothing_alike(self) -> str:
        """What is said where nothing looks alike."""
        if not self.compared:
            return "No other incident and no eval case is remembered yet that it could be held against."
        if self.compared == 1:
            return "The one other that is remembered does not look like this one, so far."
        return f"None of the {self.compared} others that are remembered looks like this one, so far."

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "incident": self.incident,
            "compared": self.compared,
            "left_out": self.untold,
            "unread": list(self.unread),
            "similar": [_plain(one) for one in self.likes],
        }


def _plain(one: Likeness) -> dict[str, Any]:
    other = one.other
    return {
        "id": other.id, "kind": other.kind, "mode": other.mode or None, "exercise": not other.live,
        "title": other.title, "at": other.at or None, "score": round(one.score, 2),
        "clues_compared": one.known, "clues": CLUES,
        "why": [
            {"clue": clue.name, "same": clue.same, "values": list(clue.values),
             "theirs": None if clue.same else list(clue.theirs), "worth": round(clue.worth, 2)}
            for clue in one.clues
        ],
        "cases": list(other.cases), "postmortem": other.postmortem or None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """Where memories are: the journal and how many lines each of its incidents has, a data folder, a golden set."""

    journal: Reads
    sizes: Mapping[str, int]
    data: Path
    golden: Path | None = None


def similar(places: Places, events: Sequence[Event], answers: Iterable[str] = ()) -> Found:
    """Hold an incident against all others that are remembered.

    Args:
        events: its lines so far.
        answers: answers of it that went wrong, where somebody has them at hand.

    Raises:
        JournalError: the journal can't be read at all.
    """
    new = portrait_of(events, answers)
    unread: list[str] = []
    shelf = _Shelf(places.data / FILE)
    others = [(name, seq) for name, seq in places.sizes.items() if name != new.id]
    known = [shelf.incident(places.journal, name, seq, unread) for name, seq in others]
    earlier = [one for one in known if one and not one.merged]
    told = {case for one in earlier for case in one.cases}
    cases = [one for one in shelf.cases(places.golden, unread) if one.id not in told and one.id not in new.cases]
    shelf.keep()
    spoils = [one for one in earlier if not new.live and new.scenario and one.scenario == new.scenario]
    earlier = [one for one in earlier if one not in spoils]
    memory = Memory([*earlier, *cases], live=new.live)
    return Found(new.id, memory.like(new), len(memory.earlier), len(spoils), tuple(unread))


class _Shelf:
    """The file of portraits: what has not changed is taken from it, the rest is drawn anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held = _read(file)
        self._used: dict[str, list[Any]] = {}

    def incident(self, journal: Reads, name: str, seq: int, unread: list[str]) -> Portrait | None:
        """Return the portrait of an incident with so many lines; None where it can't be read."""
        return self._drawn(f"incident {name}", [seq], lambda: portrait_of(journal.events(name)), unread)

    def cases(self, folder: Path | None, unread: list[str]) -> list[Portrait]:
        """Return the portraits of a golden set."""
        found = []
        for file in sorted(folder.rglob("*.yaml")) if folder and folder.is_dir() else ():
            stat = file.stat()
            drawn = self._drawn(
                f"case {file.absolute()}", [stat.st_mtime_ns, stat.st_size], partial(_case, file), unread
            )
            found += [drawn] if drawn else []
        return found

    def keep(self) -> None:
        """Write what was used, if that is not what is there."""
        if self._used == self._held:
            return
        try:
            write_private(self._file, json.dumps({"format": FORMAT, "portraits": self._used}))
        except (OSError, CockpitError):
            return  # a folder that can't be written costs time, no more

    def _drawn(self, name: str, mark: list[int], draw: Callable[[], Portrait], unread: list[str]) -> Portrait | None:
        held = self._held.get(name)
        if held and held[0] == mark:
            try:
                portrait = from_plain(held[1])
                self._used[name] = held
                return portrait
            except BROKEN:
                pass
        try:
            portrait = draw()
        except (CockpitError, *BROKEN) as problem:
            unread.append(f"{name}: {problem}")
            return None
        self._used[name] = [mark, to_plain(portrait)]
        return portrait


def _case(file: Path) -> Portrait:
    from cockpit.golden.files import read_case

    return portrait_of_case(read_case(file))


def _read(file: Path) -> dict[str, list[Any]]:
    try:
        told = json.loads(file.read_text("utf-8"))
        if isinstance(told, Mapping) and told.get("format") == FORMAT:
            return {str(name): value for name, value in told["portraits"].items() if isinstance(value, list)}
    except BROKEN:
        pass
    return {}
