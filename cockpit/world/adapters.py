"""The contract of an adapter, and how adapters are found.

An adapter stands between the cockpit and one kind of system. What it must be today is a description of itself: its
name, what it can do, and what that was tried against. The registry finds it through the entry-point group
`cockpit.adapters`; a package adds one with a line of its own, and nothing here has to change.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, runtime_checkable

from cockpit.errors import BadInput

GROUP = "cockpit.adapters"
"""The entry-point group in which adapters announce themselves."""

BUILT_IN = {"simulator": "cockpit_adapters.simulator:SimulatorAdapter"}
"""Adapters of this distribution; listed even where it is run from a checkout that nobody installed."""


class Capability(StrEnum):
    """What an adapter can be asked for; an adapter names those that it really has."""

    SIGNALS = "signals"
    TRACES = "traces"
    CHANGES = "changes"
    LEVERS = "levers"
    READ_BACK = "read_back"
    CANARY = "canary"


@runtime_checkable
class Adapter(Protocol):
    """What every adapter says about itself; plain attributes will do."""

    @property
    def name(self) -> str:
        """The name of its entry point."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can be asked for; nothing else is ever asked of it."""
        ...

    @property
    def tested(self) -> tuple[str, ...]:
        """What it was tried against, with versions, one per entry."""
        ...

    @property
    def production(self) -> bool:
        """Whether a lever pulled through it can reach people; False for simulators and recordings."""
        ...


def adapter_names() -> tuple[str, ...]:
    """Return the names of all adapters that are there, sorted; imports none of them."""
    return tuple(sorted({entry.name for entry in _announced()} | set(BUILT_IN)))


def load_adapter(name: str) -> Adapter:
    """Import one adapter and make it.

    Raises:
        BadInput: there is none of that name, it can't be imported, or it does not keep the contract.
    """
    entry = next((entry for entry in _announced() if entry.name == name), None) or _built_in(name)
    if entry is None:
        raise BadInput(f"there is no adapter {name!r}: there are {', '.join(adapter_names())}")
    try:
        made = entry.load()()
    except Exception as problem:  # a package of somebody else's may fail in any way it likes
        raise BadInput(f"adapter {name!r} ({entry.value}) can't be loaded: {problem}") from problem
    if not isinstance(made, Adapter):
        raise BadInput(f"adapter {name!r} ({entry.value}) lacks name, capabilities, tested or production")
    return made


def _announced() -> Iterable[EntryPoint]:
    return entry_points(group=GROUP)


def _built_in(name: str) -> EntryPoint | None:
    value = BUILT_IN.get(name)
    return EntryPoint(name, value, GROUP) if value else None
