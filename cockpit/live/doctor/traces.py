"""What the doctor looks at of traces: that each source answers, how fresh it is, what its traces can be told by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.calls import CallTrace
from cockpit.errors import WorldError
from cockpit.live.doctor.findings import Found, Look, Scribe
from cockpit.live.trace_pull.source import SKEW
from cockpit.world.contract import Deadline, TraceSource
from cockpit.world.fleet import Fleet, Member

if TYPE_CHECKING:
    from cockpit.intake.fetched import Fetched
    from cockpit.intake.keys import Keys
    from cockpit.world.options import LiveOptions

AREA = "traces"
WINDOWS = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))
"""So far back is looked, one after the other, until there is something."""
QUIET = timedelta(hours=1)


def trace_looks(live: LiveOptions, fleet: Fleet, now: Callable[[], datetime], keys: Keys | None) -> list[Look]:
    """Return a look at each source of traces."""
    return [
        Look(AREA, name, _Source(name, fleet, now, keys).findings, _seconds(fleet.members.get(name)))
        for name in dict.fromkeys(live.traces.sources)
    ]


def traces_at_all(live: LiveOptions) -> list[Found]:
    """Tell when traces are brought in from nowhere."""
    if live.traces.sources:
        return []
    step = 'If a system keeps them: sources = ["NAME"] in [traces]. `cockpit receive` takes what applications send.'
    return [Scribe(AREA, "").note("sources", "no system's traces are brought in", step)]


def _seconds(member: Member | None) -> float:
    return len(WINDOWS) * ((member.deadline_s if member else 1.0) + 1)


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    fleet: Fleet
    now: Callable[[], datetime]
    keys: Keys | None

    def findings(self) -> Sequence[Found]:
        scribe = Scribe(AREA, self.name)
        try:
            fetched, window = self._newest()
        except WorldError as problem:
            return [
                scribe.problem("source", problem, f"Correct [systems.{self.name}], or see why it does not answer.")
            ]
        traces, _ = fetched.whole(self.now() + SKEW, timedelta(0))
        if not traces:
            step = "Check that it is the project your application records to."
            return [*_unread(scribe, fetched), scribe.warning("newest", f"none of the last {_told(window)}", step)]
        told = (self._age(scribe, traces), _versions(scribe, traces), _judged(scribe, traces))
        return [*_unread(scribe, fetched), *told]

    def _newest(self) -> tuple[Fetched, timedelta]:
        """Read one page of the shortest time in which there is something."""
        from cockpit.intake.fetched import Fetched

        member = self.fleet.member(self.name)
        if not isinstance(member.system, TraceSource):
            raise WorldError(
                f"{self.name} keeps no traces",
                hint="Correct `sources` of [traces]; `cockpit adapters` says which do.",
            )
        now = self.now()
        for window in WINDOWS:
            fetched = Fetched(self.name, self.keys)
            page = member.system.traces(now - window, now + SKEW, "", Deadline(member.deadline_s))
            fetched.take(page, self.name)
            if fetched.reading.spans or fetched.reading.unreadable:
                break
        return fetched, window

    def _age(self, scribe: Scribe, traces: Sequence[CallTrace]) -> Found:
        # One page may not hold the newest: there is at least one that is no older.
        age = max(timedelta(0), self.now() - max(trace.started for trace in traces))
        told = f"the newest trace is {_told(age)} old"
        if age <= QUIET:
            return scribe.fine("newest", told)
        return scribe.warning("newest", told, "If there was traffic since, see what keeps its traces back.")


def _unread(scribe: Scribe, fetched: Fetched) -> list[Found]:
    reading = fetched.reading
    if not reading.unreadable:
        return []
    told = f"{reading.unreadable} of a page could not be read: {reading.problems[0].reason}"
    return [scribe.warning("readable", told, "`cockpit traces pull --once --json` names them all.")]


def _versions(scribe: Scribe, traces: Sequence[CallTrace]) -> Found:
    named = sum(bool(trace.prompt) for trace in traces)
    told = f"{named} of {len(traces)} traces name a version of a prompt"
    if named:
        return scribe.fine("prompt version", told)
    step = "Record it with each answer, and name the attribute in [intake] prompt: a bad version is found by it."
    return scribe.warning("prompt version", told, step)


def _judged(scribe: Scribe, traces: Sequence[CallTrace]) -> Found:
    judged = sum(bool(trace.scores) for trace in traces)
    told = f"{judged} of {len(traces)} traces carry a judgement"
    if judged:
        return scribe.fine("judgements", told)
    step = "Have a sample judged where traces are kept: without it nobody is paged for falling quality."
    return scribe.warning("judgements", told, step)


def _told(time: timedelta) -> str:
    seconds = time.total_seconds()
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= unit or unit == 1:
            count = int(seconds // unit)
            return f"{count} {name}{'' if count == 1 else 's'}"
    raise AssertionError("a second is the last unit")
