"""What a signal means: the rows of the symptom table that it opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from cockpit.domain.triage import symptoms_for
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import DIM, against_line, amount
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import line, untrusted
from cockpit.world.port import Series

NO_ROW = "The symptom table has no row for it: look at the traces and at what changed (w)."


class SymptomScreen(Sheet):
    """One signal: where it stands, and what usually causes it when it moves."""

    HEADING = "What this signal means"

    def __init__(self, snapshot: Snapshot, signal: str) -> None:
        super().__init__(snapshot, cast("Controller", None))
        self._signal = signal

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write where the signal stands, then its symptoms."""
        series = snapshot.frame.get(self._signal)
        symptoms = symptoms_for(snapshot.playbook, self._signal)
        rows = [*(_standing(series) if series else ())]
        for symptom in symptoms:
            rows += [row(""), *paragraph(untrusted(symptom.symptom, "bold"), width, key=symptom.id)]
            rows += paragraph(line(("usual cause  ", DIM), untrusted(symptom.cause)), width, indent=2, hang=15)
            rows += paragraph(line(("first step   ", DIM), untrusted(symptom.first_step)), width, indent=2, hang=15)
        if not symptoms:
            rows += [row(""), row((NO_ROW, DIM))]
        return rows


def _standing(series: Series) -> Iterator[Row]:
    limit = "no line" if series.threshold is None else f"line {series.threshold:.3g}"
    side = "bad below" if series.floor else "bad above"
    yield row((series.label, "bold"), f"  {amount(series.latest)} {series.unit}  ", against_line(series), key="now")
    yield row((f"usual {amount(series.baseline)} · {limit}, {side}", DIM))
    if series.harm:
        yield row(("containment is judged on this signal", DIM))
