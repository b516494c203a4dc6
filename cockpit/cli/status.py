"""`cockpit status`: how incidents stand, from their journals."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from cockpit.cli.output import complain, print_json, say, table
from cockpit.cli.places import open_journal, sound
from cockpit.domain.deliveries import unsettled
from cockpit.domain.events import Event, Kind, iso
from cockpit.domain.incident import IncidentState, fold
from cockpit.errors import BadInput, JournalDamaged, UnknownIncident

ALIKE = 3
"""Earlier incidents that somebody who joins is told of."""


def show(given: Namespace) -> int:
    """Print one incident, or all of them; 1 when the journal is not what was recorded."""
    if given.catch_up:
        return _catch_up(given)
    if given.at:
        raise BadInput("--at goes with --catch-up")
    return _show_one(given) if given.incident else _show_all(given)


def _catch_up(given: Namespace) -> int:
    """Print what somebody who joins has to know, as Markdown."""
    from cockpit.domain.catchup import catch_up, markdown
    from cockpit.playbooks.journalled import playbook_of

    if not given.incident:
        raise BadInput("name the incident to catch up with", hint="cockpit status lists them all.")
    with open_journal(given, read_only=True) as journal:
        events = journal.events(given.incident)
        code = 0 if sound(journal, given.incident) else 1
    now = datetime.now(UTC) if fold(events).live else events[-1].at
    if given.at:
        now = _moment_of(given.at, now)
        events = [event for event in events if event.at <= now] or events[:1]
    state = fold(events)
    pack = catch_up(state, playbook_of(events[0]).profile.cadence, now)
    pack += [("looks like", words) for words in _alike(given, events)]
    if given.json:
        print_json([{"name": name, "text": words} for name, words in pack])
    else:
        say(markdown(given.incident, pack).rstrip())
    return code


def _alike(given: Namespace, events: list[Event]) -> list[str]:
    """Return the earlier incidents that this one looks like, each in one clean line."""
    from cockpit.cli.learn.similar import DeskMemory
    from cockpit.domain.similar import in_a_line
    from cockpit.domain.text import clean

    found = DeskMemory(given).of(events)
    return [clean(in_a_line(one), multiline=False, limit=400) for one in found.likes[:ALIKE]]


def _moment_of(told: str, now: datetime) -> datetime:
    from cockpit.domain.moments import EXAMPLES, moment

    if found := moment(told, now):
        return found
    raise BadInput(f"{told!r} is no moment", hint=f"Such as {EXAMPLES}.")


def _show_one(given: Namespace) -> int:
    with open_journal(given, read_only=True) as journal:
        status = status_of(given.incident, journal.events(given.incident))
        code = 0 if sound(journal, given.incident) else 1
    if given.json:
        print_json(status)
    else:
        _tell(status)
    return code


def _show_all(given: Namespace) -> int:
    try:
        with open_journal(given, read_only=True) as journal:
            if isinstance(journal.trouble, JournalDamaged):
                complain(f"cockpit: {journal.trouble.title}: {journal.trouble}", journal.trouble.hint)
            names = [line.id for line in journal.incidents()]
            statuses = [status_of(name, journal.events(name)) for name in names]
            code = 1 if isinstance(journal.trouble, JournalDamaged) else 0
    except UnknownIncident:  # nothing was ever played here: no error where nobody asked for anything in particular
        statuses, code = [], 0
    if given.json:
        print_json(statuses)
    elif statuses:
        keys = ("incident", "mode", "severity", "stage", "title")
        table(keys, [[status[key] or "-" for key in keys] for status in statuses])
    elif not code:
        say("Nothing has been played yet. Begin with: cockpit drill injection-leak")
    return code


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
        "not_arrived": [
            {"update": one.update, "channel": one.channel, "stage": one.stage, "reason": one.reason}
            for one in unsettled(state.deliveries)
        ],
        "overridden": [
            {"point": one.point, "open": one.words, "reason": one.reason}
            for one in (state.clearance.overrides if state.clearance else ())
        ],
        "waived": [
            {"what": one.what, "reason": one.reason, "by": one.actor, "until": one.until or None}
            for one in state.learning.waivers
        ],
        "pinned": [pin.trace for pin in state.pins],
        "suspected": suspected_in(events),
        "milestones": {name: iso(at) for name, at in state.milestones.items()},
        "at": iso(state.last_at) if state.last_at else None,
        "events": state.last_seq,
        "head": state.head,
        "ended": state.ended or None,
        "postmortem": _postmortem(state, events),
    }


def suspected_in(events: list[Event]) -> dict[str, Any] | None:
    """Return what the detectors' pages say together: since when, where, which change lines up; None without pages."""
    from cockpit.playbooks.loader import load_playbook
    from cockpit.session.proposed import proposed
    from cockpit.world.port import SignalFrame

    if not any(event.kind is Kind.PAGED and event.get("page") for event in events):
        return None
    found = proposed(events, load_playbook(), SignalFrame(events[-1].at, 60.0, 10, (), {}))
    if found is None:
        return None
    return {
        "since": iso(found.since) if found.since else None,
        "signals": list(found.signals),
        "routes": list(found.routes),
        "tenants": list(found.tenants),
        "prompt": found.prompt or None,
        "change": found.change or None,
        "change_said": found.change_said or None,
        "certainty": found.certainty,
        "traces": list(found.traces),
    }


def _postmortem(state: IncidentState, events: list[Event]) -> str | None:
    """Return how the postmortem stands: due, overdue, signed, or nothing before the all-clear."""
    if state.all_clear_at is None:
        return None
    if state.learning.written.done_at:
        return "signed"
    from cockpit.playbooks.journalled import playbook_of
    from cockpit.postmortem.store import moment_of
    from cockpit.postmortem.todo import postmortem_due

    due = postmortem_due(state, playbook_of(events[0]).profile.postmortem_due_s)
    return "overdue" if due and moment_of(events) > due else "due"


def stage_of(state: IncidentState) -> str:
    """Return where an incident stands, in one word or two."""
    if state.learning.closed_at:
        return "closed"
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
    if found := status["suspected"]:
        places = ", ".join([*found["routes"], *found["tenants"], *filter(None, [found["prompt"]])])
        say(f"  pages     since {found['since'] or '?'} on {places or 'the whole service'}")
        say(f"  change    {found['change_said'] or 'none lines up'} (a hint about time, no proof)")
    say(f"  roles     {roles or 'nobody has taken one'}")
    for pull in status["levers"]:
        say(f"  lever     {pull['op']} {pull['lever']} → {pull['target']}: {pull['stage']}")
    for name, at in status["milestones"].items():
        say(f"  {name:<12} {at[:19].replace('T', ' ')} UTC")
    for one in status["not_arrived"]:
        say(f"  update       {one['update']} on {one['channel']}: {one['stage']} {one['reason']}".rstrip())
    for one in status["overridden"]:
        say(f"  overridden   {one['open']}, because: {one['reason']}")
    for one in status["waived"]:
        until = f", until {one['until']}" if one["until"] else ""
        say(f"  waived       {one['what']}: {one['reason']} (signed {one['by']}{until})")
    if status["postmortem"]:
        say(f"  postmortem   {status['postmortem']}")
