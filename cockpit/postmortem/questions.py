"""Five questions and the eval gate, answered from the record or marked open."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain.events import Kind
from cockpit.postmortem.cause import UNKNOWN, certainty, kind
from cockpit.postmortem.record import OPEN, Gate, Record, safe, span, stamp
from cockpit.postmortem.todo import items

_SLOW = 1800.0
"""Seconds from the page to the layer from which on it is said that finding it was hard."""


def five_questions(record: Record) -> list[str]:
    """Return the five questions with their answers."""
    asked = (
        ("What happened?", _what(record)),
        ("When did it start?", _when(record)),
        ("Why was it not caught before it hit users?", _uncaught(record)),
        ("What made it hard to diagnose?", " ".join(_hard(record)) or _easy(record)),
        ("What changes prevent recurrence?", _prevents(record)),
    )
    lines: list[str] = []
    for number, (question, answer) in enumerate(asked, 1):
        lines += [f"{number}. **{question}** {answer}"]
    return lines


def eval_gate(record: Record) -> list[str]:
    """Say which of the three answers holds, and what it asks for."""
    gate = record.gate
    cases = ", ".join(safe(one.id) for one in record.state.learning.fixtures)
    many = len(record.state.learning.fixtures) > 1
    made = f"- **New case{'s' if many else ''}:** {cases}" if cases else f"- **New case:** {OPEN}none was made"
    if gate is None:
        return [f"- {OPEN}the golden set has not been asked: had-and-caught, had-and-missed, or did-not-have?", made]
    return [f"- **Answer:** {gate.answer}", *_had(gate), f"- **It asks for:** {safe(gate.asks)}", made]


def _had(gate: Gate) -> Iterator[str]:
    if gate.had:
        yield f"- **Cases of this class and route:** {', '.join(map(safe, gate.had))}"
    if gate.caught_by:
        yield f"- **Caught by:** {', '.join(map(safe, gate.caught_by))}"


def _what(record: Record) -> str:
    shape = str(record.state.triage.characterised.get("shape", ""))
    return f"{safe(shape[:1].upper() + shape[1:])}." if shape else f"{OPEN}its shape is not on record."


def _when(record: Record) -> str:
    began, source = record.onset
    return f"{stamp(began)} UTC ({source})." if began else f"{OPEN}no moment is on record."


def _uncaught(record: Record) -> str:
    if record.gate is None:
        return f"{OPEN}the golden set has not been asked."
    why = {
        "had-and-caught": "The golden set has the class and catches it; the fault is on a path it does not take.",
        "had-and-missed": "The golden set has the class, but its checks let the bad answer pass.",
        "did-not-have": "The golden set had no case of this class for this route: the gate had nothing to catch.",
    }
    return why.get(record.gate.answer, safe(record.gate.answer))


def _hard(record: Record) -> Iterator[str]:
    state = record.state
    named = record.first("set_layer")
    refuted = [text for text, status in state.triage.hypotheses.items() if status == "refuted"]
    if refuted:
        many = "A hypothesis" if len(refuted) == 1 else f"{len(refuted)} hypotheses"
        yield f"{many} turned out wrong: {safe('; '.join(refuted))}."
    if named and state.page_at and (named.at - state.page_at).total_seconds() > _SLOW:
        yield f"The layer was named {span(state.page_at, named.at)} after the page."
    layers = [str(event.get("layer", "")) for event in record.of(Kind.LAYER_SET)]
    if len(set(layers)) > 1:
        yield f"The layer was named anew: {safe(' → '.join(layers))}."
    unknown = len(record.of(Kind.LEVER_UNKNOWN))
    if unknown:
        yield f"What became of {unknown} pulls was unknown for a time."


def _easy(record: Record) -> str:
    named, page = record.first("set_layer"), record.state.page_at
    if named is None or page is None:
        return f"{OPEN}the record does not say."
    return f"Nothing on record: the layer was named {span(page, named.at)} after the page, at the first attempt."


def _prevents(record: Record) -> str:
    learning = record.state.learning
    cases = ", ".join(safe(one.id) for one in learning.proven)
    found = [f"the proven case{'s' if len(learning.proven) > 1 else ''} {cases}"] if cases else []
    found += [f"the alert “{safe(one.name)}”" for one in learning.alerts]
    left = [one for one in items(record.state) if not one.done]
    found += [f"the action items below ({', '.join(safe(one.id) for one in left)})"] if left else []
    if not found:
        return f"{OPEN}nothing is on record."
    told = "; ".join(found)
    if certainty(record)[0] != UNKNOWN:
        return f"Against another failure of this kind ({kind(record)}): {told}."
    return f"{told[0].upper()}{told[1:]}."
