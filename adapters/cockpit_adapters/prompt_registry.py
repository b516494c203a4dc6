"""What registries of prompts have in common: a name is read, and moved to another version by one request."""

from __future__ import annotations

import contextlib
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from cockpit.errors import Refused
from cockpit.world.contract import Capability, Control, Deadline, Finding, Place, Reading, Value, Version, Write
from cockpit_adapters.findings import Trial, attempt, until_wrong
from cockpit_adapters.hosted import Get, HostedSystem
from cockpit_adapters.pointers import Grammar, Pointer, in_force, version_number

if TYPE_CHECKING:
    from cockpit.world.http import Line


class CachedPrompts(Protocol):
    """Options of a registry whose prompts an application may keep."""

    @property
    def app_cache_s(self) -> float:
        """How long it keeps one, in seconds."""
        ...


class PromptRegistry(HostedSystem):
    """The names of one registry, each on a version of a prompt."""

    vendor: ClassVar[str]
    """The registry as people call it."""

    grammar: ClassVar[Grammar]
    """How its addresses are written."""

    absent: ClassVar[re.Pattern[str]] = re.compile("answered 404")
    """How the registry says that something is not there."""

    leaves: ClassVar[str] = (
        "what the application keeps: prompts it has read, and sessions that began with the old one"
    )
    """What still works with the old version after a move."""

    def __init__(self, line: Line, options: CachedPrompts, place: Place) -> None:
        super().__init__(line)
        self._app_cache_s = options.app_cache_s
        self._place = place

    @abstractmethod
    def _named(self, pointer: Pointer, get: Get) -> Any:
        """Ask for what the name stands on now; raise Refused when there is no such name."""

    @abstractmethod
    def _in_force(self, pointer: Pointer, row: Any) -> Reading:
        """Find in it which version is in force, as far as this one answer tells."""

    @abstractmethod
    def _move(self, pointer: Pointer, write: Write, row: Any, deadline: Deadline) -> None:
        """Send the one request that moves the name."""

    @abstractmethod
    def _history(self, pointer: Pointer, current: Value, deadline: Deadline) -> Sequence[Version]:
        """Return the versions of the prompt, newest first."""

    @abstractmethod
    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        """Return what the doctor tries, in this order."""

    def control(self, address: str) -> Control:
        """Understand an address, such as `tag:PROMPT@NAME`."""
        pointer, kind = self.grammar.read(address), self.grammar.kind
        return Control(
            address,
            Capability.PROMPT,
            f"the version of the prompt {pointer.prompt} that has the {kind} {pointer.name}",
            f"everybody whose request uses {pointer.prompt} by its {kind} {pointer.name}",
            (0.0, max(1.0, self._app_cache_s)),
            leaves=self.leaves,
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn a version as people say it (`3`, `v3`) into its number."""
        self.grammar.read(address)
        return version_number(text)

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read which version the name stands on, in words where the registry has them in time."""
        pointer = self.grammar.read(address)
        return self._explained(pointer, self._named(pointer, self._getter(deadline)), deadline)

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the prompt's versions, newest first, with dates and notes as far as they come in time."""
        pointer = self.grammar.read(address)
        row = self._named(pointer, self._getter(deadline))
        return self._history(pointer, self._in_force(pointer, row).value, deadline)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Reach the registry, read prompts, and see what the token may do where that can be told."""
        return until_wrong([partial(attempt, *trial) for trial in self._checks(deadline)])

    def _explained(self, pointer: Pointer, row: Any, deadline: Deadline) -> Reading:
        """Return what is in force with whatever else explains it; asks nothing more unless a registry has to."""
        return self._in_force(pointer, row)

    def _state(self, address: str, get: Get) -> Any:
        return self._named(self.grammar.read(address), get)

    def _reading(self, address: str, state: Any) -> Reading:
        return self._in_force(self.grammar.read(address), state)

    def _settled(self, now: Reading, write: Write) -> bool:
        return in_force(write, now)

    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        self._move(self.grammar.read(write.address), write, state, deadline)

    @contextlib.contextmanager
    def _or_missing(self, pointer: Pointer) -> Iterator[None]:
        """Say in plain words that a name is not there."""
        try:
            yield
        except Refused as problem:
            if not self.absent.search(problem.message):
                raise
            raise Refused(
                f"{self._line.base} has no prompt {pointer.prompt} with the {self.grammar.kind} {pointer.name}",
                hint=f"Put the {self.grammar.kind} on a version once, in {self.vendor}: the cockpit only moves it.",
            ) from None
