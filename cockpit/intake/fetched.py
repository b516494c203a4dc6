"""Pages of systems that keep traces as traces, through the same readers that files go through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.calls import CallTrace
from cockpit.intake.files import Reading
from cockpit.intake.formats import read_document
from cockpit.intake.gather import GRACE, Gatherer
from cockpit.intake.judgements import Judged, Judgement
from cockpit.intake.keys import Keys, Limits
from cockpit.intake.raw import Batch, Unreadable
from cockpit.intake.stores import braintrust, langfuse, langsmith, mlflow, phoenix
from cockpit.intake.stores.stored import Reader, Stored
from cockpit.world.contract import TracePage


def _any(value: Any) -> Stored:
    return Stored(read_document(value))


FORMATS: Mapping[str, Reader] = {
    "any": _any,
    "phoenix": phoenix.read,
    "mlflow": mlflow.read,
    "langfuse": langfuse.read,
    "braintrust": braintrust.read,
    "langsmith": langsmith.read,
}
"""How a document of a page is read, by the page's format; `any` reads whatever `cockpit traces import` reads."""


class Fetched:
    """Takes pages of one source; spans of a trace may come on several, in any order, and judgements apart from them.

    Attributes:
        reading: what was read, and what could not be.
    """

    def __init__(self, source: str, keys: Keys | None = None, limits: Limits | None = None) -> None:
        self.reading = Reading()
        self._limits = limits or Limits()
        self._gatherer = Gatherer(source, keys, self._limits)
        self._judgements: dict[str, list[Judgement]] = {}
        self._running: set[str] = set()
        self._open: dict[str, datetime] = {}
        self._full: list[CallTrace] = []

    def take(self, page: TracePage, place: str = "page") -> None:
        """Read a page; what can't be read is counted and named by `place`, and the rest is kept."""
        reader = FORMATS.get(page.format)
        for number, document in enumerate(page.documents, 1):
            where = f"{place}, document {number}" if len(page.documents) > 1 else place
            if reader is None:
                self.reading.missed(where, f"nothing reads the format {page.format!r}")
                continue
            try:
                self._keep(reader(document), where)
            except Unreadable as problem:
                self.reading.missed(where, str(problem))
            except RecursionError:
                self.reading.missed(where, "it is nested too deeply")

    def _keep(self, stored: Stored, where: str) -> None:
        self.reading.missed_all(where, stored.batch.reasons)
        self.reading.spans += len(stored.batch.spans)
        self._running |= stored.running
        self._note_open(stored.batch)
        self._gatherer.add(stored.batch)
        for one in stored.judgements:
            self._judgements.setdefault(one.trace, []).append(one)
        self._full += self._gatherer.overflow()

    def _note_open(self, batch: Batch) -> None:
        for span in batch.spans:
            if span.end is None and span.start is not None:
                self._open[span.trace] = max(span.start, self._open.get(span.trace, span.start))

    def whole(self, now: datetime, patience: timedelta) -> tuple[list[CallTrace], list[CallTrace]]:
        """Return the traces that are over, in the order they ended, and those that are not.

        A trace is not over while a step of it runs, or right after its last step where its root is still missing.

        Args:
            patience: how long after its beginning a trace is waited for at most; then it is taken as it is.
        """
        found = [*self._full, *self._gatherer.rest()]
        self._full = []
        self.reading.missed_all("traces", self._gatherer.take_failed())
        over, waiting = list[CallTrace](), list[CallTrace]()
        for trace in found:
            (over if self._is_over(trace, now, patience) else waiting).append(trace)
        judged = [self._judged(trace) for trace in over]
        for trace in found:
            self._judgements.pop(trace.id, None)
        return sorted(judged, key=lambda trace: trace.ended), waiting

    def loose(self) -> dict[str, Judged]:
        """Return what was said of traces that were on none of the pages, by their id; ask after `whole`."""
        return {trace: Judged.of(said) for trace, said in self._judgements.items()}

    def _is_over(self, trace: CallTrace, now: datetime, patience: timedelta) -> bool:
        last = max((span.start for span in trace.spans), default=trace.started)
        if now - last >= patience:
            return True
        if trace.id in self._running or trace.id in self._open:
            return False
        pause = GRACE if any(not span.parent for span in trace.spans) else timedelta(seconds=self._limits.pause_s)
        return now - trace.ended >= pause

    def _judged(self, trace: CallTrace) -> CallTrace:
        said = self._judgements.get(trace.id)
        if not said:
            return trace
        judged = Judged.of(said)
        return replace(
            trace, scores={**trace.scores, **judged.scores}, labels={**trace.labels, **judged.labels}
        )  # fmt: skip
