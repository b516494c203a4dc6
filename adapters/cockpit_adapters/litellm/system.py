"""One LiteLLM proxy with its database, as the cockpit sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cockpit.errors import Unsure
from cockpit.world.contract import Control, Deadline, Expectation, Finding, Place, Reading, Version, Write
from cockpit_adapters.litellm.addresses import lever_at
from cockpit_adapters.litellm.doctor import findings
from cockpit_adapters.litellm.history import changes
from cockpit_adapters.litellm.meter import MEASURES, Gauge
from cockpit_adapters.litellm.proxy import Proxy

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.world.contract import Value
    from cockpit.world.http import Line
    from cockpit.world.port import Change


class LiteLLMSystem:
    """Levers, changes and figures of one proxy."""

    def __init__(self, line: Line, options: Any, place: Place) -> None:
        self._proxy = Proxy(line, options, place.monotonic)
        self._gauge = Gauge(place.monotonic)

    def close(self) -> None:
        """Let go of connections."""
        self._proxy.line.close()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Tell what can be told without changing anything."""
        return findings(self._proxy, deadline)

    def control(self, address: str) -> Control:
        """Understand an address; raises BadInput when it is none."""
        return lever_at(address).control(address, self._proxy.options)

    def parse(self, address: str, text: str) -> Value:
        """Turn a target as people write it into a value."""
        return lever_at(address).parse(text)

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read a value: from the database, or from workers that agree (see `Proxy.settled`)."""
        return lever_at(address).read(self._proxy, deadline)

    def write(self, write: Write, deadline: Deadline) -> None:
        """Ask for one change, once; raises Moved when the value is not what it was."""
        try:
            lever_at(write.address).write(self._proxy, write, deadline)
        except Unsure:
            self._proxy.forget(write.address)
            raise
        self._proxy.remember(write.address, write.value)

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return a prompt's contents; LiteLLM keeps no history of anything else."""
        return lever_at(address).versions(self._proxy, deadline)

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Say what answers carry once the value is in force."""
        return lever_at(address).expectation(self._proxy, value, deadline)

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return what LiteLLM dates: keys, guardrails, policies, budgets, prompts; not aliases and models."""
        return changes(self._proxy, since, deadline)

    def measures(self) -> Mapping[str, str]:
        """Return what can be measured, with units."""
        return MEASURES

    def measure(self, deadline: Deadline) -> Mapping[str, float]:
        """Return what happened since the last call; nothing at the first."""
        return self._gauge.take(self._proxy.line.read("/metrics/", deadline).text)
