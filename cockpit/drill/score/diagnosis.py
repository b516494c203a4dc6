"""H3: what was named against what was true."""

from __future__ import annotations

import re

from cockpit.domain.events import Kind
from cockpit.drill.score import formulas
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import PartScore

NOTHING = "nothing"
"""The change that is named when no change did it: saying so is a finding, not a gap."""

_NO_CHANGE = ("", "none", "nothing", "no change")
_LAYERS = {"data": "retrieval", "data_retrieval": "retrieval", "data_and_retrieval": "retrieval"}
_LAYERS |= {"infrastructure": "infra", "tools": "tool", "prompts": "prompt", "models": "model"}


def diagnosis(case: Case) -> PartScore:
    """Score layer, component, change and class by F1; a truth that the profile has no word for is left out."""
    named, true = _named(case), _true(case)
    seqs = case.seqs(Kind.CLASS_SET, Kind.LAYER_SET) + tuple(
        event.seq
        for event in case.events
        if event.kind is Kind.QUESTION_ANSWERED and event.get("question") == "changed"
    )
    hits = {kind for kind in named if kind in true and _same(kind, named[kind], true[kind])}
    value = formulas.f1({*hits, *(f"wrong {kind}" for kind in named if kind not in hits)}, set(true))
    said = ", ".join(f"{kind} {'right' if kind in hits else 'wrong'}" for kind in named) or "nothing named"
    open_ = ", ".join(kind for kind in true if kind not in named)
    return PartScore(value, said + (f"; not named: {open_}" if open_ else ""), tuple(sorted(seqs)))


def _true(case: Case) -> dict[str, str]:
    truth = case.scenario.truth
    known = case.profile.class_for(truth.kind)
    found = {
        "layer": _layer(truth.layer),
        "component": _plain(truth.component),
        "change": truth.change.lower() or NOTHING,
        "class": known.id if known else "",
    }
    return {kind: value for kind, value in found.items() if value}


def _named(case: Case) -> dict[str, str]:
    triage = case.state.triage
    found = {
        "layer": _layer(triage.layer),
        "component": _plain(triage.component),
        "change": _change(case),
        "class": _class(case, triage.incident_class),
    }
    return {kind: value for kind, value in found.items() if value}


def _change(case: Case) -> str:
    named = case.state.triage.change.strip().lower()
    if named:
        return NOTHING if named in _NO_CHANGE else named
    answer = case.state.triage.answers.get("changed")
    return NOTHING if answer and answer.answer == "nothing" else ""


def _class(case: Case, named: str) -> str:
    known = case.profile.class_for(named) if named else None
    return known.id if known else named


def _same(kind: str, named: str, true: str) -> bool:
    if kind != "component":
        return named == true
    shorter, longer = sorted((named, true), key=len)
    return named == true or (len(shorter) >= 3 and shorter in longer)


def _layer(name: str) -> str:
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_")
    return _LAYERS.get(plain, plain)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
