"""Keeping the archive up to date from the systems that keep traces: what is news there is read again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError, WorldError
from cockpit.live.trace_pull.marks import PullMarks
from cockpit.live.trace_pull.pace import Pace
from cockpit.live.trace_pull.source import Counts, Keeps, SourceReader
from cockpit.world.contract import TraceSource
from cockpit.world.fleet import Fleet

if TYPE_CHECKING:
    from cockpit.intake.keys import Keys, Limits
    from cockpit.world.options import TracesOptions


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one look at one source came to.

    Attributes:
        upto: everything before is in the archive; None where nothing ever was read.
        busy: another process reads this source.
        problem: why it ended early, empty where it did not; `hint` what to do.
        pause_s: how long to leave it alone now.
    """

    source: str
    counts: Counts
    upto: datetime | None
    pause_s: float
    busy: bool = False
    problem: str = ""
    hint: str = ""


class Puller:
    """Reads every configured source; never raises, and is not in the way of other processes that do the same."""

    def __init__(
        self,
        fleet: Fleet,
        options: TracesOptions,
        archive: Keeps,
        data: Path,
        now: Callable[[], datetime],
        keys: Keys | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.sources = tuple(dict.fromkeys(options.sources))
        self._fleet = fleet
        self._options = options
        self._archive = archive
        self._marks = PullMarks(data)
        self._now = now
        self._keys, self._limits = keys, limits
        self._paces = {source: Pace(options) for source in self.sources}

    def look(self, since: datetime | None = None) -> list[Pulled]:
        """Look at every source once.

        Args:
            since: where to begin; by default a little before where the last look ended.
        """
        return [self.look_at(source, since) for source in self.sources]

    def look_at(self, source: str, since: datetime | None = None) -> Pulled:
        """Look at one source."""
        counts = Counts()
        try:
            with self._marks.alone(source) as alone:
                if not alone:
                    return Pulled(source, counts, self._marks.read(source), self._options.poll_s, busy=True)
                pause = self._read(source, since, counts)
        except CockpitError as problem:
            return self._failed(source, counts, problem)
        except OSError as problem:
            return self._failed(source, counts, WorldError(f"what was read can't be remembered: {problem.strerror}"))
        except Exception as problem:  # whatever a source sends, the others are still read
            return self._failed(source, counts, WorldError(f"it could not be read ({type(problem).__name__})"))
        return Pulled(source, counts, self._marks.read(source), pause)

    def _read(self, source: str, since: datetime | None, counts: Counts) -> float:
        reader, pace = self._reader(source), self._paces[source]
        now, before = self._now(), self._marks.read(source)
        first, mark = since or pace.begin(before, now), before
        for begin, end in pace.stretches(first, now):
            reader.stretch(begin, end, counts, last=end == now)
            # A mark in the future is of a clock that was set back since.
            mark = end if mark is None or mark > now else max(mark, end)
            self._marks.write(source, mark)
            pace.went_well()
        self._read_late(source, reader, counts, now)
        return pace.done(first, before, now, counts.waits_from)

    def _read_late(self, source: str, reader: SourceReader, counts: Counts, now: datetime) -> None:
        """Read older traces once more, where that is due: judgements may have come since."""
        if getattr(reader.source, "tells_late", False):
            return
        looked = self._marks.late(source)
        pieces = list(self._paces[source].late(looked, now))
        for begin, end in pieces:
            reader.stretch(begin, end, counts, last=False)
        if pieces or looked is None or looked > now:
            self._marks.write(source, self._marks.read(source) or now, late=now)

    def _reader(self, source: str) -> SourceReader:
        member = self._fleet.member(source)
        if not isinstance(member.system, TraceSource):
            raise WorldError(
                f"{source} keeps no traces", hint="Correct `sources` of [traces]; `cockpit adapters` says which do."
            )
        patience = timedelta(minutes=self._options.lookback_min / 2)
        return SourceReader(
            source, member.system, self._archive, self._now, member.deadline_s, patience, self._keys, self._limits
        )

    def _failed(self, source: str, counts: Counts, problem: CockpitError) -> Pulled:
        pause = self._paces[source].failed(problem)
        upto = self._marks.read(source)
        return Pulled(source, counts, upto, pause, problem=problem.message, hint=problem.hint)


class Pulling:
    """A puller at work in threads of its own, one for each source.

    Attributes:
        latest: what the latest look at each source came to.
    """

    def __init__(self, puller: Puller, tell: Callable[[Pulled], None] = lambda _: None) -> None:
        self.latest: dict[str, Pulled] = {}
        self._puller = puller
        self._tell = tell
        self._ended = threading.Event()
        self._threads: Sequence[threading.Thread] = [
            threading.Thread(target=self._go_on, args=(source,), name=f"pull {source}"[:60], daemon=True)
            for source in puller.sources
        ]

    def start(self) -> Pulling:
        """Begin to read."""
        for thread in self._threads:
            thread.start()
        return self

    def close(self, seconds: float = 2.0) -> None:
        """Read nothing any more; a look that is under way is waited for, but not for long."""
        self._ended.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(seconds)

    def _go_on(self, source: str) -> None:
        while not self._ended.is_set():
            pulled = self.latest[source] = self._puller.look_at(source)
            if not self._ended.is_set():
                self._tell(pulled)
            self._ended.wait(pulled.pause_s)
