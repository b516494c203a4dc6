"""`cockpit log`: show and verify."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from cockpit.cli.output import print_json, print_json_list, say
from cockpit.cli.places import open_journal, sound
from cockpit.domain.events import Event, iso

LONG = ("scenario_text", "profile_text", "held")
"""Payload values that are too long for a line; `--json` has them whole."""


def show(given: Namespace) -> int:
    """Print every line of an incident's journal; 1 when it is not all that was recorded."""
    with open_journal(given, read_only=True) as journal:
        events = journal.events(given.incident)
        code = 0 if sound(journal, given.incident) else 1
    if given.json:
        print_json_list(plain(event) for event in events)
        return code
    for event in events:
        details = ", ".join(f"{key}={_short(key, value)}" for key, value in event.payload.items())
        say(f"{event.seq:>4}  {event.at:%Y-%m-%d %H:%M:%S}  {event.actor:<14}  {event.kind:<18}  {details}")
    return code


def verify(given: Namespace) -> int:
    """Check the chain; 1 when it does not hold."""
    with open_journal(given, read_only=True) as journal:
        verdict = journal.verify(given.incident)
    if given.json:
        keys = ("ok", "events", "head", "first_bad_seq", "reason")
        print_json({"incident": given.incident, **{key: getattr(verdict, key) for key in keys}})
    elif verdict.ok:
        say(f"{given.incident}: {verdict.events} events, the chain holds. Head {verdict.head}")
    elif verdict.first_bad_seq is None:
        say(f"{given.incident}: {verdict.reason}")
    else:
        say(f"{given.incident}: the first bad event is {verdict.first_bad_seq}: {verdict.reason}")
    return 0 if verdict.ok else 1


def plain(event: Event) -> dict[str, Any]:
    """Return one journal line as plain values."""
    return {
        "incident": event.incident,
        "seq": event.seq,
        "at": iso(event.at),
        "recorded_at": iso(event.recorded_at),
        "actor": event.actor,
        "source": event.source,
        "kind": event.kind,
        "payload": dict(event.payload),
        "prev": event.prev,
        "hash": event.hash,
    }


def _short(key: str, value: Any) -> str:
    return f"({len(str(value))} characters)" if key in LONG else str(value)
