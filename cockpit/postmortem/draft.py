"""The draft: every section written from the journal alone. The same lines always give the same draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit.domain.events import Event
from cockpit.domain.playbook import Playbook
from cockpit.postmortem.cause import root_cause
from cockpit.postmortem.document import Section, section
from cockpit.postmortem.impact import detection, impact, summary
from cockpit.postmortem.lessons import lessons, told
from cockpit.postmortem.questions import eval_gate, five_questions
from cockpit.postmortem.record import Gate, Record, safe
from cockpit.postmortem.timeline import timeline
from cockpit.postmortem.todo import Item, items

REQUIRED = (
    "summary", "impact", "timeline", "root-cause", "detection", "went-well", "went-poorly", "five-questions",
    "eval-gate", "lever-debt", "actions",
)  # fmt: skip
"""The sections that a postmortem needs, in their order."""

_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9./:-]{3,250}")

ACTION_HEAD = ("| id | what | owner | due | state |", "|---|---|---|---|---|")


def draft(events: Sequence[Event], playbook: Playbook, gate: Gate | None = None) -> list[Section]:
    """Write a postmortem.

    Args:
        gate: what the golden set could have done, where somebody has asked it.
    """
    record = Record(events, playbook, gate)
    found = lessons(record)
    state = record.state
    return [
        Section("title", (f"# Postmortem {safe(state.incident)}: {safe(state.title or 'an incident')}",)),
        section("summary", "Summary", summary(record)),
        section("impact", "Impact", impact(record)),
        section("timeline", "Timeline", timeline(record)),
        section("root-cause", "Root cause", root_cause(record)),
        section("detection", "Detection gap", detection(record)),
        section("went-well", "What went well", told(found, True)),
        section("went-poorly", "What went poorly", told(found, False)),
        section("five-questions", "Five questions", five_questions(record)),
        section("eval-gate", "Eval-gate review", eval_gate(record)),
        section("lever-debt", "Lever debt", lever_debt(record)),
        section("actions", "Action items", action_rows(items(state))),
    ]


def lever_debt(record: Record) -> list[str]:
    """Name every lever that still has to be undone or made permanent, and those that were."""
    lines = [
        f"- {safe(pull.title or pull.lever)} ({safe(pull.op)}): {safe(pull.before)} → {safe(pull.target)}, "
        f"{safe(pull.stage)}, still in force"
        for pull in record.state.debt
    ]
    kept = [pull for pull in record.state.pulls if pull.kept_by]
    lines += [f"- {safe(pull.title or pull.lever)} was made permanent; owner {safe(pull.kept_by)}" for pull in kept]
    once = dict.fromkeys(pull.title or pull.lever for pull in record.state.pulls if pull.once and pull.in_force)
    lines += [f"- {safe(name)} is done and over: nothing of it is left to undo" for name in once]
    return lines or ["None: every lever was undone."] if record.state.pulls else ["None: no lever was pulled."]


def action_rows(found: Sequence[Item]) -> list[str]:
    """Return action items as a table; what has no owner or date says so."""
    if not found:
        return ["Nothing is left to do."]
    return [*ACTION_HEAD, *(_action(one) for one in found)]


def _action(one: Item) -> str:
    owner, due = safe(one.owner) or "**nobody yet**", safe(one.due) or "**no date**"
    state = "; ".join(("done" if one.done else "open", *(_ticket(*known) for known in one.tickets)))
    return f"| {safe(one.id)} | {safe(one.text)} | {owner} | {due} | {state} |"


def _ticket(name: str, tracker: str, address: str) -> str:
    """Name a ticket; an address of plain characters is left as it is, so that it can be followed."""
    shown = address if _PLAIN_ADDRESS.fullmatch(address) else safe(address)
    return f"{safe(name)} in {safe(tracker)} {shown}".strip()
