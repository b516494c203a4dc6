"""The preflight: what a team agrees on before anything happens, and whether it has practised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.live.doctor.findings import Found, Scribe
from cockpit.live.foreseen import alerts, expertise, failures
from cockpit.live.history import Practice

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions

STALE = timedelta(days=90)
"""What was practised longer ago counts as a memory."""

MINUTE_S = 60.0
"""A rollback should be in force within a minute."""


def on_paper(live: LiveOptions, senders: Sequence[str]) -> list[Found]:
    """Tell what is agreed on, and what is missing; `senders` are the systems whose alerts are taken in."""
    agreed = [*_systems(live), *_range(live), *_people(live), *expertise(live)]
    return [*agreed, *alerts(live, senders), *failures(live, senders)]


def practised(live: LiveOptions, practices: Mapping[str, Practice], now: datetime) -> list[Found]:
    """Tell for each wired lever when it was last pulled on a real system, and how long that took."""
    return [_practice(name, options.system, practices.get(name), now) for name, options in live.levers.items()]


def _systems(live: LiveOptions) -> list[Found]:
    if live.systems:
        return []
    step = "`cockpit init` asks a few questions and writes a cockpit.toml."
    return [Scribe("systems", "").wrong("systems", "no system is set up: there is nothing to act on", step)]


def _range(live: LiveOptions) -> list[Found]:
    """A range that names a lever which is wired to nothing ends before it begins."""
    step = "Correct [range.start], or wire the lever."
    return [
        Scribe("levers", lever).warning("range", "[range.start] sets it, and it is wired to nothing", step)
        for lever in live.range.start
        if lever not in live.levers
    ]


def _people(live: LiveOptions) -> list[Found]:
    scribe, service, found = Scribe("people", ""), live.service, list[Found]()
    for what, value, missing, field in (
        ("fallback", service.fallback, "nobody wrote down what users get when the AI is off", "fallback"),
        ("approver", service.approver, "nobody is named who may decide to switch it off", "approver"),
        ("people", ", ".join(service.people), "nobody is named who can be handed a role", "people"),
    ):
        step = f"Set {field} in [service] of cockpit.toml."
        found.append(scribe.fine(what, value) if value.strip() else scribe.warning(what, missing, step))
    return [*found, *_approvals(live)]


def _approvals(live: LiveOptions) -> list[Found]:
    """Two people are needed for some levers: then more than one has to be there."""
    levers = [name for name, one in live.levers.items() if one.people > 1]
    if not levers or len(set(live.service.people)) > 1:
        return []
    named = f"only {live.service.people[0]}" if live.service.people else "nobody"
    told = f"{', '.join(levers)}: one proposes and another one approves, but {named} is named"
    return [Scribe("people", "").warning("approval", told, "Name a second one in [service] people.")]


def _practice(lever: str, system: str, last: Practice | None, now: datetime) -> Found:
    scribe = Scribe("practice", lever)
    drill = "Practise it in a quiet hour, or on staging by `cockpit range`."
    if last is None:
        return scribe.warning("practised", "never pulled: nobody knows how long it takes", drill)
    if last.system != system:
        return scribe.warning("practised", f"last pulled on {last.system}, never on {system}", drill)
    told = f"{last.at:%Y-%m-%d}{' on staging' if last.staging else ''}: {_took(last)}"
    if now - last.at > STALE:
        return scribe.warning("practised", f"{told}; that is {(now - last.at).days} days ago", drill)
    if last.observed_s is None:
        return scribe.warning("practised", told, "Wait for its proof the next time: cockpit lever pull … --wait 60")
    if last.observed_s > MINUTE_S:
        return scribe.warning("practised", told, "A rollback should take less than a minute: see what it waits for.")
    return scribe.fine("practised", told)


def _took(last: Practice) -> str:
    stored = "never read back" if last.stored_s is None else f"stored after {last.stored_s:.1f} s"
    seen = "not seen on the wire" if last.observed_s is None else f"on the wire after {last.observed_s:.1f} s"
    return f"{stored}, {seen}"
