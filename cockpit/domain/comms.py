"""Station 4: when the next update is due, which state it has, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.playbook import Cadence

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

PARTS = ("status", "impact", "action", "next update")
"""What every update has to say."""

_TIME = (
    r"(\d{1,2}[:.h]\d{2}|\d+ ?(m|min|mins|minutes?|h|hours?)\b|half an hour|an hour|half past|quarter (to|past)|"
    r"noon|midnight|tomorrow)"
)
_WHO = (
    r"(users?|customers?|tenants?|people|accounts?|orders?|data|answers?|requests?|sessions?|service|"
    r"assistant|feature|"
    r"subscribers?|replies|responses)"
)
_HIT = (
    r"(quot\w*|show(s|ed|n|ing)?|see(s|n|ing)?|saw|contain(s|ed|ing)?|get(s|ting)?|receiv\w*|lost|los(e|es|ing)|"
    r"can'?t|cannot|may|might|could|is off|are off|down|miss(es|ing)|worse|stale|refus\w*|limited)"
)
_FOUND: Mapping[str, re.Pattern[str]] = {
    "status": re.compile(
        r"\b(investigat\w*|mitigat\w*|monitor(ing|ed)|resolved?|identified|contained|recover(ed|ing)|restored|"
        r"fixed|all[- ]clear|back to normal|under control|ongoing|(keep |still )watching|working on it|"
        r"looking into)\b"
    ),
    "impact": re.compile(
        r"\b(impact\w*|affect\w*|expos\w*|harm\w*|leak\w*|unavailable|degrad\w*|outage|fail(ing|ed|ures?)|"
        r"slow(er|ly)?|"
        r"delayed|wrong|incorrect|errors?|spend|overspen\w*|nobody|every(one|body)|no (customer|user)s?)\b"
        r"|\b(some|many|all|a few|most|several) of you\b"
        r"|(\d|\bsome|\bmany|\ball|\bfew|\bmost|\bseveral) ?(of )?(the |our )?"
        r"(users?|customers?|tenants?|people|answers?|requests?|sessions?|merchants?|shops?|shoppers?|"
        r"companies|clients?|"
        r"patients?|students?|guests?|members?|accounts?|chats?|conversations?|replies|searches|%|percent|\$)|"
        r"[$€£] ?\d"
        rf"|\b{_WHO}\b[^.!?]{{0,60}}\b{_HIT}\b"
    ),
    "action": re.compile(
        r"\b(actions?:? \w+|switched|turned|restart\w*|reset|rebuilt|moved|withdr[ae]wn?|disabl\w*|revert\w*|"
        r"roll(ed|ing) ((the|it|this|all|our|\w+) ){0,3}back|rollback|pinn\w*|block(ed|ing|s)?|"
        r"capp\w*|limit(ed|ing)|rout(ed|ing)|kill switch|fallback|guardrails?|froze\w*|paus(ed|ing)|stopped|stopping|"
        r"clear(ed|ing)|flush\w*|took|tak(en|ing)|chang(ed|ing)|appl(ied|ying) (a|the) (fix|patch|change)|"
        r"deploy(ed|ing)|shipp\w*|patch\w*|work(ing)? (on|to|with)|check(ed|ing)|trac(ed|ing)|review(ed|ing)|"
        r"re-?open\w*|canary|what we (did|are doing)|looking (in|at|for)\w*|(is|are) (now )?(off|in|live)|instead|"
        r"(a|the|tenant) (fix|filter|patch|cap))\b"
    ),
    "next update": re.compile(
        rf"\b(next|another|further|following|more|an?) (update|word|report|message|news|status)\b.{{0,60}}?{_TIME}"
        rf"|\bnext:? {_TIME}|\b(write|post|update you|report) again (by|at|in|around) (about )?{_TIME}"
        rf"|\b(updates?|report|news|back|more)( to you)? (by|at|in|every|within|before|around) (about )?{_TIME}"
        rf"|\bevery {_TIME}|\b(no (further|more)|final|last|closing) (update|word|message)s?\b|\blast (update|"
        rf"word|message) on\b"
        r"|\bpostmortem\b.{0,30}\b(follows|by|within|tomorrow|due|will)\b"
    ),
}


def missing_parts(text: str) -> tuple[str, ...]:
    """Name the parts that an update leaves out: status, impact, action, the time of the next update."""
    plain = " ".join(text.lower().split())
    return tuple(part for part in PARTS if not _FOUND[part].search(plain))


def cadence_start(state: IncidentState) -> datetime | None:
    """Return when people began to wait for news: at the declaration, or else the acknowledgement."""
    return state.milestones.get("declare") or state.milestones.get("ack")


def next_due(state: IncidentState, cadence: Cadence) -> datetime | None:
    """Return when the next update is due, or None while no cadence runs."""
    start = cadence_start(state)
    if start is None or state.all_clear_at or state.ended:
        return None
    if not asked_at(cadence, state.severity):
        return None
    posted = [update.at for update in state.updates if update.at >= start]
    return next_after(max(posted), cadence) if posted else start + timedelta(seconds=cadence.first_s)


def asked_at(cadence: Cadence, severity: str) -> bool:
    """Tell whether a cadence is asked for at a severity; before one is called, it is."""
    return not severity or not cadence.severities or severity in cadence.severities


def next_after(posted: datetime, cadence: Cadence) -> datetime:
    """Return when the update after one that is posted now will be due."""
    return posted + timedelta(seconds=cadence.every_s)


def overdue(state: IncidentState, cadence: Cadence, now: datetime) -> float:
    """Return by how many seconds the next update is late; 0 while it is not."""
    due = next_due(state, cadence)
    return max(0.0, (now - due).total_seconds()) if due else 0.0


def likely_state(state: IncidentState, now: datetime, quiet_s: float) -> str:
    """Return the state that an update most likely has now: what is closed, watched or in force is not resolved.

    It is identified once somebody has named the layer and what in it; nothing was done about it until then.

    Args:
        quiet_s: how long what was opened again has to have been quiet, in seconds.
    """
    if state.all_clear_at or _over_but_for_the_word(state, now - timedelta(seconds=quiet_s)):
        return "resolved"
    acted = state.canary is not None or state.contained or any(pull.in_force for pull in state.pulls)
    if acted:
        return "monitoring"
    triage = state.triage
    return "identified" if triage.layer and (triage.component or triage.change) else "investigating"


def _over_but_for_the_word(state: IncidentState, quiet_since: datetime) -> bool:
    """Tell whether harm has stopped, nothing is watched any more, and no lever waits to be undone."""
    through = state.canary is None or state.canary.state == "passed"
    undone = [pull.undone_at for pull in state.pulls if pull.undone_at and pull.undone_by != "canary"]
    quiet = all(moment <= quiet_since for moment in undone)
    return state.contained and through and quiet and not (state.unproven or state.debt)
