"""The card for 2 a.m.: the four things to know before anything else."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import DIM, against_line, amount
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import fit, line, untrusted

LABEL = 24
"""How wide names are."""


class CardScreen(Sheet):
    """Last-known-good prompt, the model and its last move, scores against baseline, retrieval."""

    HEADING = "2 a.m. card"

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write each line of the card, then the signals against their baselines."""
        rows: list[Row] = []
        for name, value in snapshot.card.items():
            label = line((fit(name.replace("_", " "), LABEL), "bold"), " ")
            rows += paragraph(label + untrusted(value, limit=600), width, hang=LABEL + 1, key=name)
        rows += [row(""), row(("now against baseline", "bold"), key="signals")]
        for series in snapshot.frame.series:
            measured = f"{amount(series.latest)} against {amount(series.baseline)} {series.unit}".strip()
            rows.append(row(fit(series.label, LABEL), f" {measured.ljust(26)} ", against_line(series)))
        return rows or [row(("nothing is known yet", DIM))]
