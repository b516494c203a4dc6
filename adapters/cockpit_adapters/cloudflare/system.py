"""Cloudflare AI Gateway as a system: a route's value is the version that is deployed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Refused, Unsure
from cockpit.world.contract import Capability, Control, Deadline, Finding, Reading, Value, Version, Write
from cockpit_adapters.answers import moment, tables, within
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import Get, HostedSystem, segment, understood
from cockpit_adapters.values import told

if TYPE_CHECKING:
    from cockpit.world.http import Answer

_PART = r"[A-Za-z0-9._-]+"
_ADDRESS = re.compile(rf"route:(?P<account>[0-9a-fA-F]{{32}})/(?P<gateway>{_PART})/(?P<route>{_PART})")
_SHAPES = "route:ACCOUNT/GATEWAY/ROUTE, with the account's 32 hexadecimal digits and the route's id"
_VERSION = re.compile(_PART)

MOST_PAGES = 10


class Cloudflare(HostedSystem):
    """The AI gateways a token reaches."""

    def control(self, address: str) -> Control:
        """Understand an address."""
        found = understood(_ADDRESS, address, _SHAPES)
        what = f"the deployed version of route {found['route']}"
        return Control(address, Capability.ROUTING, what, f"whoever calls it on gateway {found['gateway']}", (1, 30))

    def parse(self, address: str, text: str) -> Value:
        """Read the id of a version."""
        self.control(address)
        if not _VERSION.fullmatch(text.strip()):
            raise BadInput(f"{told(text)} is no id of a version", hint="Pick one from the route's versions.")
        return text.strip()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask whether the token is alive."""

        def ask() -> str:
            found = _result(self._line.read("/user/tokens/verify", deadline))
            if found.get("status") != "active":
                raise Refused(f"the token is {told(found.get('status'))}", hint="Make a new one.")
            return "the token is active"

        return [tried("reached and authorised", ask, "Make an API token with AI Gateway Write for this account.")]

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the route's versions, newest first."""
        get = self._getter(deadline)
        current = self._reading(address, self._state(address, get)).value
        rows = _all_versions(get, f"{_path(address)}/versions")
        found = [_version(one, current) for one in rows]
        return sorted(found, key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)

    def _state(self, address: str, get: Get) -> Any:
        return _result(get(_path(address)))

    def _reading(self, address: str, state: Any) -> Reading:
        deployed = within(state, "deployment", dict, _path(address))
        value = within(deployed, "version_id", str, _path(address))
        version = within(deployed, "deployment_id", str, _path(address))
        comment = _line(deployed.get("comment"))
        return Reading(
            value, version, f"{value} ({comment})" if comment else value, at=moment(deployed.get("created_at"))
        )

    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        if not isinstance(write.value, str) or not _VERSION.fullmatch(write.value):
            raise BadInput(f"{write.address} takes the id of a version, not {told(write.value)}")
        body = {"version_id": write.value}
        _succeeded(self._line.ask("POST", f"{_path(write.address)}/deployments", deadline, json=body))


def _path(address: str) -> str:
    found = understood(_ADDRESS, address, _SHAPES)
    account, gateway, route = (segment(found[name]) for name in ("account", "gateway", "route"))
    return f"/accounts/{account}/ai-gateway/gateways/{gateway}/routes/{route}"


def _succeeded(answer: Answer) -> dict[str, Any]:
    """Return the envelope; an answer of 200 may still say that it failed, and then nobody knows what was done."""
    envelope = answer.table()
    if envelope.get("success") is not True:
        raise Unsure(f"Cloudflare says it did not succeed: {told(envelope.get('errors'))}")
    return envelope


def _result(answer: Answer) -> dict[str, Any]:
    return within(_succeeded(answer), "result", dict, "Cloudflare")


def _all_versions(get: Get, path: str) -> list[dict[str, Any]]:
    """Follow pages until one brings nothing new: the specification names no parameter for them."""
    found: dict[str, dict[str, Any]] = {}
    for page in range(1, MOST_PAGES + 1):
        envelope = _succeeded(get(path, params={"page": page} if page > 1 else None))
        data = envelope.get("data") or envelope.get("result")
        rows = tables(within(data, "versions", list, path))
        new = {one["version_id"]: one for one in rows if isinstance(one.get("version_id"), str)}
        if not new.keys() - found.keys():
            break
        found |= new
        size = data.get("per_page") if isinstance(data, dict) else None
        if isinstance(size, int | float) and len(rows) < size:
            break
    return list(found.values())


def _version(row: dict[str, Any], current: Value) -> Version:
    ident, at = row["version_id"], moment(row.get("created_at"))
    return Version(ident, ident, at, note=_line(row.get("comment")), current=ident == current)


def _line(text: object) -> str:
    return clean(" ".join(str(text or "").split()), multiline=False, limit=120)
