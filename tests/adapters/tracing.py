"""What tests of sources of traces share: all pages of a source as traces, and what the recorded trace must say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.calls import CallTrace
from cockpit.intake.fetched import Fetched
from cockpit.world.contract import Deadline, TracePage, TraceSource

BEGIN, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
NOBODY_WAITS = timedelta(0)


def pages_of(source: TraceSource, since: datetime = BEGIN, until: datetime = END) -> list[TracePage]:
    """Return all pages."""
    pages = [source.traces(since, until, "", Deadline(10))]
    while pages[-1].cursor:
        assert len(pages) < 100, "pages without end"
        pages.append(source.traces(since, until, pages[-1].cursor, Deadline(10)))
    return pages


def fetched(source: TraceSource, since: datetime = BEGIN, until: datetime = END) -> tuple[list[CallTrace], Fetched]:
    """Return all traces of a source, and what read them; nothing in them may be unreadable."""
    reader = Fetched("source")
    for page in pages_of(source, since, until):
        reader.take(page)
    traces, waiting = reader.whole(datetime.now(UTC), NOBODY_WAITS)
    assert waiting == []
    assert reader.reading.problems == []
    return traces, reader


def essence(trace: CallTrace) -> dict[str, Any]:
    """Return what every system has to tell of the one trace that was recorded with all of them."""
    return {
        "asked": trace.asked, "answered": trace.answered, "model": trace.model, "session": trace.session,
        "user": trace.user, "tenant": trace.tenant, "route": trace.route, "prompt": trace.prompt,
        "tokens": (trace.tokens_in, trace.tokens_out),
        "messages": [(one.role, one.text) for one in trace.messages][:2],
        "chunks": [(one.source, one.text, one.score) for one in trace.chunks][:1],
        "tools": [(one.name, one.arguments) for one in trace.tools],
        "temperature": trace.parameters.get("temperature"),
    }  # fmt: skip


RECORDED: dict[str, Any] = {
    "asked": "Refund order 8812?", "answered": "Refunded 40 euros.", "model": "gpt-4o-2024-08-06", "session": "s-7",
    "user": "u-3", "tenant": "acme", "route": "/chat", "prompt": "support/3", "tokens": (120, 30),
    "messages": [("system", "Be brief."), ("user", "Refund order 8812?")],
    "chunks": [("kb-7", "Refunds within 30 days", 0.91)], "tools": [("refund", '{"order": 8812}')],
    "temperature": 0.2,
}  # fmt: skip
