"""Eyes on what was played on the wire: signals, traces and people of the scenario, as the real answers left them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from cockpit.domain.events import NewEvent, iso
from cockpit.range.played import Played
from cockpit.simulator import registry
from cockpit.simulator.board import Desk
from cockpit.simulator.opened import Opener
from cockpit.simulator.world import View
from cockpit.world.port import Change, SignalFrame, TraceDetail, TraceRow

FRESH_S = 0.5
"""What people say is looked for anew so often, in real seconds."""

LATE_S = 120.0
"""Answers that come so much later than they should have ended are not shown any more, in the drill's seconds."""

SAME_ALARM = timedelta(minutes=2)
"""An alarm that goes off again within so long is the same one, looked at again."""


class Said:
    """What was said so far, each thing once: what is measured changes with every look, and moments with it.

    What became of orders is not for the scenario to tell: the real systems do.
    """

    def __init__(self) -> None:
        self.events: list[NewEvent] = []
        self._last: dict[tuple[str, str], datetime] = {}

    def hear(self, event: NewEvent) -> None:
        """Keep it if it is new."""
        if "op" in event.payload:
            return
        inject, signal = (str(event.payload.get(name, "")) for name in ("inject", "signal"))
        key = (event.kind, inject or signal or iso(event.at))
        known = self._last.get(key)
        if known is None or (signal and event.at - known > SAME_ALARM):
            self._last[key] = event.at
            self.events.append(event)


class RangeEyes:
    """Looks at the columns as the wire has filled them by the moment that is asked about, and never beyond it."""

    def __init__(self, played: Played, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._played = played
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._view: View | None = None
        self._seen_s = -1.0
        self._heard = -1e9
        self._told: set[int] = set()
        self._said = Said()

    def close(self) -> None:
        """Hold nothing."""

    def view(self, at: datetime) -> View:
        """Return what can be seen at a moment: what lies after it is what nobody has lived through yet."""
        with self._lock:
            if self._view is None or self.seconds(at) > self._seen_s:
                self._seen_s = self.seconds(at)
                self._view = self._played.view(self._seen_s)
            return self._view

    def seconds(self, at: datetime) -> float:
        """Return a moment in seconds after the scenario's start."""
        return (at - self._played.scenario.start).total_seconds()

    def frame(self, at: datetime, window_s: float, bins: int, arm: str) -> SignalFrame:
        """Return every signal of the scenario."""
        return self.view(at).panel.frame(self.seconds(at), window_s, bins, 0.0, arm)

    def harmed(self, at: datetime) -> int:
        """Return how many users are known to be harmed so far."""
        return self.view(at).panel.harmed(self.seconds(at))

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces that came to an end in (since, until], and earlier ones that were not known then.

        What is really sent comes back when it does; the drill's clock may have gone on beyond its end by then.
        """
        tracer, first = self.view(until).tracer, self.seconds(since)
        late = tracer.finished(first - LATE_S, first)
        fresh = [int(place) for place in late if int(place) not in self._told and place >= self._played.since]
        found = np.concatenate([np.asarray(fresh, dtype=np.int64), tracer.finished(first, self.seconds(until))])
        self._told.update(found.tolist())
        return tracer.rows(np.unique(found), self.seconds(until))

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return the judgements that arrived in (since, until]."""
        return self.view(until).tracer.judged(self.seconds(since), self.seconds(until))

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace."""
        return Opener(self.view(at).tracer).detail(trace, self.seconds(at))

    def story(self, until: datetime) -> list[NewEvent]:
        """Return what people and pagers have said by a moment; what was said once is never unsaid."""
        if self._monotonic() - self._heard >= FRESH_S:
            self._heard = self._monotonic()
            last = self.seconds(until)
            for at, event in self.view(until).story.happenings:
                if at <= last:
                    self._said.hear(event)
        return list(self._said.events)

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return what the scenario says has changed lately, newest first."""
        return registry.changes(self.view(at).run, at)

    def retrieval(self, at: datetime) -> dict[str, str]:
        """Return what the card at 2 a.m. says of scores and retrieval."""
        view = self.view(at)
        seconds = self.seconds(at)
        desk = Desk(self._played.scenario, view.run.timeline.stored(seconds), seconds)
        return {
            name: text
            for name, text in registry.card(desk, view.panel, at).items()
            if name.startswith(("grounding", "retrieval"))
        }
