"""Spans put together by trace: they come in any order and in many bodies."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cockpit.domain.calls import CallTrace
from cockpit.intake.assemble import assemble
from cockpit.intake.keys import Keys, Limits
from cockpit.intake.raw import Batch, Header, RawSpan
from cockpit.intake.spans import Step, understand

GRACE = timedelta(seconds=2)
"""How long a trace whose root came is waited for: senders send in portions, and not in order."""


@dataclass(slots=True)
class _Held:
    spans: dict[str, RawSpan] = field(default_factory=dict)
    header: Header | None = None
    touched: datetime | None = None
    rooted: bool = False
    size: float = 0.0


class Gatherer:
    """Holds spans until their trace is whole, and returns whole traces.

    A span that comes after its trace was returned makes a trace of the same id with that span alone; whoever keeps
    traces joins the two.
    """

    def __init__(self, source: str, keys: Keys | None = None, limits: Limits | None = None) -> None:
        self._source = source
        self._keys = keys or Keys()
        self._limits = limits or Limits()
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._failed: list[str] = []
        self.spans = 0
        self.size = 0.0

    def take_failed(self) -> list[str]:
        """Return why traces could not be put together since the last time, a reason for each."""
        failed, self._failed = self._failed, []
        return failed

    def add(self, batch: Batch, now: datetime | None = None, size: int = 0) -> None:
        """Take what one document held; `now` is when it came and `size` its bytes, where that matters."""
        share = size / max(1, len(batch.spans))
        for raw in batch.spans:
            held = self._place(raw.trace, now)
            held.size += share
            self.size += share
            identity = raw.id or f"#{len(held.spans)}"
            self.spans += identity not in held.spans
            held.spans[identity] = raw
            held.rooted = held.rooted or not raw.parent
        for header in batch.headers:
            self._place(header.trace, now).header = header

    def ready(self, now: datetime) -> list[CallTrace]:
        """Return what is whole: the root came a moment ago, nothing came for a while, or too much is held."""
        pause = timedelta(seconds=self._limits.pause_s)
        due = [
            trace
            for trace, held in self._held.items()
            if held.touched is not None and now - held.touched >= (GRACE if held.rooted else pause)
        ]
        return [one for trace in due if (one := self._finish(trace))] + self.overflow()

    def overflow(self) -> list[CallTrace]:
        """Return the traces that were touched longest ago while more is held than may be."""
        found = []
        spans, size = self._limits.held_spans, self._limits.held_bytes
        if self.spans > spans or self.size > size:
            while self._held and (self.spans > spans // 2 or self.size > size / 2):
                found.append(self._finish(next(iter(self._held))))
        return [one for one in found if one]

    def rest(self) -> list[CallTrace]:
        """Return everything that is still held."""
        return [one for trace in list(self._held) if (one := self._finish(trace))]

    def _place(self, trace: str, now: datetime | None) -> _Held:
        held = self._held.get(trace)
        if held is None:
            held = self._held[trace] = _Held()
        elif now is not None:
            self._held.move_to_end(trace)
        held.touched = now
        return held

    def _finish(self, trace: str) -> CallTrace | None:
        held = self._held.pop(trace)
        self.spans -= len(held.spans)
        self.size -= held.size
        try:
            return self._assembled(trace, held)
        except Exception as problem:  # whatever a sender wrote into one trace, the others are kept
            self._failed.append(f"trace {trace[:60]} can't be put together ({type(problem).__name__})")
            return None

    def _assembled(self, trace: str, held: _Held) -> CallTrace | None:
        steps = [_identified(understand(raw, self._keys), identity) for identity, raw in held.spans.items()]
        around = _around(held.header, steps, self._keys) if held.header else None
        if not steps and around is None:
            return None
        return assemble(trace, self._source, steps or [around], around, held.header)  # type: ignore[list-item]


def _identified(step: Step, identity: str) -> Step:
    step.id = step.id or identity
    return step


def _around(header: Header, steps: list[Step], keys: Keys) -> Step:
    start = min((step.start for step in steps), default=None)
    end = max((step.end for step in steps), default=None)
    name = header.labels.get("name", "trace")
    return understand(RawSpan(header.trace, f"{header.trace}#", "", name, start, end, header.attributes), keys)
