"""What was done while the journal could not be reached, kept on this machine until it is written.

One file for each act, on the disk before the person is told that it is kept. Each carries an id that the journal's
line will carry too: so it is written once, whoever of this machine's terminals writes it and however often it is
tried.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain.events import Event, Kind, NewEvent, Source, from_iso, iso
from cockpit.errors import BadInput, JournalReadOnly
from cockpit.paths import write_private

KEPT = "kept"
"""The key under which a line carries the id of the act that was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One act that waits.

    Attributes:
        tried: hashes of lines that may have been recorded when the connection was lost.
    """

    id: str
    file: Path
    event: NewEvent
    tried: tuple[str, ...] = ()

    def told_by(self, line: Event) -> bool:
        """Tell whether a line is this act."""
        return line.get(KEPT) == self.id or line.hash in self.tried


class Outbox:
    """The acts that wait for one incident, oldest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, events: Sequence[NewEvent], tried: Sequence[str]) -> None:
        """Keep what was done; on the disk when this returns.

        Raises:
            JournalReadOnly: it can't be kept here either.
        """
        for event in events:
            name = uuid.uuid4().hex
            told = {
                "id": name, "kind": event.kind, "at": iso(event.at), "actor": event.actor, "source": event.source,
                "payload": dict(event.payload), "tried": list(tried),
            }  # fmt: skip
            try:
                file = write_private(self._folder / f"{time.time_ns():020d}-{name}.json", json.dumps(told))
                _settle(file)
            except (OSError, BadInput) as problem:
                raise JournalReadOnly(f"Can't keep it in {self._folder}: {problem}") from None

    def waiting(self) -> list[Kept]:
        """Return what waits; a file that can't be read is left where it is."""
        found: list[Kept] = []
        for file in sorted(self._folder.glob("*.json")):
            with suppress(OSError, ValueError, KeyError, TypeError):
                found.append(_read(file))
        return found

    def written(self, kept: Sequence[Kept]) -> None:
        """Forget what the journal tells now."""
        for one in kept:
            with suppress(OSError):
                one.file.unlink(missing_ok=True)


def untold(waiting: Sequence[Kept], log: Sequence[Event]) -> list[NewEvent]:
    """Return the lines for what the journal does not tell yet, at the moments when it was done."""
    return [
        NewEvent(one.event.kind, one.event.at, one.event.actor, one.event.source, {**one.event.payload, KEPT: one.id})
        for one in waiting
        if not any(one.told_by(line) for line in log)
    ]


def _read(file: Path) -> Kept:
    told = json.loads(file.read_text("utf-8"))
    event = NewEvent(
        Kind(told["kind"]), from_iso(told["at"]), str(told["actor"]), Source(told["source"]), dict(told["payload"])
    )
    return Kept(str(told["id"]), file, event, tuple(told["tried"]))


def _settle(file: Path) -> None:
    """Have a file and its name on the disk."""
    for place in (file, file.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
