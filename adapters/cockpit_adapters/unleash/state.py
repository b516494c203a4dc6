"""A flag in one environment as Unleash stores it, and what its two controls make of that; nothing here asks anybody.

A canary that starts while the flag is off notes the rollout it found in a parameter of the strategy (`BEFORE`), which
Unleash keeps and SDKs ignore; going back to 0 puts that rollout back, so that the flag is off exactly as it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.errors import BadInput, Refused, Unsure

BEFORE = "cockpitBefore"
"""The parameter in which a canary keeps the rollout that was there while the flag was off."""

ROLLOUT = "flexibleRollout"
GRAMMAR = "flag:NAME@ENVIRONMENT (on, off) or share:NAME@ENVIRONMENT (0 to 100)"
_ADDRESS = re.compile(r"(?P<kind>flag|share):(?P<flag>[\w.~-]{1,100})@(?P<environment>[\w.~-]{1,100})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Where:
    """One control: `kind` is `flag` or `share`."""

    kind: str
    flag: str
    environment: str

    @property
    def words(self) -> str:
        """The flag as people call it."""
        return f"{self.flag} in {self.environment}"


def where(address: str) -> Where:
    """Understand an address.

    Raises:
        BadInput: it is none.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or {found["flag"], found["environment"]} & {".", ".."}:
        raise BadInput(f"{address!r} is no control of Unleash", hint=f"Write {GRAMMAR}.")
    return Where(**found.groupdict())


@dataclass(frozen=True, slots=True)
class FlagState:
    """A flag in one environment: whether it is on, its strategies, and what happened to it, newest first."""

    at: Where
    enabled: bool
    strategies: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]

    @property
    def active(self) -> Sequence[Mapping[str, Any]]:
        """The strategies that are not disabled; each of them opens the flag by itself."""
        return [one for one in self.strategies if not one.get("disabled")]

    def only(self) -> Mapping[str, Any]:
        """Return the one strategy whose rollout is the share.

        Raises:
            Refused: there is none, there are several, or it has no rollout.
        """
        if len(self.active) != 1:
            raise Refused(
                f"{self.at.words} has {len(self.active)} active strategies, a share needs exactly one",
                hint=f"Unleash opens a flag when any strategy does: leave one {ROLLOUT} strategy there.",
            )
        found = self.active[0]
        if found.get("name") != ROLLOUT:
            raise Refused(
                f"the strategy of {self.at.words} is {found.get('name')}, which has no share",
                hint=f"Replace it by a {ROLLOUT} strategy.",
            )
        return found

    def value(self) -> bool | int:
        """Return what the control holds."""
        if self.at.kind == "flag":
            return self.enabled
        share = rollout(self.only())
        return share if self.enabled else 0

    def shown(self) -> str:
        """Return the value as people know it, with what limits it."""
        if not self.enabled:
            return "off"
        if len(self.active) != 1 or self.active[0].get("name") != ROLLOUT:
            return f"on, by {len(self.active)} strategies"
        one = self.active[0]
        share = rollout(one)
        narrowed = " of those its constraints let in" if one.get("constraints") or one.get("segments") else ""
        if self.at.kind == "flag":
            return "on" if share == 100 and not narrowed else f"on, for {share} %{narrowed}"
        return f"{share} %{narrowed}"

    def version(self) -> str:
        """Return what changes with every write: the newest event, and for a share a digest of the strategies.

        While a flag is off, setting a rollout changes nothing for anybody: such events are left out, so that a canary
        that was cut between setting the rollout and turning on finds itself where it began.
        """
        if self.at.kind == "flag":
            return str(self.events[0]["id"]) if self.events else "0"
        lasting = self.events if self.enabled else [one for one in self.events if not _is_update(one)]
        return f"{lasting[0]['id'] if lasting else 0}-{_digest(self.strategies, with_rollout=self.enabled)}"


def _is_update(event: Mapping[str, Any]) -> bool:
    return bool(event.get("type") == "feature-strategy-update")


def _digest(strategies: Sequence[Mapping[str, Any]], *, with_rollout: bool) -> str:
    left_out = () if with_rollout else ("rollout", BEFORE)
    kept = [
        {
            **one,
            "parameters": {key: text for key, text in (one.get("parameters") or {}).items() if key not in left_out},
        }
        for one in strategies
    ]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:12]


def rollout(strategy: Mapping[str, Any]) -> int:
    """Return the percent a strategy lets in.

    Raises:
        Unsure: it says something else than a number; Unleash itself does not check it.
    """
    said = (strategy.get("parameters") or {}).get("rollout")
    try:
        return int(str(said))
    except ValueError:
        raise Unsure(f"the rollout is {said!r}, which is no whole number") from None


def patch(strategy: Mapping[str, Any], share: int, *, was_off: bool) -> list[dict[str, str]]:
    """Return the JSON Patch that sets a share, fenced on the rollout that was read."""
    parameters = strategy.get("parameters") or {}
    now = str(parameters.get("rollout"))
    noted = parameters.get(BEFORE) or (now if was_off else "")
    steps = [_step("test", "rollout", now), _step("replace", "rollout", str(share))]
    if noted and noted != str(share):
        return [*steps, _step("add", BEFORE, noted)]
    return [*steps, {"op": "remove", "path": f"/parameters/{BEFORE}"}] if BEFORE in parameters else steps


def patch_back(strategy: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the JSON Patch that puts back the rollout a canary found; empty when none noted one."""
    parameters = strategy.get("parameters") or {}
    if BEFORE not in parameters:
        return []
    back = _step("replace", "rollout", str(parameters[BEFORE]))
    return [back, {"op": "remove", "path": f"/parameters/{BEFORE}"}]


def _step(op: str, parameter: str, value: str) -> dict[str, str]:
    return {"op": op, "path": f"/parameters/{parameter}", "value": value}
