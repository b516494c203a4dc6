"""Putting eyes on traces and the detectors together for one live incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.detect.stream.detectors import Detectors
from cockpit.domain.events import Event, Kind
from cockpit.domain.thresholds import Thresholds
from cockpit.live.sight.eyes import TraceEyes
from cockpit.live.sight.reader import Reader, Wanted
from cockpit.live.sight.rows import Judging
from cockpit.live.sight.signals import Lines
from cockpit.live.watching import Lookout
from cockpit.world.port import Change

if TYPE_CHECKING:
    from cockpit.detect.answer.signs import Known
    from cockpit.detect.stream.baseline import Baseline
    from cockpit.live.trace_pull.inflow import Inflow
    from cockpit.world.options import TracesOptions


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recorded traces are seen with.

    Attributes:
        archive: where they are kept; it may not be there yet.
        known: what the team tells the detectors about itself.
        baseline: what is usual, where that was recorded on a good day.
    """

    archive: Path
    options: TracesOptions
    known: Known | None = None
    baseline: Baseline | None = None


@dataclass(slots=True)
class Sight:
    """The eyes on traces of one incident, and the detectors behind them."""

    eyes: TraceEyes
    lookout: Lookout
    opened: datetime
    before: timedelta
    inflow: Inflow | None = None
    _heeded: int = 0
    _news: list[Callable[[], Iterable[Change]]] = field(default_factory=list)

    def begin(self, changes: Callable[[], Iterable[Change]]) -> None:
        """Begin to look; pages name changes that line up with them."""
        self._news.append(changes)
        self.eyes.start()

    def changes(self) -> list[Change]:
        """Return what changed lately, as far as anybody tells."""
        return [one for told in self._news for one in told()]

    @property
    def problem(self) -> str:
        """What is not seen, and why; empty where nothing is known to be missing."""
        return "; ".join(filter(None, (self.inflow.problem if self.inflow else "", self.eyes.problem)))

    def heed(self, log: Sequence[Event]) -> None:
        """Let harm count from when the pages say that it began."""
        news, self._heeded = log[self._heeded :], len(log)
        told = (event.get("page") for event in news if event.kind is Kind.PAGED)
        begun = [datetime.fromisoformat(str(one["since"])) for one in told if isinstance(one, dict)]
        if begun:
            self.eyes.onset = max(self.opened - self.before, min(self.eyes.onset, *begun))


def sight_on(
    recorded: Recorded, profile: Thresholds, service: str, opened: datetime, now: Callable[[], datetime]
) -> Sight:
    """Make what looks at the traces of an incident's service; it does not begin yet."""
    options = recorded.options
    before = timedelta(minutes=options.before_min)
    wanted = Wanted(frozenset(options.services or [service]), options.unnamed, before)
    reader = Reader(recorded.archive, wanted, opened)
    detectors = Detectors(profile, recorded.baseline, lambda: sight.changes())
    lookout = Lookout(detectors, opened, reader.rows_of, shaped=recorded.baseline is not None)
    judging = Judging(
        {str(name): axis for name, axis in options.axes.items()},
        options.below,
        recorded.known,
        profile,
        frozenset(options.regulated),
    )
    lines = Lines(profile, options.lines, tuple(options.harm), usual_of(recorded.baseline))
    sight = Sight(TraceEyes(reader, judging, lines, now, opened, lookout), lookout, opened, before)
    return sight


def usual_of(baseline: Baseline | None) -> dict[str, float]:
    """Return what a recorded baseline says of signals: the share of refusals."""
    behaviour = baseline.routes.get("") if baseline else None
    if behaviour is None or not behaviour.answers:
        return {}
    return {"refusal_pct": 100.0 * behaviour.counts["refusal"].get("yes", 0) / behaviour.answers}
