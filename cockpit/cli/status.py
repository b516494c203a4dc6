"""`cockpit status`: how incidents stand, from their journals."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal, paths_of
from cockpit.domain.events import Event, iso
from cockpit.domain.incident import IncidentState, fold


def show(given: Namespace) -> int:
    """Print one incident, or all of them."""
    if not given.incident and not paths_of(given).journal.exists():
        return _nothing(given)
    with open_journal(given, read_only=True) as journal:
        names = [given.incident] if given.incident else [line.id for line in journal.incidents()]
        found = [(name, journal.events(name)) for name in names]
    statuses = [status_of(name, events) for name, events in found]
    if given.json:
        print_json(statuses[0] if given.incident else statuses)
    elif given.incident:
        _tell(statuses[0])
    elif statuses:
        keys = ("incident", "mode", "severity", "stage", "title")
        table(keys, [[status[key] or "-" for key in keys] for status in statuses])
    else:
        return _nothing(given)
    return 0


def _nothing(given: Namespace) -> int:
    if given.json:
        print_json([])
    else:
        say("Nothing has been played yet. Begin with: cockpit drill injection-leak")
    return 0


def status_of(incident: str, events: list[Event]) -> dict[str, Any]:
    """Return how one incident stands, as plain values."""
    state = fold(events)
    return {
        "incident": incident,
        "mode": state.mode,
        "title": state.title,
        "service": state.service,
        "scenario": state.scenario,
        "seed": state.seed,
        "profile": state.profile,
        "stage": stage_of(state),
        "severity": state.severity or None,
        "class": state.triage.incident_class or None,
        "layer": state.triage.layer or None,
        "contained": state.contained,
        "roles": dict(state.command.holders),
        "levers": [
            {"op": pull.op, "lever": pull.lever, "target": pull.target, "stage": pull.stage, "debt": pull.debt}
            for pull in state.pulls
        ],
        "canary": {"percent": state.canary.percent, "state": state.canary.state} if state.canary else None,
        "updates": len(state.updates),
        "milestones": {name: iso(at) for name, at in state.milestones.items()},
        "at": iso(state.last_at) if state.last_at else None,
        "events": state.last_seq,
        "head": state.head,
        "ended": state.ended or None,
    }


def stage_of(state: IncidentState) -> str:
    """Return where an incident stands, in one word or two."""
    if state.ended:
        return "over"
    if state.all_clear_at:
        return "all clear"
    if state.contained:
        return "contained"
    if any(pull.in_force for pull in state.pulls):
        return "pulled, not proven"
    return "acknowledged" if "ack" in state.milestones else "paged" if state.page_at else "open"


def _tell(status: dict[str, Any]) -> None:
    say(f"{status['incident']}  {status['severity'] or 'not called yet'}  {status['title']}  ({status['mode']})")
    say(f"  stage     {status['stage']}")
    say(f"  class     {status['class'] or '-'}   layer {status['layer'] or '-'}")
    roles = ", ".join(f"{role} {who}" for role, who in status["roles"].items())
    say(f"  roles     {roles or 'nobody has taken one'}")
    for pull in status["levers"]:
        say(f"  lever     {pull['op']} {pull['lever']} → {pull['target']}: {pull['stage']}")
    for name, at in status["milestones"].items():
        say(f"  {name:<12} {at}")
