"""The hook's levers as the cockpit sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Moved
from cockpit.world.contract import Capability, Control, Expectation, Finding, Reading, Version, Write
from cockpit.world.port import Change
from cockpit_adapters.answers import moment
from cockpit_adapters.litellm_hook.hook import cockpit_levers_state as kept

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value
    from cockpit_adapters.litellm_hook.stores import Store

NONE = {"", "none", "null", "-"}
YES, NO = {"on", "yes", "true", "1"}, {"off", "no", "false", "0"}
EXAMPLES = (
    "route:support, killed:support, share:support, max_tokens:support, temperature:support, tools:support/search, "
    "blocked_words:input, blocked_words:output"
)


def _name(text: str) -> Value:
    return None if text.lower() in NONE else text


def _killed(text: str) -> Value:
    return _choice(text, YES | {"stopped", "killed"}, NO | {"serving"})


def _tool(text: str) -> Value:
    return "on" if _choice(text, YES, NO) else "off"


def _choice(text: str, yes: set[str], no: set[str]) -> bool:
    if text.lower() not in yes | no:
        raise ValueError
    return text.lower() in yes


def _percent(text: str) -> Value:
    return _number(float)(text.rstrip("% "))


def _number(kind: Callable[[str], int | float]) -> Callable[[str], Value]:
    return lambda text: None if text.lower() in NONE else kind(text)


def _words(text: str) -> Value:
    return [word.strip() for word in text.split(",") if word.strip()] if text.lower() not in NONE else []


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of lever is: `what` and `reach` speak of {name}; `unset` is its value before it is ever set."""

    capability: Capability
    what: str
    reach: str
    parse: Callable[[str], Value]
    form: str
    unset: Value = None


_USERS = "everybody who asks for {name}"
KINDS = {
    "route": Kind(Capability.ROUTING, "the model that stands in for {name}", _USERS, _name, "a model, or none"),
    "killed": Kind(Capability.FLAG, "whether {name} is stopped", f"{_USERS}: error 503", _killed, "on or off", False),
    "share": Kind(
        Capability.CANARY, "the share of users let through to a stopped {name}", _USERS, _percent, "0 to 100", 0
    ),
    "max_tokens": Kind(Capability.CAPS, "the most tokens of {name}", _USERS, _number(int), "a number, or none"),
    "temperature": Kind(
        Capability.CAPS, "the highest temperature of {name}", _USERS, _number(float), "0 to 2, or none"
    ),
    "tools": Kind(Capability.TOOLS, "the tool {name}", "requests that offer {name}", _tool, "on or off", "on"),
    "blocked_words": Kind(
        Capability.GUARDRAIL, "words kept out of every {name}", "everybody", _words, "words with commas, or none", []
    ),
}  # fmt: skip

LEAVES = "answers that are under way: they end as they began"


class HookSystem:
    """The levers of one proxy."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def close(self) -> None:
        """Let go of connections."""
        self._store.close()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Tell whether levers can be read and set."""
        return self._store.check(deadline)

    def control(self, address: str) -> Control:
        """Understand an address; raises BadInput when it is none."""
        kind, name = self._kind(address)
        what, reach = kind.what.format(name=name), kind.reach.format(name=name)
        return Control(address, kind.capability, what, reach, (0.0, 0.7), fenced=True, leaves=LEAVES)

    def _kind(self, address: str) -> tuple[Kind, str]:
        try:
            kind, name = kept.split(address)
        except kept.Problem:
            told = clean(address, multiline=False, limit=80)
            raise BadInput(f"{told!r} is no lever of the hook", hint=f"There are {EXAMPLES}.") from None
        return KINDS[kind], name

    def parse(self, address: str, text: str) -> Value:
        """Turn a target as people write it into a value."""
        kind, _ = self._kind(address)
        try:
            value = kind.parse(text.strip())
            kept.check(address, value)
        except (ValueError, kept.Problem):
            raise BadInput(f"{address}: {text!r} is no value of it", hint=f"Write {kind.form}.") from None
        return value

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read one lever; its version changes with every write to it, and with no other."""
        kind, _ = self._kind(address)
        entry = self._store.levers(deadline).get(address)
        if entry is None:
            return Reading(kind.unset, kept.NEVER_SET, _shown(kind.unset))
        value = kind.unset if entry.get("value") is None else entry["value"]
        return Reading(value, str(entry.get("version") or kept.NEVER_SET), _shown(value), at=moment(entry.get("at")))

    def write(self, write: Write, deadline: Deadline) -> None:
        """Set one lever, with the version seen and the key of the change: the hook refuses what moved."""
        self._kind(write.address)
        version = write.version
        if not version:
            reading = self.read(write.address, deadline)
            if reading.value != write.before:
                raise Moved(f"{write.address} is {reading.shown}, and was {_shown(write.before)} when it was planned")
            version = reading.version
        self._store.put(write, version, deadline)

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return nothing: the file keeps only what is in force."""
        self._kind(address)
        return ()

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect error 503 of what is stopped; else the header in which each lever tells its own value.

        That header does not change when another lever is pulled meanwhile, and is there on errors too.
        """
        if address.startswith("killed:"):
            return Expectation("status", ("503",)) if value else Expectation("status", forbidden=("503",))
        return Expectation(f"header:{kept.header_of(address)}", (kept.digest(value),))

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return the last change of each lever since a moment, newest first; the file keeps no older ones."""
        found = []
        for address, entry in self._store.levers(deadline).items():
            at = moment(entry.get("at"))
            if at is not None and at > since:
                before, after, why = (
                    _shown(entry.get("before")),
                    _shown(entry.get("value")),
                    str(entry.get("why") or ""),
                )
                found.append(Change(f"levers:{address}", at, f"lever {address}", "lever", before, after, "", why))
        return sorted(found, key=lambda change: change.at, reverse=True)


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "stopped" if value else "serving"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
