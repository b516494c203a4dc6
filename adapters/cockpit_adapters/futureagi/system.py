"""Agent Command Center as a system: an organisation's document, which is replaced whole, and its keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput
from cockpit.world.contract import (
    Capability,
    Control,
    Deadline,
    Expectation,
    Finding,
    Reading,
    Value,
    Verdict,
    Write,
)
from cockpit_adapters.answers import moment, tables
from cockpit_adapters.findings import tried
from cockpit_adapters.futureagi.document import changed, look, provider_of, routed, unmasked
from cockpit_adapters.futureagi.fields import Field, capability_at, field_at
from cockpit_adapters.hosted import Get, HostedSystem, segment, understood
from cockpit_adapters.values import anything, told

if TYPE_CHECKING:
    from cockpit.world.http import Line

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_ADDRESS = re.compile(
    rf"org:(?P<org>{_NAME})/(?P<path>[^\s/]+(?:/[^\s/]+)+)"
    rf"|route:(?P<of>{_NAME})/(?P<model>[^\s]+)"
    rf"|key:(?P<key>{_NAME})/models"
)
_SHAPES = "route:ORG/MODEL, org:ORG/guardrails/checks/NAME/action or key:ID/models"
_MODELS = Field("names")

PREFIXES = ("x-agentcc-", "x-prism-")
"""How the gateway's headers begin: today's name, and the one it had as Prism."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What an address names: a field of an organisation, the route of a model there, or a key's models."""

    org: str = ""
    path: tuple[str, ...] = ()
    model: str = ""
    key: str = ""

    @property
    def where(self) -> str:
        """The path of the admin API."""
        return f"/-/keys/{segment(self.key)}" if self.key else f"/-/orgs/{segment(self.org)}/config"


def _spot(address: str) -> Spot:
    found = understood(_ADDRESS, address, _SHAPES)
    if found["key"]:
        return Spot(key=found["key"])
    if found["of"]:
        return Spot(org=found["of"], model=found["model"])
    path = tuple(part.replace("~1", "/").replace("~0", "~") for part in found["path"].split("/"))
    field_at(path)
    return Spot(org=found["org"], path=path)


class FutureAGI(HostedSystem):
    """One gateway."""

    def __init__(self, line: Line, provider_keys: Mapping[str, str]) -> None:
        super().__init__(line)
        self._provider_keys = provider_keys

    def control(self, address: str) -> Control:
        """Understand an address."""
        spot = _spot(address)
        under_way = "requests that are under way"
        if spot.key:
            reach = "whoever calls with this key"
            return Control(address, Capability.ROUTING, f"the models key {spot.key} may call", reach, (0, 1))
        everyone = f"the whole organisation {spot.org}"
        if spot.model:
            what = f"the provider {spot.model} goes to"
            return Control(address, Capability.ROUTING, what, everyone, (0, 1), leaves=under_way)
        what = f"{'/'.join(spot.path)} of {spot.org}"
        return Control(address, capability_at(spot.path), what, everyone, (0, 1), leaves=under_way)

    def parse(self, address: str, text: str) -> Value:
        """Read a value of the field's kind; `null` takes it away, `all` lets a key call every model."""
        spot = _spot(address)
        if spot.path:
            return field_at(spot.path).parse(text)
        if spot.key:
            return [] if text.strip() == "all" else _some(_MODELS.parse(text))
        return anything(text) if text.strip() == "null" else text.strip()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """List the keys, which only the admin token may."""

        def ask() -> str:
            found = self._line.read("/-/keys", deadline).table()
            return f"{len(tables(found.get('data')))} keys; the admin token may change everything"

        findings = [tried("reached and authorised", ask, "Name the gateway's admin.token in `token`.")]
        if findings[0].verdict is Verdict.FINE:
            step = "Keep it to the people on call: the gateway knows no lesser token."
            findings.append(Finding("token", Verdict.WARNING, "it may change every organisation and key", step))
        return findings

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Return the provider an answer names, for a route; nothing tells of the other values."""
        if not _spot(address).model or not isinstance(value, str):
            return None
        headers = self._line.read("/healthz", deadline).headers
        old = any(name.lower().startswith(PREFIXES[1]) for name in headers)
        return Expectation(f"header:{PREFIXES[old]}provider", (value,))

    def _state(self, address: str, get: Get) -> Any:
        return get(_spot(address).where).table()

    def _reading(self, address: str, state: Any) -> Reading:
        spot = _spot(address)
        if spot.key:
            models = state.get("allowed_models") or []
            at = str(state.get("updated_at") or "")
            return Reading(models, at, ", ".join(map(str, models)) or "every model", at=moment(at[:26].rstrip("Z")))
        if spot.model:
            provider = provider_of(state, spot.model)
            return Reading(provider, shown=provider or "no provider")
        value = look(state, spot.path, field_at(spot.path))
        return Reading(value, shown="not set" if value is None else told(value))

    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        spot = _spot(write.address)
        if spot.key:
            body: dict[str, Any] = {"models": _some(write.value)}
        elif spot.model:
            body = unmasked(routed(state, spot.model, write.value), self._provider_keys)
        else:
            value = field_at(spot.path).check(write.value)
            body = unmasked(changed(state, spot.path, value), self._provider_keys)
        self._line.ask("PUT", spot.where, deadline, json=body)


def _some(value: Value) -> Value:
    """Return a key's models; nothing at all would be left out of the request and change nothing."""
    if value is None:
        raise BadInput("a key's models are a list", hint="Write names, or `all` for every model.")
    return _MODELS.check(value)
