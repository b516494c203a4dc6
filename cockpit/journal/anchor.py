"""The outside anchor: a file beside the database that remembers every line's hash.

The chain alone can't tell that its tail was cut or that all of it was hashed anew; this can. It is only ever
appended to, so processes can't overwrite each other's news, and it needs no fsync: after a power cut it may
lag behind the journal, never run ahead of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cockpit.domain.events import Event

_LINE = re.compile(rb"^([A-Za-z0-9._-]{1,64}) ([0-9]{1,12}) ([0-9a-f]{64})$", re.MULTILINE)

Anchored = dict[str, dict[int, str]]
"""incident → seq → hash"""


class Anchor:
    """Remembers what was acknowledged; `known` is what this process has read and written itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known = self.read()

    def read(self) -> Anchored:
        """Read the file; lines cut short are left out, and the first hash told for a line counts."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return {}
        found: Anchored = {}
        for incident, seq, digest in _LINE.findall(content):
            found.setdefault(incident.decode(), {}).setdefault(int(seq), digest.decode())
        return found

    def note(self, events: Iterable[Event]) -> None:
        """Remember acknowledged lines; a full disk is no reason to fail what is already recorded."""
        lines = []
        for event in events:
            self.known.setdefault(event.incident, {})[event.seq] = event.hash
            lines.append(f"{event.incident} {event.seq} {event.hash}\n")
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._append("".join(lines).encode())

    def witness(self, events: Iterable[Event]) -> None:
        """Remember lines that others recorded, where they have an anchor of their own."""
        fresh = [event for event in events if event.seq not in self.known.get(event.incident, {})]
        if fresh:
            self.note(fresh)

    def _append(self, content: bytes) -> None:
        handle = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(handle, content)
        finally:
            os.close(handle)

    def last(self, incident: str) -> int:
        """Return the highest line known of an incident; 0 when none is."""
        return max(self.known.get(incident, {}), default=0)
