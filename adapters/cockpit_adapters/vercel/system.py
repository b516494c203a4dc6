"""Vercel Global Config as a system: one item at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused
from cockpit.world.contract import Capability, Control, Deadline, Finding, Reading, Value, Write
from cockpit_adapters.answers import moment_ms, tables, within
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import Get, HostedSystem, segment, understood
from cockpit_adapters.values import anything, told

if TYPE_CHECKING:
    from cockpit.world.http import Line

_ADDRESS = re.compile(r"item:(?P<config>ecfg_[A-Za-z0-9]+)/(?P<key>[A-Za-z0-9_-]{1,256})")
_SHAPES = "item:CONFIG_ID/KEY, for instance item:ecfg_abc123/llm_answers"

ABSENT = "absent"
"""The version of an item that is not there."""


class Vercel(HostedSystem):
    """The Global Configs of one account or team."""

    def __init__(self, line: Line, *, product: str = "global-config", team: str = "") -> None:
        super().__init__(line)
        self._base = f"/v1/{product}"
        self._params = {"teamId": team} if team else None

    def control(self, address: str) -> Control:
        """Understand an address."""
        key = understood(_ADDRESS, address, _SHAPES)["key"]
        reach = "every deployment that reads this config"
        return Control(address, Capability.FLAG, f"the item {key}", reach, (1, 10), leaves="what a deployment caches")

    def parse(self, address: str, text: str) -> Value:
        """Read JSON, on or off, else the text itself; `null` deletes the item."""
        self.control(address)
        return anything(text)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """List the configs."""

        def ask() -> str:
            found = self._line.read(self._base, deadline, params=self._params).rows()
            return f"{len(tables(found))} configs can be read"

        return [tried("reached and authorised", ask, "Make a token for the team that owns the config; set `team`.")]

    def _items(self, address: str) -> str:
        return f"{self._base}/{segment(understood(_ADDRESS, address, _SHAPES)['config'])}/items"

    def _state(self, address: str, get: Get) -> Any:
        # All items at once: asked for one, the API says 404 both for no item and for no config.
        return get(self._items(address), params=self._params).rows()

    def _reading(self, address: str, state: Any) -> Reading:
        key = understood(_ADDRESS, address, _SHAPES)["key"]
        item = next((one for one in tables(state) if one.get("key") == key), None)
        if item is None:
            return Reading(None, ABSENT, "not there")
        value: Value = item.get("value")
        if value is None:
            raise Refused(f"{key} holds null, which could not be told from no item", hint="Give it another value.")
        version = str(within(item, "updatedAt", int, self._items(address)))
        return Reading(value, version, told(value), at=moment_ms(item.get("updatedAt")))

    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        key = understood(_ADDRESS, write.address, _SHAPES)["key"]
        item: dict[str, Any] = {"operation": "delete", "key": key}
        if write.value is not None:
            item = {"operation": "upsert", "key": key, "value": write.value}
        self._line.ask("PATCH", self._items(write.address), deadline, json={"items": [item]}, params=self._params)
