"""What every kind of lever on LiteLLM is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from cockpit.errors import BadInput, Moved
from cockpit.world.contract import Capability, Control, Expectation, Reading, Version, Write

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value
    from cockpit_adapters.litellm.proxy import Proxy

T = TypeVar("T")

SOON_S = 0.02
"""Seconds until the worker that took a change acts on it, at best: 26 to 45 ms measured at 20 requests a second."""
LATE_S = 0.6
"""The same at worst, with one worker and no stall of the machine."""


class Lever(Protocol):
    """One value on the proxy."""

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        ...

    def parse(self, text: str) -> Value:
        """Turn what people write into a value."""
        ...

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it from the proxy."""
        ...

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Change it, unless it moved."""
        ...

    def versions(self, proxy: Proxy, deadline: Deadline) -> Sequence[Version]:
        """Return its history."""
        ...

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Say what answers carry."""
        ...


class NoHistory:
    """For values of which LiteLLM keeps no history and answers tell nothing."""

    def versions(self, proxy: Proxy, deadline: Deadline) -> Sequence[Version]:
        """Return nothing."""
        return ()

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Return nothing."""
        return None


class InMemory(NoHistory, ABC, Generic[T]):
    """For values that workers keep in memory: several of them may know different ones."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Under which our own writes of it are remembered."""

    @abstractmethod
    def _look(self, proxy: Proxy, deadline: Deadline) -> T:
        """Ask whichever worker answers."""

    def _now(self, proxy: Proxy, deadline: Deadline) -> T:
        """Return what the workers agree on."""
        return proxy.settled(self.address, lambda: self._look(proxy, deadline), deadline)


class Block(NoHistory):
    """For what is blocked or not: whoever is blocked gets an error of one status."""

    refusal: ClassVar[str]

    def parse(self, text: str) -> Value:
        """Read on/off, blocked/unblocked."""
        return as_switch("blocked", text, YES | {"blocked"}, NO | {"unblocked"})

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect that error, or anything but that; the probe has to call as whoever is blocked."""
        return Expectation("status", (self.refusal,)) if value else Expectation("status", forbidden=(self.refusal,))


def blocked(value: bool) -> str:
    """Say whether something is blocked."""
    return "blocked" if value else "not blocked"


def control_of(address: str, capability: Capability, what: str, reach: str, effect_s: tuple[float, float]) -> Control:
    """Describe a value; whatever it is, requests that are under way keep the old one."""
    return Control(address, capability, what, reach, effect_s, leaves="requests that are under way")


def by_reload(options: Any) -> tuple[float, float]:
    """Return how soon and how late a change of routes, models, guardrails or prompts shows, in seconds."""
    return SOON_S, LATE_S if options.workers == 1 else options.reload_s + LATE_S


def by_cache(options: Any) -> tuple[float, float]:
    """Return how soon and how late a change of a key or team shows, in seconds."""
    return SOON_S, LATE_S if options.workers == 1 else options.key_cache_s + LATE_S


def refuse_if_moved(write: Write, now: Value) -> None:
    """Raise Moved when a value is neither what the change was planned on nor what it asks for."""
    if now not in (write.before, write.value):
        raise Moved(
            f"{write.address} is {shown(now)}, and was {shown(write.before)} when the change was planned",
            hint="Look at it again, then plan the change anew.",
        )


def shown(value: Value) -> str:
    """Write a value for people."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


NONE = {"", "none", "null", "-"}
YES = {"on", "yes", "true", "1"}
NO = {"off", "no", "false", "0"}


def as_switch(address: str, text: str, on: set[str] = YES, off: set[str] = NO) -> bool:
    """Read a switch."""
    word = text.strip().lower()
    if word not in on | off | YES | NO:
        raise BadInput(f"{address}: {text!r} is neither on nor off", hint="Write on or off.")
    return word in on | YES
