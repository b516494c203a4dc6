"""An in-memory trace store and rows for the tests of the trace screens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.traces import TraceFilter
from cockpit.world.port import TraceDetail, TraceRow

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
VERDICTS = ("ok", "leak", "ok", "ok", "refused", "ok", "·")


def row(trace: int, **changes: Any) -> TraceRow:
    """Make a trace; every seventh leaks."""
    made = TraceRow(
        id=trace,
        at=START + timedelta(milliseconds=100 * trace),
        verdict=VERDICTS[trace % len(VERDICTS)],
        route="/support" if trace % 2 else "/faq",
        prompt="v41",
        model="sonnet-4-5@0929",
        tenant=("acme", "beta-shop", "delta-co")[trace % 3],
        session=f"s{trace % 50}",
        ttft_ms=420,
        total_ms=1900,
        tokens_in=1200,
        tokens_out=612,
        cost_micros=4100,
        text=f"trace {trace}: where is my order?",
    )
    return replace(made, **changes)


def detail(trace: int = 1, **changes: Any) -> TraceDetail:
    """Make an opened trace."""
    made = TraceDetail(
        row=row(trace, scores=(4.5, 1.0, 3.5, None)),
        messages=(("system", "You help customers."), ("user", "Where is my order?"), ("assistant", "Order 7 …")),
        chunks=(("orders/beta-shop/7.json", 0.91, "order 7 of beta-shop"), ("faq.md", 0.55, "Shipping takes 3 d")),
        tool_calls=(("order_lookup", '{"order": 7}', '{"tenant": "beta-shop"}'),),
        parameters={"model": "sonnet-4-5@0929", "temperature": 0.7, "top_p": 1.0, "max_tokens": 800, "seed": 7},
        headers={"x-config-id": "cfg-41", "x-tier": "primary"},
        judge_note="names another tenant's order",
    )
    return replace(made, **changes)


class FakeTraces:
    """A TraceSource over a list, oldest first inside; safe to use from several threads.

    It reads filters as the text they were parsed from: `key:value` words, all of which must be contained.
    """

    def __init__(self, rows: Sequence[TraceRow] = ()) -> None:
        self._rows = list(rows)
        self._lock = threading.Lock()
        self.asked: dict[TraceFilter, str] = {TraceFilter(): ""}
        self.queries = 0

    def add(self, *rows: TraceRow) -> None:
        """Let traces arrive."""
        with self._lock:
            self._rows.extend(rows)

    def judge(self, trace: int, verdict: str) -> None:
        """Change a verdict, as a late judge does."""
        with self._lock:
            self._rows = [replace(one, verdict=verdict) if one.id == trace else one for one in self._rows]

    def parse(self, text: str) -> TraceFilter:
        """Parse a filter and remember what it asks for."""
        query = TraceFilter.parse(text)
        self.asked[query] = text
        return query

    def page(
        self, query: TraceFilter, /, *, before: int | None = None, after: int | None = None, limit: int = 128
    ) -> list[TraceRow]:
        rows = self._matching(query)
        if after is not None:
            return [one for one in rows if one.id > after][:limit][::-1]
        kept = [one for one in rows if before is None or one.id < before]
        return kept[-limit:][::-1]

    def count(self, query: TraceFilter, /) -> int:
        return len(self._matching(query))

    def rank(self, trace: int, query: TraceFilter, /) -> int:
        return sum(1 for one in self._matching(query) if one.id > trace)

    def row(self, trace: int, /) -> TraceRow | None:
        with self._lock:
            return next((one for one in self._rows if one.id == trace), None)

    def failing_share(self, last: int, /) -> float:
        with self._lock:
            judged = [one.verdict not in ("ok", "·") for one in self._rows[-last:]]
        return sum(judged) / len(judged) if judged else 0.0

    def _matching(self, query: TraceFilter) -> list[TraceRow]:
        with self._lock:
            self.queries += 1
            return [one for one in self._rows if query.matches(one)]
