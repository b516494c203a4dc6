"""The what-changed board: prompts, models behind their aliases, index, tools, guardrails, flags, status, traffic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cockpit.domain.clock import mmss
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, stamp
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import line, untrusted
from cockpit.world.port import Change

RECENT_S = 3600.0
"""A change within this many seconds before the page is marked: most incidents follow one."""

NOTHING = "Nothing is on record. Something may have moved all the same: a floating alias, the data."
PROVIDER = "provider"
"""The kind of a change that is a provider's word about its own health."""

WORDS_AT = 26
"""Where what changed begins, behind its time."""

LEGEND = " within the hour before the page · a change is not yet a cause"


class ChangesScreen(Sheet):
    """Everything that changed lately, newest first; time and coincidence prove nothing by themselves."""

    HEADING = "What changed"

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write one block per change."""
        if not snapshot.changes:
            unasked = paragraph(line(("▲ ", BAD), (snapshot.problem, BAD)), width, hang=2) if snapshot.problem else []
            return [*unasked, *paragraph(line((NOTHING, DIM)), width)]
        head = paragraph(line(("newest first · ", DIM), ("●", WARN), (LEGEND, DIM)), width)
        return [*head, row(""), *(one for change in snapshot.changes for one in _block(change, snapshot, width))]


def _block(change: Change, snapshot: Snapshot, width: int) -> Iterator[Row]:
    named = change.ref and change.ref == snapshot.state.triage.change
    glyph = ("◇ ", WARN) if change.kind == PROVIDER else ("● ", WARN) if _close(change, snapshot) else ("  ", "")
    first = line(
        glyph, (f"{stamp(change.at)} ", "bold"), (_before(change, snapshot).ljust(15), DIM),
        untrusted(change.what, "bold", limit=300), (f"  by {change.by}" if change.by else "", DIM),
        ("  ◀ named as the cause" if named else "", GOOD),
    )  # fmt: skip
    hang = WORDS_AT if width > 70 else 4
    yield from paragraph(first, width, hang=hang, key=change.ref or change.what)
    moved = f"{change.before or '–'} → {change.after or '–'}   {change.kind}   {change.ref}"
    if change.kind == PROVIDER:
        moved = f"says the provider: {change.after or 'nothing more'}   {change.ref}"
    values = untrusted(moved, DIM, limit=400)
    yield from paragraph(values, width, indent=hang)
    if change.note.strip():
        yield from paragraph(untrusted(change.note, limit=600), width, indent=hang)


def _close(change: Change, snapshot: Snapshot) -> bool:
    page = snapshot.state.page_at
    return page is not None and 0 <= (page - change.at).total_seconds() <= RECENT_S


def _before(change: Change, snapshot: Snapshot) -> str:
    page = snapshot.state.page_at
    if page is None:
        return ""
    away = (change.at - page).total_seconds()
    if abs(away) >= 86_400:
        return f"{abs(away) / 86_400:.0f} d {'before' if away < 0 else 'after'}"
    return f"{mmss(abs(away))} {'before' if away < 0 else 'after'}"
