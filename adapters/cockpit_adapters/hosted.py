"""What adapters of hosted systems have in common: one read before a write, and small readers of outside data."""

from __future__ import annotations

import json
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Moved, Refused, Unauthorised, Unreachable, Unsure, WorldError
from cockpit.world.contract import (
    Control,
    Deadline,
    Expectation,
    Finding,
    Place,
    Reading,
    Value,
    Verdict,
    Version,
    Write,
)

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
        state = _before_writing(lambda: self._state(write.address, self._getter(deadline, once=True)))
        if not settled(self._reading(write.address, state), write):
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

    def _getter(self, deadline: Deadline, *, once: bool = False) -> Get:
        """Return how to ask: `once` neither tries again nor minds the breaker, for a person's change is due."""

        def get(path: str, **sent: Any) -> Answer:
            if once:
                return self._line.ask("GET", path, deadline, **sent)
            return self._line.read(path, deadline, **sent)

        return get


def _before_writing(look: Callable[[], T]) -> T:
    try:
        return look()
    except Unsure as problem:
        raise Unreachable(f"{problem}; the change was not sent") from None


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


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same as JSON sees them: 1 is 1.0, but true is not 1."""
    return json.dumps(_plain(one), sort_keys=True) == json.dumps(_plain(other), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def told(value: Value) -> str:
    """Return a value as one short line that is fit to be shown."""
    return clean(json.dumps(value, ensure_ascii=False), multiline=False, limit=160)


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


def switch(text: str) -> bool:
    """Read on or off as people write it."""
    word = text.strip().lower()
    if word in ("on", "true", "yes", "enabled"):
        return True
    if word in ("off", "false", "no", "disabled"):
        return False
    raise BadInput(f"{clean(text, multiline=False, limit=60)!r} is neither on nor off", hint="Write on or off.")


def percentage(text: str, step: float) -> int | float:
    """Read a share as people write it: `5`, `5 %`, `0.5`; a whole number comes back as one.

    Raises:
        BadInput: it is no number from 0 to 100, or finer than the system can store.
    """
    try:
        number = float(text.strip().removesuffix("%").strip())
    except ValueError:
        number = math.nan
    if not 0 <= number <= 100 or abs(number / step - round(number / step)) > 1e-6:
        raise BadInput(
            f"{clean(text, multiline=False, limit=60)!r} is no share",
            hint=f"Write a number from 0 to 100, in steps of {step:g}.",
        )
    return tidy(number)


def tidy(number: float) -> int | float:
    """Return a number without a fraction where it has none."""
    return int(number) if float(number).is_integer() else number


def anything(text: str) -> Value:
    """Read a value as JSON where it is JSON, else on/off, else the text itself."""
    try:
        found: Value = json.loads(text)
        return found
    except ValueError:
        pass
    return {"on": True, "off": False}.get(text.strip().lower(), text)


def moment_ms(value: object) -> datetime | None:
    """Return the moment of milliseconds since 1970; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def moment(value: object) -> datetime | None:
    """Return the moment an ISO 8601 text names; one without a zone is meant in UTC; None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def within(table: object, name: str, kind: type[T], where: str) -> T:
    """Return one entry of an answer.

    Raises:
        Unsure: it is missing or of another kind: the answer is not what the vendor documents.
    """
    found = table.get(name) if isinstance(table, dict) else None
    if not isinstance(found, kind) or (kind is not bool and isinstance(found, bool)):
        raise Unsure(f"the answer of {where} has no usable {name!r}")
    return found


def number(table: dict[str, Any], name: str, where: str) -> int | float:
    """Return a number of an answer, without a fraction where it has none; raises Unsure when it is none."""
    found = table.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise Unsure(f"the answer of {where} has no usable {name!r}")
    return tidy(found)


def tables(found: object) -> list[dict[str, Any]]:
    """Return the objects of a list, and nothing of what is none."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


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


def tried(what: str, ask: Callable[[], str], next_step: str) -> Finding:
    """Try something for the doctor: fine with what it tells, or wrong with the reason and what to do."""
    try:
        return Finding(what, Verdict.FINE, ask())
    except Unauthorised as problem:
        return Finding(what, Verdict.WRONG, str(problem), next_step)
    except WorldError as problem:
        return Finding(what, Verdict.WRONG, str(problem), problem.hint or "Check the address and the network.")
