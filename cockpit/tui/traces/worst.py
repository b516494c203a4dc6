"""The worst traces first, without a screen: a bounded number of failing ones, ranked by their lowest score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cockpit.domain.traces import SOUND, UNJUDGED, Term, TraceFilter, Wanted
from cockpit.tui.traces.source import TraceSource
from cockpit.tui.traces.verdicts import tone
from cockpit.tui.traces.window import SHARE_OF, Snapshot, TraceWindow
from cockpit.world.port import TraceRow

AMONG = 2_000
"""Failing traces that are ranked, the newest; without any, judged ones."""
SHOWN = 500
"""Ranked traces that are held."""
PORTION = 250
LOOKS = 8
"""Every so many looks they are ranked anew: about every two seconds."""

UNSCORED = {"loud": 1.0, "bad": 2.0, "warn": 2.5}
"""What a trace without scores is taken to have, by the tone of its verdict: a leak counts as 1."""
_TONES = ("loud", "bad", "warn", "ok", "dim")


def severity(row: TraceRow) -> tuple[float, int, int]:
    """Return what orders traces, the worst lowest: lowest of the four axes, verdict, newest."""
    how = tone(row.verdict)
    known = [score for score in row.scores if score is not None]
    return min(known, default=UNSCORED.get(how, 5.0)), _TONES.index(how), -row.id


def ranked(source: TraceSource, query: TraceFilter) -> tuple[list[TraceRow], str]:
    """Return the worst traces that match and say in words of how many; may be slow."""
    failing = _except(query, SOUND)
    count = source.count(failing)
    found = list(_newest(source, failing if count else _except(query, {UNJUDGED, ""})))
    found.sort(key=severity)
    among = f"the newest {AMONG:,} of {count:,}" if count > AMONG else f"{count or len(found):,}"
    told = f"worst {min(SHOWN, len(found)):,} of {among} {'failing' if count else 'judged, none failing'}"
    return found[:SHOWN], told


def _except(query: TraceFilter, verdicts: set[str] | frozenset[str]) -> TraceFilter:
    wanted = tuple(Wanted(one, whole=True) for one in sorted(verdicts))
    return replace(query, terms=(*query.terms, Term("verdict", wanted, negated=True)))


def _newest(source: TraceSource, query: TraceFilter) -> Iterator[TraceRow]:
    before: int | None = None
    left = AMONG
    while left > 0 and (rows := source.page(query, before=before, limit=min(left, PORTION))):
        yield from rows
        before, left = rows[-1].id, left - len(rows)


class WorstWindow(TraceWindow):
    """The same window over ranked rows; while somebody holds on to a row nothing is ranked anew."""

    def __init__(self, source: TraceSource, query: TraceFilter) -> None:
        super().__init__(source, query)
        self._looks = 0

    def look(self) -> Callable[[], Snapshot]:
        """Return a look at the store; most looks while following only keep what is there."""
        due = self.following and self._looks % LOOKS == 0
        self._looks += 1
        source, query, rows, note = self.source, self.query, self.rows, self.note
        visible = () if self.following else tuple(row.id for row in self.visible())
        following = self.following

        def work() -> Snapshot:
            held, told = ranked(source, query) if due else (rows, note)
            fresh = {trace: row for trace in visible if (row := source.row(trace)) is not None}
            share = source.failing_share(SHARE_OF)
            return Snapshot(query, held if following else None, len(held), 0, share, fresh, told)

        return work

    def follow(self) -> None:
        """Let go of the cursor; the next look ranks anew."""
        self.following, self.cursor, self.top, self.newer, self._looks = True, None, 0, 0, 0

    def oldest(self) -> None:
        """Put the cursor on the least bad row."""
        if self.rows:
            self.following, self.cursor, self.top = False, self.rows[-1].id, len(self.rows)
            self._bound_top()

    def jump(self, share: float) -> None:
        """Show the rows about a share of the way down."""
        if self.rows:
            self.following, self.cursor = False, None
            self.top = round(len(self.rows) * share)
            self._bound_top()

    def _index(self, trace: int) -> int:
        return next((place for place, row in enumerate(self.rows) if row.id == trace), 0)

    def _reach(self, index: int) -> int:
        return min(max(0, index), len(self.rows) - 1)
