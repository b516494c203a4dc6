"""What is believed about the failure: class, layer, scope, the five questions, hypotheses, and symptom rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.content import Content

from cockpit.domain.expertise import to_ask
from cockpit.domain.parts import Triage
from cockpit.domain.triage import symptoms_for
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN
from cockpit.tui.text import line, untrusted

ASPECTS = ("since", "fraction", "shape", "reproducible", "changed")
"""What characterising a failure answers."""
LABEL = 8


def characterised(triage: Triage) -> int:
    """Count how many of the five aspects are answered."""
    return sum(triage.characterised.get(aspect) not in (None, "") for aspect in ASPECTS)


def belief_rows(snapshot: Snapshot, width: int) -> Iterator[Row]:
    """Draw what people have put on record, with the key for what is missing."""
    triage = snapshot.state.triage
    kind = snapshot.playbook.profile.find_class(triage.incident_class)
    yield from _fact("class", kind.title if kind else triage.incident_class, "i", width, "open:classify")
    if kind and kind.advice:
        yield from paragraph(untrusted(kind.advice, DIM), width, indent=LABEL)
    layer = " · ".join(part for part in (triage.layer, triage.component, triage.change) if part)
    yield from _fact("layer", layer, "i", width)
    if asked := to_ask(triage.layer, snapshot.expertise):
        yield from paragraph(untrusted(asked, DIM), width, indent=LABEL)
    yield from _fact("scope", _scope(triage.scope, triage.characterised), "g", width, "open:characterise")
    yield from _fact("repro", str(triage.characterised.get("reproducible") or ""), "g", width)
    count = characterised(triage)
    style = GOOD if count == len(ASPECTS) else WARN
    missing = ", ".join(one for one in ASPECTS if triage.characterised.get(one) in (None, ""))
    open_part = (f"  missing: {missing}", DIM) if missing else (" ✔", GOOD)
    yield from paragraph(line(("Characterise ", "bold"), (f"{count}/{len(ASPECTS)}", f"bold {style}"), open_part),
                         width, hang=LABEL)  # fmt: skip
    yield from _hypotheses(triage.hypotheses, width)


def _fact(label: str, text: str, key: str, width: int, row_key: str = "") -> Iterator[Row]:
    head = line((label.ljust(LABEL), DIM))
    tail = untrusted(text, limit=400) if text else line(("not yet: ", DIM), (key, KEY))
    yield from paragraph(head + tail, width, hang=LABEL, key=row_key)


def _scope(scope: Mapping[str, Any], characterised_as: Mapping[str, Any]) -> str:
    parts = [_listed(scope.get("routes"))]
    fraction = characterised_as.get("fraction")
    if isinstance(fraction, int | float):
        parts.append(f"{fraction:.1%} of traffic")
    if scope.get("prompt"):
        parts.append(f"prompt {scope['prompt']}")
    if characterised_as.get("since"):
        parts.append(f"since {characterised_as['since']}")
    tenants = _listed(scope.get("tenants"))
    return " · ".join(part for part in (*parts, f"tenants {tenants}" if tenants else "") if part)


def _listed(names: object) -> str:
    if isinstance(names, str):
        return names
    return ", ".join(str(name) for name in names) if isinstance(names, Sequence) else ""


def _hypotheses(hypotheses: Mapping[str, str], width: int) -> Iterator[Row]:
    marks = {"supported": ("✔ ", GOOD), "refuted": ("✖ ", BAD)}
    for text, status in hypotheses.items():
        style = DIM if status == "refuted" else ""
        yield from paragraph(
            line(marks.get(status, ("? ", WARN)), untrusted(text, style), (f" {status}", DIM)), width, hang=2
        )


def symptom_rows(snapshot: Snapshot, width: int) -> Iterator[Row]:
    """Open the rows of the symptom table whose signals are over their lines."""
    seen: set[str] = set()
    for series in snapshot.frame.series:
        if not series.breached:
            continue
        for symptom in symptoms_for(snapshot.playbook, series.name):
            if symptom.id in seen:
                continue
            seen.add(symptom.id)
            if len(seen) == 1:
                yield Row(Content(""))
                yield row(("Symptoms", "bold"), ("  signals over a line", DIM))
            yield from paragraph(line(("▲ ", BAD), untrusted(symptom.symptom)), width, hang=2)
            yield from paragraph(line(("often ", DIM), symptom.cause), width, indent=2)
            yield from paragraph(line(("first ", DIM), symptom.first_step), width, indent=2)
