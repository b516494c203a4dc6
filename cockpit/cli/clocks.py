"""`cockpit clocks`: clocks of law and regulation, with the time that is left; starts and stops them."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal, paths_of, settings_of, sound
from cockpit.domain.events import iso
from cockpit.domain.incident import IncidentState, fold

if TYPE_CHECKING:
    from cockpit.domain.legal import LegalClock, Running

NO_VERDICT = "Which of them apply is for people to say; none starts by itself."


def show(given: Namespace) -> int:
    """Start or stop a clock if asked, then print all of them; 1 when the journal is not what was recorded."""
    if given.start or given.stop:
        _act(given)
    from cockpit.playbooks.loader import load_playbook

    with open_journal(given, read_only=True) as journal:
        state = fold(journal.events(given.incident))
        code = 0 if sound(journal, given.incident) else 1
    told = clocks_of(state, load_playbook().clocks, datetime.now(UTC))
    if given.json:
        print_json(told)
    else:
        _tell(told)
    return code


def clocks_of(state: IncidentState, known: tuple[LegalClock, ...], wall: datetime) -> dict[str, Any]:
    """Return what runs, what is over, and what nobody has started, as plain values."""
    now = state.last_at or wall if state.simulated else wall
    started = {one.clock for one in state.clocks}
    return {
        "incident": state.incident,
        "now": iso(now),
        "running": [_plain(one, now) for one in sorted(state.clocks, key=lambda one: one.due) if not one.over],
        "over": [_plain(one, now) for one in state.clocks if one.over],
        "not_started": [
            {"clock": one.id, "title": one.title, "anchor": one.anchor, "who": one.who, "note": one.note,
             "source": one.source, "checked": one.checked}
            for one in known if one.id not in started
        ],
    }  # fmt: skip


def _plain(one: Running, now: datetime) -> dict[str, Any]:
    return {
        "clock": one.clock, "title": one.title, "duty": one.what, "due": iso(one.due),
        "left_s": round((one.due - now).total_seconds()), "anchor_at": iso(one.anchor), "aware": one.aware,
        "started_by": one.starter, "source": one.source, "over": one.over or None, "stopped_by": one.by or None,
    }  # fmt: skip


def _act(given: Namespace) -> None:
    from cockpit.cli.traces.known import known_of
    from cockpit.golden.desk import carried_out, learning_session

    if given.start:
        name, asked = "start_clock", {"clock": given.start, "aware": given.aware, "at": given.at}
    else:
        name, asked = "stop_clock", {"clock": given.stop, "reason": given.reason, "duty": given.duty}
    with (
        open_journal(given) as journal,
        learning_session(journal, given.incident, paths_of(given).data, lambda: known_of(given)) as session,
    ):
        carried_out(session, name, dict(asked), settings_of(given).responder)


def _tell(told: dict[str, Any]) -> None:
    from cockpit.domain.clock import mmss

    if told["running"]:
        rows = [
            [one["clock"], one["duty"], one["due"][:16] + "Z", mmss(one["left_s"]), one["aware"]]
            for one in told["running"]
        ]
        table(("clock", "duty", "due", "left", "aware"), rows)
    else:
        say("No clock runs.")
    for one in told["over"]:
        say(f"  over: {one['clock']}, {one['duty']}: {one['over']} ({one['stopped_by']})")
    if told["not_started"]:
        say("Not started:")
    for one in told["not_started"]:
        say(f"  {one['clock']:<14} anchor: {one['anchor']} ({one['who']}; read {one['checked']})")
    say(NO_VERDICT)
