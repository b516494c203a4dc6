"""Cases as plain values and back: the one form that journal, files and exports share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.cases import Case, CaseProof, Check, Input, Neighbour, Passage, Rate, Turn

FORMAT = "cockpit.case/1"

_RATES = ("bad", "fixed", "neighbours")


def to_plain(case: Case) -> dict[str, Any]:
    """Return a case as plain values in a fixed order, leaving out what is empty."""
    whole = {
        "format": FORMAT,
        "id": case.id,
        "line": case.line,
        "class": case.incident_class,
        "rubric": case.rubric,
        "route": case.route,
        "incident": case.incident,
        "trace": case.trace,
        "added": {"by": case.added_by, "at": case.added_at} if case.added_by or case.added_at else None,
        "input": input_plain(case.given),
        "parameters": dict(sorted(case.parameters.items())),
        "expect": [{check.kind: check.value} for check in case.checks],
        "good": case.good,
        "runs": case.runs,
        "least": case.least,
        "bad_output": case.bad_output,
        "neighbours": [_neighbour_plain(one) for one in case.neighbours],
        "proof": proof_plain(case.proof) if case.proof else None,
    }
    always = ("format", "id", "line", "class", "rubric", "route", "input", "expect")
    return {key: value for key, value in whole.items() if key in always or value not in (None, "", [], {})}


def input_plain(given: Input) -> dict[str, Any]:
    """Return an input as plain values."""
    whole: dict[str, Any] = {
        "messages": [{"role": turn.role, "content": turn.content} for turn in given.turns],
        "context": [{"source": one.source, "text": one.text} for one in given.context],
        "tools": list(given.tools),
    }
    return {key: value for key, value in whole.items() if value}


def proof_plain(proof: CaseProof) -> dict[str, Any]:
    """Return a proof as plain values."""
    names = ("verdict", "why", "how", "at", "bad_config", "fixed_config")
    plain: dict[str, Any] = {name: getattr(proof, name) for name in names if getattr(proof, name)}
    for name in _RATES:
        rate: Rate = getattr(proof, name)
        plain[name] = {"passed": rate.passed, "of": rate.of}
    return plain


def from_plain(plain: Mapping[str, Any]) -> Case:
    """Make a case of what `to_plain` wrote, or of the same in a checked file; what is missing is empty."""
    added = _table(plain.get("added"))
    return Case(
        id=str(plain.get("id", "")),
        line=str(plain.get("line", "")),
        incident_class=str(plain.get("class", "")),
        rubric=str(plain.get("rubric", "")),
        route=str(plain.get("route", "")),
        incident=str(plain.get("incident", "")),
        trace=str(plain.get("trace", "")),
        given=input_of(_table(plain.get("input"))),
        checks=checks_of(plain.get("expect")),
        good=str(plain.get("good", "")),
        bad_output=str(plain.get("bad_output", "")),
        parameters=_table(plain.get("parameters")),
        neighbours=tuple(_neighbour_of(_table(one)) for one in plain.get("neighbours") or ()),
        added_by=str(added.get("by", "")),
        added_at=str(added.get("at", "")),
        runs=int(plain.get("runs", 1)),
        least=float(plain.get("least", 1.0)),
        proof=proof_of(_table(plain.get("proof"))) if plain.get("proof") else None,
    )


def input_of(plain: Mapping[str, Any]) -> Input:
    """Make an input of plain values."""
    turns = tuple(Turn(str(one["role"]), str(one["content"])) for one in plain.get("messages") or ())
    context = tuple(Passage(str(one.get("source", "")), str(one["text"])) for one in plain.get("context") or ())
    return Input(turns, context, tuple(str(name) for name in plain.get("tools") or ()))


def checks_of(listed: Any) -> tuple[Check, ...]:
    """Make checks of a list of one-key tables."""
    return tuple(Check(kind, value) for one in listed or () for kind, value in one.items())


def proof_of(plain: Mapping[str, Any]) -> CaseProof:
    """Make a proof of plain values."""
    bad, fixed, neighbours = (_rate(plain.get(name)) for name in _RATES)
    verdict, why, how, at, first, second = (
        str(plain.get(name, "")) for name in ("verdict", "why", "how", "at", "bad_config", "fixed_config")
    )
    return CaseProof(verdict, why, how, bad, fixed, neighbours, at, first, second)


def _rate(plain: Any) -> Rate:
    given = _table(plain)
    return Rate(int(given.get("passed", 0)), int(given.get("of", 0)))


def _neighbour_plain(one: Neighbour) -> dict[str, Any]:
    plain: dict[str, Any] = {"trace": one.trace, **input_plain(one.given), "answer": one.answer}
    return {key: value for key, value in plain.items() if value}


def _neighbour_of(plain: Mapping[str, Any]) -> Neighbour:
    return Neighbour(str(plain.get("trace", "")), input_of(plain), str(plain.get("answer", "")))


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
