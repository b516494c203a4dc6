"""Eyes on recorded traces: a thread follows the archive, judges what comes, and counts it into signals."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.detect.answer.alarm import is_grave
from cockpit.detect.answer.injection import NAME as INJECTION
from cockpit.detect.stream.sample import sample_with
from cockpit.domain.traces import failing
from cockpit.errors import CockpitError
from cockpit.live.sight.cells import CELL_S, Cells, Seen
from cockpit.live.sight.facts import facts_from
from cockpit.live.sight.people import People
from cockpit.live.sight.reader import Reader
from cockpit.live.sight.rows import Judged, Judging, detail_of, judge, row_of
from cockpit.live.sight.signals import Lines, Signals
from cockpit.world.port import SignalFrame, TraceDetail, TraceRow

if TYPE_CHECKING:
    from cockpit.archive.store import Archived
    from cockpit.live.watching import Lookout
    from cockpit.world.eyes import Eyes

LOOK_S = 0.5
"""How often the archive is looked at while nothing comes, in seconds."""
BREATH_S = 0.02
"""A pause between two portions, in which others get to work."""
QUIET_S = 60.0
"""Seconds without an answer after which the minute that was under way is looked at as well."""
WAITING = 5_000
"""Rows that wait for the list at most; reading pauses until they are taken."""
REMEMBERED = 20_000
"""Answers whose verdict may still be corrected in the signals, the newest."""
USUAL_S = 600.0
"""How much must be known from before the onset to say what was usual, in seconds."""
CHANGES_S = 2.0
"""How often it is looked for what has become of traces, in seconds."""

Verdict = tuple[int, str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What of an answer was counted: where, and what may still change."""

    place: int
    arm: str
    failing: bool
    rubrics: frozenset[str]


class TraceEyes:
    """Sees what the archive sees; screens ask from other threads and never wait for it.

    Attributes:
        onset: since when bad answers count as this incident's harm; leaks count always.
    """

    def __init__(
        self,
        reader: Reader,
        judging: Judging,
        lines: Lines,
        now: Callable[[], datetime],
        opened: datetime,
        lookout: Lookout | None = None,
    ) -> None:
        self.reader = reader
        self.onset = opened
        self.judging = judging
        self._now = now
        self._opened = opened
        self._lookout = lookout
        self._lock = threading.Lock()
        self._cells = Cells()
        self._cells.keep_before = int(opened.timestamp() // 10)
        self._signals = Signals(self._cells, lines)
        self._people = People(judging.regulated)
        self._harmed = 0
        self._rows: deque[TraceRow] = deque()
        self._verdicts: dict[int, Verdict] = {}
        self._counted: OrderedDict[int, _Counted] = OrderedDict()
        self._last_news = time.monotonic()
        self._rested = True
        self._looked_back = 0.0
        self.count = 0
        self.problem = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="traces", daemon=True)

    def start(self) -> TraceEyes:
        """Begin to follow."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)
        self.reader.close()

    def look(self) -> bool:
        """Take in one portion, and whether there may be more at once."""
        if len(self._rows) >= WAITING:
            return False
        found, read = self.reader.fresh()
        if found:
            self._take(found)
        elif not read:
            self._rest()
        self.problem = self._trouble()
        return read > 0

    def look_back(self) -> None:
        """Take in what became of traces that were read before."""
        for found in self.reader.changed():
            known = judge(found, self.judging)
            with self._lock:
                self._verdicts[found.row.id] = (found.row.id, known.verdict, known.scores)
                self._amend(found, known)

    def frame(self, at: datetime, window_s: float, bins: int, arm: str) -> SignalFrame:
        """Return every signal as it is known at a moment, of one arm or of all traffic."""
        with self._lock:
            series = self._signals.series(at, window_s, bins, arm, self._quiet_until(), self.reader.behind)
            facts = facts_from(at, series, self._cells, self._people, self._signals, self._harmed)
        return SignalFrame(at, window_s, window_s / bins, series, facts)

    def harmed(self, at: datetime) -> int:
        """Return how many users, else sessions, met a leak, or another bad answer since the onset."""
        return self._harmed

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the rows that have come since the last time, whenever their traces were."""
        return [self._rows.popleft() for _ in range(len(self._rows))]

    def verdicts(self, since: datetime, until: datetime) -> Sequence[Verdict]:
        """Return what became known of rows since the last time."""
        with self._lock:
            found, self._verdicts = list(self._verdicts.values()), {}
        return found

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace, as it is in the archive by now."""
        archive = self.reader.archive
        found = archive.get(trace) if archive else None
        return detail_of(found, self.judging) if found else None

    def _quiet_until(self) -> datetime:
        """Return the moment before which all was usual: the onset, where enough is known from before it."""
        known_s = self.onset.timestamp() - self._cells.oldest * CELL_S
        return self.onset if known_s >= USUAL_S else self._opened

    def _keep_looking(self) -> None:
        while not self._stop.is_set():
            more = False
            try:
                more = self.look()
                if time.monotonic() - self._looked_back >= CHANGES_S:
                    self.look_back()
                    self._looked_back = time.monotonic()
            except CockpitError as problem:
                self.problem = f"traces can't be read: {problem.message}"
            except Exception as problem:  # whatever one trace holds, the next ones are looked at
                self.problem = f"some traces could not be looked at ({type(problem).__name__})"
            self._stop.wait(BREATH_S if more else LOOK_S)

    def _take(self, found: Sequence[Archived]) -> None:
        known = [(one, judge(one, self.judging)) for one in found]
        for one, judged in known:
            if self._lookout:
                self._lookout.take(sample_with(one.trace, judged.signs, shaped=self._lookout.shaped))
        with self._lock:
            places = {self._count(one, judged) for one, judged in known}
            self._signals.changed(places)
            self._harmed = self._people.harmed(self.onset.timestamp())
        self._rows.extend(row_of(one, judged.verdict, judged.scores) for one, judged in known)
        self.count += len(known)
        self._last_news, self._rested = time.monotonic(), False

    def _count(self, one: Archived, judged: Judged) -> int:
        seen = _seen(one, judged, self._now())
        trace, place = one.trace, self._cells.add(seen)
        self._signals.saw(seen.found, seen.scores)
        self._met(one, judged, seen)
        self._counted[one.row.id] = _Counted(place, seen.arm, seen.failing, frozenset(trace.scores))
        if len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        return place

    def _met(self, one: Archived, judged: Judged, seen: Seen) -> None:
        trace, people = one.trace, self._people
        person = f"u{trace.user}" if trace.user else f"s{trace.session}" if trace.session else ""
        people.met(person, seen.at, failing=seen.failing, leak=seen.leak)
        grave = {sign.detector for sign in judged.signs if is_grave(sign)}
        people.injected |= INJECTION in grave
        people.leaked |= bool(grave & LEAKS) or judged.verdict in LEAK_VERDICTS
        if seen.failing:
            people.bad(trace.tenant, trace.route, seen.at)

    def _amend(self, one: Archived, judged: Judged) -> None:
        known = self._counted.get(one.row.id)
        if known is None:
            return
        fails = failing(judged.verdict)
        late = {name: score for name, score in one.trace.scores.items() if name not in known.rubrics}
        self._cells.amend(known.place, known.arm, fails - known.failing, late)
        self._signals.saw(frozenset(), late)
        self._signals.changed({known.place})
        self._counted[one.row.id] = replace(known, failing=fails, rubrics=known.rubrics | late.keys())
        self._met(one, judged, _seen(one, judged, self._now()))
        self._harmed = self._people.harmed(self.onset.timestamp())

    def _rest(self) -> None:
        if self._lookout and not self._rested and time.monotonic() - self._last_news >= QUIET_S:
            self._lookout.rest()
            self._rested = True

    def _trouble(self) -> str:
        """Say what is not seen: too many traces, or those that nobody said are this application's."""
        if self.reader.skipped:
            return f"traces come faster than they can be looked at: {self.reader.skipped:,} were left out"
        if self.count or not self.reader.others:
            return ""
        names = ", ".join(name for name, _ in self.reader.others.most_common(3))
        return f"traces come of {names}, none of this service: name them in services of [traces]"


LEAKS = frozenset({"secret", "other_tenant", "personal_data"})
"""Grave signs that show somebody else's data."""
LEAK_VERDICTS = frozenset({"leak", "leaked", "pii_leak"})


def _seen(one: Archived, judged: Judged, now: datetime) -> Seen:
    trace, detectors = one.trace, frozenset(sign.detector for sign in judged.signs)
    grave = any(is_grave(sign) and sign.detector != "loop" for sign in judged.signs)
    return Seen(
        at=min(trace.ended, now).timestamp(),
        arm=trace.labels.get("arm", ""),
        failing=failing(judged.verdict),
        error=bool(trace.error),
        refused="refusal" in detectors,
        leak=grave or judged.verdict in LEAK_VERDICTS,
        found=detectors,
        cost=trace.cost_usd,
        total_ms=trace.total_ms or None,
        ttft_ms=trace.ttft_ms,
        scores=trace.scores,
    )


class BothEyes:
    """Meters and traces together; of one name the meter counts, since it sees all traffic."""

    def __init__(self, meters: Eyes, traces: TraceEyes) -> None:
        self._meters = meters
        self._traces = traces

    def frame(self, at: datetime, window_s: float, bins: int, arm: str) -> SignalFrame:
        """Return the signals of both."""
        meters, traces = self._meters.frame(at, window_s, bins, arm), self._traces.frame(at, window_s, bins, arm)
        names = {one.name for one in meters.series}
        series = (*meters.series, *(one for one in traces.series if one.name not in names))
        return replace(meters, series=series, facts={**traces.facts, **meters.facts})

    def harmed(self, at: datetime) -> int:
        """Return how many users were harmed, as the traces tell."""
        return self._traces.harmed(at)

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the rows that have come since the last time."""
        return self._traces.traces(since, until)

    def verdicts(self, since: datetime, until: datetime) -> Sequence[Verdict]:
        """Return what became known of rows since the last time."""
        return self._traces.verdicts(since, until)

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace."""
        return self._traces.trace(trace, at)

    def close(self) -> None:
        """Stop looking."""
        self._meters.close()
        self._traces.close()
