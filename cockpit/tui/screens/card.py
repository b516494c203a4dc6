"""The card for 2 a.m.: the four things to know before anything else."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import untrusted


class CardScreen(Sheet):
    """Last-known-good prompt, the model and its last move, scores against baseline, retrieval."""

    HEADING = "2 a.m. card"

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write each line of the card, then the signals against their baselines."""
        rows: list[Row] = []
        for name, value in snapshot.card.items():
            rows.append(row((name.replace("_", " "), "bold"), key=name))
            rows += paragraph(untrusted(value, limit=600), width, indent=2)
        rows += [row(""), row(("now against baseline", "bold"), key="signals")]
        for series in snapshot.frame.series:
            style, word = (BAD, "▲ beyond its line") if series.breached else (GOOD, "✔ inside")
            measured = f"{series.latest:.3g} against {series.baseline:.3g} {series.unit}".strip()
            rows.append(row("  ", (series.label.ljust(24)[:24], ""), f" {measured.ljust(26)} ", (word, style)))
        return rows or [row(("nothing is known yet", DIM))]
