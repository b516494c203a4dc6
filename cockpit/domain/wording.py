"""What updates tell of an incident, in the words of whoever reads them: the team's own, or plain ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.domain.legal import running
from cockpit.domain.levers import LeverPull, LeverSpec, Stage
from cockpit.domain.playbook import Fact

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

INSIDERS = ("team",)
"""Audiences that know levers, layers and services by their names here."""

PLACES = {
    "model": "the model", "prompt": "the instructions given to the model", "retrieval": "the data that it looks up",
    "tool": "a tool that it uses", "infra": "the machines that it runs on",
}  # fmt: skip
"""Layers for people who don't run the system."""

MOST = 3
"""So many measures, or clocks, are told."""

_OPEN = (Stage.PULLED, Stage.APPLIED, Stage.UNKNOWN)
_PLAIN_NAME = re.compile(r"[a-z]+([-_ ][a-z]+)*")
_BARE_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def service(name: str, audience: str) -> str:
    """Name the service."""
    if not name or audience in INSIDERS or not _PLAIN_NAME.fullmatch(name):
        return name or "the service"
    words = re.sub("[-_]", " ", name)
    return words if words.startswith("the ") else f"the {words}"


def impact(facts: Mapping[str, Fact], *, over: bool = False) -> str:
    """Say who is hit and how, in counts and shares; once it is over, only what stays true."""
    so_far = "" if over else " so far"
    users = _count(facts, "users_harmed", f"user hit{so_far}", f"users hit{so_far}")
    tenants = _count(facts, "affected_tenants", "tenant", "tenants")
    told = [
        f"{users} in {tenants}" if users and tenants else users or (f"{tenants} hit{so_far}" if tenants else ""),
        "data of other customers was shown" if facts.get("leak_seen") is True else "",
        *(() if over else _gauges(facts)),
    ]
    none = "nobody known to be hit" if over else "being measured, nobody known to be hit"
    return ", ".join(part for part in told if part) or none


def _gauges(facts: Mapping[str, Fact]) -> Iterable[str]:
    """Say how bad it is at this moment."""
    yield _number(facts, "degraded_share", 0.01, lambda share: f"{share:.0%} of answers degraded now")
    yield _number(facts, "cost_ratio", 2.0, lambda ratio: f"cost {ratio:.0f}× the usual")
    yield _number(facts, "p99_ratio", 2.0, lambda ratio: f"slowest answers {ratio:.1f}× slower")


def action(state: IncidentState, levers: Sequence[LeverSpec] = (), audience: str = "team") -> str:
    """Say what is being done: the way back where one is open, then the levers in force, newest first."""
    inside = audience in INSIDERS
    held = [_lever(pull, levers, inside=inside) for pull in reversed(state.pulls) if pull.in_force]
    if told := [*_reopening(state, inside=inside), *dict.fromkeys(held)][:MOST]:
        return ("; " if inside else ", ").join(told)
    if undone := [pull for pull in reversed(state.pulls) if pull.stage is Stage.UNDONE and not pull.undoes]:
        return f"took {_name(undone[0])} back" if inside else f"{_plain(undone[0], levers)}, undone since"
    return "working on triage, no lever pulled yet" if inside else "looking for what is wrong, nothing changed yet"


def _reopening(state: IncidentState, *, inside: bool) -> list[str]:
    canary = state.canary
    if canary is None:
        return []
    if canary.open:
        share = "everybody" if canary.percent >= 100 else f"{canary.percent:g} % of users"
        return [f"re-opened for {share} and watching"]
    after = "a watched canary" if inside else "a watched trial with a few"
    return [f"re-opened for everybody after {after}"] if canary.state == "passed" else []


def _lever(pull: LeverPull, levers: Sequence[LeverSpec], *, inside: bool) -> str:
    if inside:
        seen = {Stage.PROVEN: "proven by the answers", **dict.fromkeys(_OPEN, "not yet proven")}
        return f"applied {_name(pull)}, {seen.get(pull.stage, 'not proven')}"
    sure = "" if pull.stage is Stage.PROVEN else " (not confirmed yet)"
    return f"{_plain(pull, levers)}{sure}"


def _name(pull: LeverPull) -> str:
    return pull.title or pull.lever.replace("_", " ")


def _plain(pull: LeverPull, levers: Sequence[LeverSpec]) -> str:
    spec = next((one for one in levers if one.name == pull.lever), None)
    return (spec and spec.plain) or f"applied {_name(pull)}"


def cause(state: IncidentState, audience: str) -> str:
    """Say where it comes from as far as that is known, and how sure that is."""
    triage = state.triage
    if not triage.layer:
        return "a part of it that is still to be named"
    sure = "proven" if "supported" in triage.hypotheses.values() else "suspected, not proven"
    if audience not in INSIDERS:
        return f"{PLACES.get(triage.layer, 'the system')} ({sure})"
    about = triage.component or triage.change
    return f"the {triage.layer} layer{f', {about}' if about else ''} ({sure})"


def evidence(state: IncidentState) -> str:
    """Say whether evidence was kept."""
    return f"frozen at {hour(state.freezes[-1].at)}" if state.freezes else "not frozen yet"


def clocks(state: IncidentState) -> str:
    """Name the legal clocks that run."""
    told = [f"{one.title}, {one.what} by {one.due:%Y-%m-%d} {hour(one.due)}" for one in running(state)]
    more = f" and {len(told) - MOST} more" if len(told) > MOST else ""
    return ("; ".join(told[:MOST]) + more) or "none started"


def left(state: IncidentState, levers: Sequence[LeverSpec], audience: str) -> str:
    """Say what is still open though it is resolved, where these people are concerned; empty where nothing is."""
    closing = {one.name for one in levers if one.closes}
    if audience == "customers":
        return "Parts of it stay switched off for now." if any(one.lever in closing for one in state.debt) else ""
    if audience in INSIDERS:
        return " ".join(part for part in (_debt(state), _cases(state)) if part)
    many = len(state.debt)
    if many > 1:
        return f"{many} measures are temporary: they are still to be undone or kept."
    return "One measure is temporary: it is still to be undone or kept." if many else ""


def _debt(state: IncidentState) -> str:
    names = ", ".join(dict.fromkeys(_name(pull) for pull in state.debt))
    return f"Lever debt, to be undone or kept: {names}." if names else ""


def _cases(state: IncidentState) -> str:
    names = ", ".join(one.id for one in state.learning.fixtures if not one.proven)
    return f"Fixture still to be proven: {names}." if names else ""


def since(state: IncidentState, now: datetime) -> str:
    """Say since when: as people found out, or else from the first thing that is known of it."""
    told = str(state.triage.characterised.get("since") or "")
    if told:
        return f"{told} UTC" if _BARE_TIME.fullmatch(told) else told
    known = (state.milestones.get(name) for name in ("onset", "signal", "page"))
    return hour(min((moment for moment in known if moment), default=now))


def hour(moment: datetime) -> str:
    """Write a time of day as updates do."""
    return f"{moment:%H:%M} UTC"


def _count(facts: Mapping[str, Fact], fact: str, one: str, many: str) -> str:
    return _number(facts, fact, 1, lambda count: f"{count:.0f} {one if count == 1 else many}")


def _number(facts: Mapping[str, Fact], fact: str, least: float, say: Callable[[float], str]) -> str:
    value = facts.get(fact)
    if isinstance(value, bool | str) or value is None or not value >= least:
        return ""
    return say(float(value))
