"""A world on paper: what was recorded of a real incident, with nothing behind it that could be changed.

Learning from an incident needs its traces and no levers; so it works when the systems are unreachable, or long gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from cockpit.archive.store import Archive, Archived
from cockpit.domain.events import NewEvent
from cockpit.domain.levers import LeverOrder, LeverPlan, LeverPull, LeverView
from cockpit.domain.traces import TraceFilter
from cockpit.errors import Refused
from cockpit.live.sight.rows import Judging, detail_of, judge, row_of
from cockpit.world.port import Change, Proof, SignalFrame, TraceDetail, TraceRow

AROUND = 150
"""Traces on either side that are judged in looking for neighbours."""


class PaperWorld:
    """The archive behind the world's port."""

    def __init__(self, archive: Archive, service: str = "", judging: Judging | None = None) -> None:
        self._archive = archive
        self._judging = judging or Judging()
        self.service = service
        self.people: tuple[str, ...] = ()
        self.expertise: dict[str, list[str]] = {}
        self.pagers: tuple[str, ...] = ()
        self._row = 0

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one archived trace by its row."""
        found = self._archive.get(trace)
        if found is None:
            return None
        self._row = self._row or trace
        return detail_of(found, self._judging)

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces in (since, until] that lie next to the one that was opened first."""
        older = self._archive.page(TraceFilter(), before=self._row, limit=AROUND)
        newer = self._archive.page(TraceFilter(), after=self._row, limit=AROUND)
        rows = sorted(one.id for one in [*older, *newer] if since < one.at <= until)
        return [self._judged(found) for row in rows if (found := self._archive.get(row)) is not None]

    def _judged(self, found: Archived) -> TraceRow:
        known = judge(found, self._judging)
        return row_of(found, known.verdict, known.scores)

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """Return nothing: on paper nothing happens."""
        return []

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return nothing: verdicts stand in the rows."""
        return []

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """Return a frame without signals."""
        return SignalFrame(at, window_s, window_s / max(1, bins), ())

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Return no levers."""
        return ()

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return no changes."""
        return ()

    def harmed(self, at: datetime) -> int:
        """Return 0: nobody counts here."""
        return 0

    def card(self, at: datetime) -> Mapping[str, str]:
        """Return an empty card."""
        return {}

    def snapshot(self, at: datetime) -> Mapping[str, Any]:
        """Return no configuration."""
        return {}

    def pull(self, order: LeverOrder) -> None:
        """Do nothing: what the journal says was pulled is history here."""

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """Return a proof of nothing."""
        return Proof(0, 0, "", "", False)

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """Refuse."""
        _no_levers()

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Refuse."""
        _no_levers()

    def plan_canary(self, percent: float, at: datetime) -> LeverPlan:
        """Refuse."""
        _no_levers()


def _no_levers() -> NoReturn:
    raise Refused("levers are pulled in the cockpit, not while learning", hint="cockpit attach INCIDENT")
