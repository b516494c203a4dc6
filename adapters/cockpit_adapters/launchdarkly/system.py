"""LaunchDarkly as a system: semantic patches on flags, and the audit log."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Refused
from cockpit.world.contract import Capability, Control, Deadline, Finding, Reading, Value, Verdict, Write
from cockpit_adapters.answers import moment_ms, within
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import Get, HostedSystem, absent, segment, understood
from cockpit_adapters.launchdarkly.auditlog import entries
from cockpit_adapters.launchdarkly.fallthrough import STEP, instruction, value_of
from cockpit_adapters.values import percentage, switch, told

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit.world.port import Change

API_VERSION = "20240415"
"""The version of the API this speaks, sent with every request as the vendor advises."""

SEMANTIC_PATCH = "application/json; domain-model=launchdarkly.semanticpatch"
"""Without it the vendor reads the body as a JSON patch and answers 400."""

_KEY = r"[A-Za-z0-9._-]+"
_ADDRESS = re.compile(rf"(?P<what>flag|share):(?P<project>{_KEY})/(?P<flag>{_KEY})@(?P<environment>{_KEY})")
_SHAPES = "flag:PROJECT/FLAG@ENVIRONMENT or share:PROJECT/FLAG@ENVIRONMENT"


@dataclass(frozen=True, slots=True)
class Spot:
    """What an address names."""

    what: str
    project: str
    flag: str
    environment: str

    @property
    def path(self) -> str:
        """Where the flag is."""
        return f"/api/v2/flags/{segment(self.project)}/{segment(self.flag)}"


def _spot(address: str) -> Spot:
    return Spot(**understood(_ADDRESS, address, _SHAPES).groupdict())


class LaunchDarkly(HostedSystem):
    """One LaunchDarkly account."""

    def __init__(self, line: Line, *, project: str = "", context_kind: str = "user") -> None:
        super().__init__(line)
        self._project = project
        self._context_kind = context_kind

    def control(self, address: str) -> Control:
        """Understand an address."""
        spot = _spot(address)
        everyone = f"everyone in {spot.environment}"
        if spot.what == "flag":
            what, capability = f"the flag {spot.flag} in {spot.environment}", Capability.FLAG
        else:
            what, capability = f"the share of users on the new variation of {spot.flag}", Capability.CANARY
            everyone += " whom no rule of the flag catches first"
        return Control(address, capability, what, everyone, (1, 30), leaves="SDKs that poll, until their next poll")

    def parse(self, address: str, text: str) -> Value:
        """Read `on`, `off`; for a share a percentage."""
        return switch(text) if _spot(address).what == "flag" else percentage(text, STEP)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask who the token is."""
        found: dict[str, Any] = {}

        def ask() -> str:
            found.update(self._line.read("/api/v2/caller-identity", deadline).table())
            return f"as {told(found.get('tokenName') or found.get('authKind') or 'an unnamed token')}"

        findings = [
            tried(
                "reached and authorised", ask, "Make an API access token and name it in `token`; SDK keys do not do."
            )
        ]
        if found and found.get("serviceToken") is False:
            findings.append(
                Finding(
                    "token",
                    Verdict.WARNING,
                    "it is a person's token and may whatever that person may",
                    "Use a service token whose role may only updateOn, updateFallthrough and read.",
                )
            )
        return findings

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return what the audit log tells, newest first."""
        return entries(self._getter(deadline), since, self._project)

    def _state(self, address: str, get: Get) -> Any:
        spot = _spot(address)
        flag = get(spot.path, params={"env": spot.environment}).table()
        if flag.get("archived") is True:
            raise Refused(
                f"the flag {spot.flag} is archived: applications use the fallback in their own code",
                hint="Restore it in LaunchDarkly, or wire a flag that your application asks.",
            )
        environments = within(flag, "environments", dict, spot.path)
        if not isinstance(environments.get(spot.environment), dict):
            raise absent(
                f"environment {spot.environment} of {spot.project}/{spot.flag}",
                "Correct the part after @ in the address.",
            )
        return flag

    def _reading(self, address: str, state: Any) -> Reading:
        spot = _spot(address)
        here = state["environments"][spot.environment]
        on = within(here, "on", bool, spot.path)
        version = str(within(here, "version", int, spot.path))
        at = moment_ms(here.get("lastModified"))
        if spot.what == "flag":
            return Reading(on, version, "on" if on else "off", at=at)
        value = value_of(state, here, self._context_kind)
        return Reading(value, version, _shown(value, on), at=at)

    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        spot = _spot(write.address)
        if spot.what == "flag":
            if not isinstance(write.value, bool):
                raise BadInput(f"{write.address} takes on or off, not {told(write.value)}")
            order: dict[str, Any] = {"kind": "turnFlagOn" if write.value else "turnFlagOff"}
        else:
            order = instruction(state, state["environments"][spot.environment], write.value, self._context_kind)
        body = {"environmentKey": spot.environment, "comment": write.why, "instructions": [order]}
        content = json.dumps(body).encode()
        self._line.ask("PATCH", spot.path, deadline, content=content, headers={"content-type": SEMANTIC_PATCH})


def _shown(value: Value, on: bool) -> str:
    share = f"{value:g} %" if isinstance(value, int | float) else "a rollout of its own"
    return share if on else f"{share}, but the flag is off"
