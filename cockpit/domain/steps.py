"""Names for what is done and reached in an incident, as order rules and expectations use them."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import Lever

ACTIONS: Mapping[Kind, str] = {
    Kind.ACKNOWLEDGED: "acknowledge",
    Kind.DECLARED: "declare",
    Kind.SEVERITY_SET: "set_severity",
    Kind.CLASS_SET: "set_class",
    Kind.LAYER_SET: "set_layer",
    Kind.CHARACTERISED: "characterise",
    Kind.SCOPE_SET: "set_scope",
    Kind.QUESTION_ANSWERED: "answer",
    Kind.HYPOTHESIS_SET: "set_hypothesis",
    Kind.EVIDENCE_FROZEN: "freeze_evidence",
    Kind.LEVER_PULLED: "pull_lever",
    Kind.CANARY_OPENED: "open_canary",
    Kind.CANARY_WIDENED: "widen_canary",
    Kind.ROLE_TAKEN: "take_role",
    Kind.ROLE_OFFERED: "hand_over_role",
    Kind.UPDATE_POSTED: "post_update",
    Kind.TRACE_PINNED: "pin_trace",
    Kind.NOTED: "note",
    Kind.ALL_CLEAR_GIVEN: "all_clear",
    Kind.FIXTURE_ADDED: "add_fixture",
    Kind.FIXTURE_PROVEN: "prove_fixture",
    Kind.FIXTURE_WAIVED: "waive_fixture",
    Kind.ALERT_ADDED: "name_alert",
    Kind.INCIDENT_CLOSED: "close_incident",
}
"""The action that each kind of event records."""

MILESTONES: Mapping[Kind, str] = {
    Kind.SIGNAL_FIRED: "signal",
    Kind.PAGED: "page",
    Kind.ACKNOWLEDGED: "ack",
    Kind.DECLARED: "declare",
    Kind.SEVERITY_SET: "severity_set",
    Kind.CLASS_SET: "class_set",
    Kind.EVIDENCE_FROZEN: "freeze",
    Kind.LEVER_PULLED: "first_lever",
    Kind.CONTAINED: "verified",
    Kind.ALL_CLEAR_GIVEN: "all_clear",
    Kind.INCIDENT_CLOSED: "closed",
    Kind.POSTMORTEM_DONE: "postmortem_done",
}
"""The milestone that the first event of a kind reaches."""

STEPS = frozenset({*ACTIONS.values(), *MILESTONES.values(), "undo_lever", "contained", *map(str, Lever)})
"""Every name that an order pair may use: milestones, actions, and levers (for the first pull of that lever)."""


def steps_of(event: Event) -> tuple[str, ...]:
    """Return the names that one event answers to."""
    if event.kind is Kind.LEVER_PULLED and event.get("undoes"):
        return ("undo_lever",)
    names = [table[event.kind] for table in (ACTIONS, MILESTONES) if event.kind in table]
    if event.kind is Kind.LEVER_PULLED:
        names.append(str(event.get("lever", "")))
    return tuple(names)
