"""The root cause, by layer and by kind, said no surer than the record is."""

from __future__ import annotations

from cockpit.domain.triage import facts_on_record
from cockpit.postmortem.record import OPEN, Record, safe

ENUM = {"prompt": "prompt", "model": "model-provider", "retrieval": "retrieval", "tool": "infra", "infra": "infra"}
"""The kind of root cause that each layer is; data and misuse are told by the change and by the class."""

ATTACKS = ("injection", "jailbreak", "guardrail_bypass")
UNKNOWN, SUSPECTED, CONFIRMED = "unknown", "suspected", "confirmed"


def certainty(record: Record) -> tuple[str, str]:
    """Return how sure the record is, and what that rests on."""
    state = record.state
    if not state.triage.layer:
        return UNKNOWN, "no layer was named"
    if facts_on_record(record.playbook, state).get("undo_helped") is True:
        return CONFIRMED, "undoing the change brought the signal back to its baseline"
    held = [text for text, status in state.triage.hypotheses.items() if status == "supported"]
    if held and state.triage.change:
        return CONFIRMED, f"supported by what was tried: {safe(held[-1], 200)}"
    return SUSPECTED, "named by a responder; no undo, no trial on record shows it yet"


def kind(record: Record) -> str:
    """Return the kind of root cause: prompt, model-provider, retrieval, data, infra, misuse, or unknown."""
    triage = record.state.triage
    if triage.change.partition(":")[0] in ("data", "corpus", "document"):
        return "data"
    if not triage.layer:
        return "misuse" if triage.incident_class in ATTACKS else UNKNOWN
    return ENUM.get(triage.layer, UNKNOWN)


def root_cause(record: Record) -> list[str]:
    """Return the section's lines."""
    triage = record.state.triage
    sure, why = certainty(record)
    if sure == UNKNOWN:
        return [f"{OPEN}the record names no layer yet. Kind: {kind(record)}."]
    lines = [
        f"- **Layer:** {safe(triage.layer)}",
        f"- **Kind:** {kind(record)}",
        f"- **Certainty:** {sure}: {why}",
    ]
    if triage.component:
        lines.insert(1, f"- **Component:** {safe(triage.component)}")
    lines.append(f"- **Change:** {safe(triage.change)}" if triage.change else f"- **Change:** {OPEN}none was named")
    if triage.incident_class in ATTACKS and kind(record) != "misuse":
        lines.append("- **Contributing:** misuse: the input was made to attack")
    held = triage.hypotheses.items()
    lines += [f"- {safe(status)}: {safe(text)}" for text, status in held if safe(text, 200) not in why]
    return lines
