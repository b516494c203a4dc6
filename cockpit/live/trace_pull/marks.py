"""Up to where each source of traces was read, in one small file each, and which process reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from cockpit.domain.events import iso
from cockpit.live.seat import DriversSeat
from cockpit.paths import private, write_private

FOLDER = "pulls"


class PullMarks:
    """The marks of all sources in one folder of the data."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    @contextmanager
    def alone(self, source: str) -> Iterator[bool]:
        """Hold a source for this process while it is read; False where another process reads it.

        Raises:
            JournalReadOnly: nothing can be written there.
        """
        seat = DriversSeat(self._file(source, "lock"))
        try:
            yield seat.take()
        finally:
            seat.leave()

    def read(self, source: str) -> datetime | None:
        """Return up to when a source was read; None where it never was, or nobody can tell any more."""
        return self._mark(source, "upto")

    def late(self, source: str) -> datetime | None:
        """Return when late judgements were looked for last; None where they never were."""
        return self._mark(source, "late")

    def write(self, source: str, upto: datetime, late: datetime | None = None) -> None:
        """Remember up to when a source was read, and when late judgements were looked for, if they just were.

        Raises:
            OSError: the disk is full.
        """
        private(self._folder)
        looked = late or self.late(source)
        told = {"source": source, "upto": iso(upto), **({"late": iso(looked)} if looked else {})}
        write_private(self._file(source, "json"), json.dumps(told))

    def _mark(self, source: str, name: str) -> datetime | None:
        try:
            told = json.loads(self._file(source, "json").read_text("utf-8"))
            mark = datetime.fromisoformat(told[name])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return mark if mark.tzinfo else None

    def _file(self, source: str, kind: str) -> Path:
        # A name may hold anything that TOML can quote, and nothing of it may lead elsewhere.
        return self._folder / f"{quote(source, safe='')[:200].replace('.', '%2E')}.{kind}"
