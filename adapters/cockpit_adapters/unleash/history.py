"""Unleash's event log, read as changes and as the values a control had."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cockpit.errors import Unsure
from cockpit.world.contract import Version
from cockpit.world.port import Change
from cockpit_adapters import answers
from cockpit_adapters.unleash.state import Where

_SWITCHES = {"feature-environment-enabled": True, "feature-environment-disabled": False}
_STRATEGIES = ("feature-strategy-add", "feature-strategy-update")


def moment(event: Mapping[str, Any]) -> datetime:
    """Return when an event happened, aware UTC.

    Raises:
        Unsure: it does not say so.
    """
    found = answers.moment(event.get("createdAt"))
    if found is None:
        raise Unsure("an event of Unleash has no readable createdAt")
    return found


def change(event: Mapping[str, Any]) -> Change:
    """Return an event as a line of the what-changed board."""
    kind, environment = str(event.get("type") or "event"), event.get("environment")
    place = f" in {environment}" if environment else ""
    before, after = _before_and_after(kind, event)
    return Change(
        ref=f"unleash:{event.get('id')}",
        at=moment(event),
        what=f"flag {event.get('featureName') or '?'}{place}: {_words(kind)}",
        kind="flag",
        before=before,
        after=after,
        by=str(event.get("createdBy") or ""),
    )


def _words(kind: str) -> str:
    return kind.removeprefix("feature-").replace("-", " ")


def _before_and_after(kind: str, event: Mapping[str, Any]) -> tuple[str, str]:
    if kind in _SWITCHES:
        return ("off", "on") if _SWITCHES[kind] else ("on", "off")
    return _told(event.get("preData")), _told(event.get("data"))


def _told(data: Any) -> str:
    """Write what an event carries: a strategy as its rollout and what narrows it, anything else as JSON."""
    if not isinstance(data, dict):
        return ""
    parameters = data.get("parameters")
    if not isinstance(parameters, dict) or "rollout" not in parameters:
        return json.dumps(data, sort_keys=True)[:200]
    narrowed = [name for name in ("constraints", "segments", "variants") if data.get(name)]
    off = ["disabled"] if data.get("disabled") else []
    return ", ".join([f"{parameters['rollout']} %", *(f"with {name}" for name in narrowed), *off])


def versions(at: Where, events: Sequence[Mapping[str, Any]], now: bool | int) -> list[Version]:
    """Return the values a control had, newest first; `events` newest first."""
    found = list(_flag_values(events) if at.kind == "flag" else _shares(events))
    distinct = [one for place, one in enumerate(found) if not place or one[0] != found[place - 1][0]]
    history = [
        Version(value, _shown(value), moment(event), str(event.get("createdBy") or ""), _words(str(event["type"])))
        for value, event in reversed(distinct)
    ]
    if not history or history[0].value != now:
        return history
    newest = history[0]
    current = Version(newest.value, newest.shown, newest.at, newest.by, newest.note, current=True)
    return [current, *history[1:]]


def _shown(value: bool | int) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value} %" if value else "off"


def _flag_values(events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[bool, Mapping[str, Any]]]:
    for event in reversed(events):
        if event.get("type") in _SWITCHES:
            yield _SWITCHES[str(event["type"])], event


def _shares(events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    enabled, share = False, 0
    for event in reversed(events):
        kind = str(event.get("type"))
        enabled = _SWITCHES.get(kind, enabled)
        if kind in _STRATEGIES:
            share = _rollout(event, share)
        if kind in _SWITCHES or (kind in _STRATEGIES and enabled):
            yield share if enabled else 0, event


def _rollout(event: Mapping[str, Any], otherwise: int) -> int:
    parameters = (event.get("data") or {}).get("parameters") or {}
    said = str(parameters.get("rollout", otherwise))
    return int(said) if said.isdecimal() else otherwise
