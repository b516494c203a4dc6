"""Statsig as a system: gates, the pass percentage of their rules, and the audit log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Refused
from cockpit.world.contract import Capability, Control, Deadline, Finding, Reading, Value, Verdict, Write
from cockpit_adapters.answers import moment_ms, number, tables, within
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import Get, HostedSystem, absent, segment, understood
from cockpit_adapters.statsig.auditlog import entries
from cockpit_adapters.values import percentage, switch, told

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit.world.port import Change

STEP = 0.01
"""The finest share the Console API takes, in percent."""

_NAME = r"[A-Za-z0-9][A-Za-z0-9._ -]*"
_ADDRESS = re.compile(rf"gate:(?P<gate>{_NAME})|share:(?P<of>{_NAME})/(?P<rule>[A-Za-z0-9][A-Za-z0-9._: -]*)")
_SHAPES = "gate:GATE or share:GATE/RULE"


@dataclass(frozen=True, slots=True)
class Spot:
    """What an address names; `rule` is empty for a gate as a whole."""

    gate: str
    rule: str

    @property
    def path(self) -> str:
        """Where the gate is."""
        return f"/console/v1/gates/{segment(self.gate)}"


def _spot(address: str) -> Spot:
    found = understood(_ADDRESS, address, _SHAPES)
    return Spot(found["gate"] or found["of"], found["rule"] or "")


class Statsig(HostedSystem):
    """One Statsig project."""

    def __init__(self, line: Line, *, respect_reviews: bool = False) -> None:
        super().__init__(line)
        self._respect_reviews = respect_reviews

    def control(self, address: str) -> Control:
        """Understand an address."""
        spot = _spot(address)
        if spot.rule:
            what = f"the share of users the rule {spot.rule} of {spot.gate} lets through"
            return Control(address, Capability.CANARY, what, "everyone who meets the rule's conditions", (1, 60))
        reach = "everyone, in every environment"
        return Control(
            address, Capability.FLAG, f"the gate {spot.gate}", reach, (1, 60), leaves="SDKs until they sync"
        )

    def parse(self, address: str, text: str) -> Value:
        """Read `on`, `off`; for a share a percentage."""
        return percentage(text, STEP) if _spot(address).rule else switch(text)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """List one gate, and tell whether reviews are passed by."""

        def ask() -> str:
            gates = self._line.read("/console/v1/gates", deadline, params={"limit": 1, "page": 1}).table()
            within(gates, "data", list, "/console/v1/gates")
            return "gates can be read"

        step = "Name a Console API key in `token`: those of SDKs do not do."
        findings = [tried("reached and authorised", ask, step)]
        if not self._respect_reviews:
            step = "Set respect_reviews = true if a kill must wait for a reviewer as well."
            findings.append(Finding("reviews", Verdict.WARNING, "changes pass by the project's reviews", step))
        return findings

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return what the audit log tells, newest first."""
        return entries(self._getter(deadline), since)

    def _state(self, address: str, get: Get) -> Any:
        spot = _spot(address)
        state = within(get(spot.path).table(), "data", dict, spot.path)
        if state.get("status") == "Archived":
            raise Refused(
                f"the gate {spot.gate} is archived: whatever it says, nobody can rely on being asked for it",
                hint="Unarchive it in Statsig, or wire a gate that your application asks.",
            )
        return state

    def _reading(self, address: str, state: Any) -> Reading:
        spot = _spot(address)
        by = clean(state.get("lastModifierName") or "", multiline=False, limit=80)
        at = moment_ms(state.get("lastModifiedTime"))
        version = _version(state)
        if not spot.rule:
            on = within(state, "isEnabled", bool, spot.path)
            return Reading(on, version, f"{'on' if on else 'off'}, {told(state.get('status'))}", by, at)
        rule = _rule(state, spot)
        share = number(rule, "passPercentage", spot.path)
        return Reading(share, version, f"{share:g} %", by, at)

    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        spot = _spot(write.address)
        if not spot.rule:
            if not isinstance(write.value, bool):
                raise BadInput(f"{write.address} takes on or off, not {told(write.value)}")
            self._line.ask("PUT", f"{spot.path}/{'enable' if write.value else 'disable'}", deadline)
            return
        share = write.value
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 100:
            raise BadInput(f"{write.address} takes a share from 0 to 100, not {told(share)}")
        rule = str(_rule(state, spot).get("id") or spot.rule)
        self._line.ask("PATCH", f"{spot.path}/rules/{segment(rule)}", deadline, json={"passPercentage": share})


def _version(state: dict[str, Any]) -> str:
    """Return the gate's own count where there is one, and always the moment of the last write."""
    return f"{state['version']:g}" if isinstance(state.get("version"), int | float) else _moment_of(state)


def _moment_of(state: dict[str, Any]) -> str:
    found = state.get("lastModifiedTime")
    return f"t{found}" if isinstance(found, int | float) else ""


def _rule(state: dict[str, Any], spot: Spot) -> dict[str, Any]:
    """Find a rule by its base id, which stays; its id changes with every share."""
    rules = tables(state.get("rules"))
    for named in ("baseID", "id", "name"):
        found = [rule for rule in rules if rule.get(named) == spot.rule]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(f"{spot.gate} has {len(found)} rules with the {named} {spot.rule}", hint="Use the baseID.")
    there = ", ".join(told(f"{rule.get('baseID')}: {rule.get('name')}") for rule in rules) or "none"
    raise absent(f"rule {spot.rule} in {spot.gate}", f"Its rules are {there}.")
