"""What adapters of hosted systems have in common: one read before a write, and how they are addressed."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Moved, Refused, Unreachable, Unsure
from cockpit.world.contract import (
    Control,
    Deadline,
    Expectation,
    Place,
    Reading,
    Value,
    Version,
    Write,
)
from cockpit_adapters.values import same, told

if TYPE_CHECKING:
    from cockpit.world.http import Answer, Line
    from cockpit.world.options import SystemOptions

T = TypeVar("T")


class Get(Protocol):
    """Asks the system for one path."""

    def __call__(self, path: str, **sent: Any) -> Answer:
        """Return the answer, or raise a WorldError."""
        ...


class HostedSystem(ABC):
    """A system behind an HTTP API without preconditions: every write first looks whether somebody else was there."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @abstractmethod
    def control(self, address: str) -> Control:
        """Understand an address."""

    @abstractmethod
    def _state(self, address: str, get: Get) -> Any:
        """Ask the system for what holds the value; raise Refused when there is no such thing."""

    @abstractmethod
    def _reading(self, address: str, state: Any) -> Reading:
        """Find the value in it."""

    @abstractmethod
    def _change(self, write: Write, state: Any, deadline: Deadline) -> None:
        """Send the one request that changes it."""

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read the value as the system stores it now."""
        return self._reading(address, self._state(address, self._getter(deadline)))

    def write(self, write: Write, deadline: Deadline) -> None:
        """Change the value once, unless it is there already.

        Raises:
            Moved: it is neither what was asked for nor what the change was planned on.
            WorldError: which of them says what is certain.
        """
        self.control(write.address)

        def look() -> tuple[Any, Reading]:
            state = self._state(write.address, self._getter(deadline, once=True))
            return state, self._reading(write.address, state)

        state, now = looked(look)
        if not self._settled(now, write):
            self._change(write, state, deadline)

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return nothing: the system keeps no history that could be put back."""
        self.control(address)
        return ()

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Return None: answers on the wire carry nothing of it; `proof` in cockpit.toml can name what does."""
        self.control(address)
        return None

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _settled(self, now: Reading, write: Write) -> bool:
        """Tell whether nothing need be sent; raises Moved when somebody else wrote."""
        return settled(now, write)

    def _getter(self, deadline: Deadline, *, once: bool = False) -> Get:
        """Return how to ask: `once` neither tries again nor minds the breaker, for a person's change is due."""

        def get(path: str, **sent: Any) -> Answer:
            if once:
                return self._line.ask("GET", path, deadline, **sent)
            return self._line.read(path, deadline, **sent)

        return get


def looked(look: Callable[[], T]) -> T:
    """Return what is in force right before a change is sent.

    Raises:
        Unreachable: the look got no clear answer; the change itself was not sent, and that is certain.
    """
    try:
        return look()
    except Unsure as problem:
        raise Unreachable(f"it could not be read first, so the change was not sent: {problem.message}") from None


def settled(now: Reading, write: Write) -> bool:
    """Say whether the value is there already, so that a repeat changes nothing.

    Raises:
        Moved: somebody else wrote since the change was planned.
    """
    if same(now.value, write.value):
        return True
    moved = now.version != write.version if now.version and write.version else not same(now.value, write.before)
    if moved:
        versions = f" (version {write.version}, now {now.version})" if write.version and now.version else ""
        raise Moved(
            f"{write.address} was {told(write.before)} when this was planned and is {told(now.value)} now{versions}",
            hint="Look who changed it, then plan again.",
        )
    return False


def understood(pattern: re.Pattern[str], address: str, shapes: str) -> re.Match[str]:
    """Match an address.

    Raises:
        BadInput: it is none; the message shows the shapes there are.
    """
    found = pattern.fullmatch(address)
    if found is None:
        raise BadInput(
            f"{clean(address, multiline=False, limit=120)!r} is no address here: they look like {shapes}",
            hint="Correct `control` in cockpit.toml.",
        )
    return found


def segment(text: str) -> str:
    """Return one segment of a path, quoted, so that no name reaches another resource."""
    return quote(text, safe="")


def absent(what: str, next_step: str) -> Refused:
    """Return the error for something the address names and the system does not have."""
    return Refused(f"there is no {clean(what, multiline=False, limit=160)}", hint=next_step)


def token_of(options: SystemOptions, place: Place) -> str:
    """Return the token.

    Raises:
        BadInput: none is named, or there is nothing where it should be.
    """
    if not options.token:
        raise BadInput(
            f"{place.name}: no token is named",
            hint='Add a line: token = "env:NAME" (or file:PATH, keyring:SERVICE/NAME).',
        )
    return place.secret(options.token)
