"""One config file of Portkey's gateway."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused
from cockpit.world.contract import (
    Capability,
    Control,
    Deadline,
    Expectation,
    Finding,
    Place,
    Reading,
    Value,
    Verdict,
    Write,
)
from cockpit_adapters.documents import MISSING, Format, at, edit, load, parse_path, with_value
from cockpit_adapters.documents.files import read_text
from cockpit_adapters.documents.secrecy import holds_secret
from cockpit_adapters.documents.system import FileSystem
from cockpit_adapters.portkey.config import indexes, labels, refuse_broken

if TYPE_CHECKING:
    from cockpit_adapters.portkey import PortkeyOptions

GRAMMAR = "json:PATH, as in json:strategy.mode, or target:PATH for the order of a list, as in target:targets"
CARRIER = "header:x-portkey-last-used-option-index"
_GUARDRAILS = re.compile(r"(input|output)_guardrails|(before|after)_request_hooks|default\..*")


@dataclass(frozen=True, slots=True)
class Where:
    """One control: `kind` is `json` or `target`."""

    kind: str
    path: tuple[str, ...]

    @property
    def words(self) -> str:
        """The place as people write it."""
        return ".".join(self.path)

    @property
    def capability(self) -> Capability:
        """What the place decides."""
        if any(_GUARDRAILS.fullmatch(part) for part in self.path):
            return Capability.GUARDRAIL
        return Capability.MODEL_PIN if self.path[-1] == "model" else Capability.ROUTING


def where(address: str) -> Where:
    """Understand an address.

    Raises:
        BadInput: it is none, or names a secret.
    """
    kind, _, path = address.partition(":")
    if kind not in ("json", "target") or not path or path.split() != [path]:
        raise BadInput(f"{address!r} is no control of a Portkey config", hint=f"Write {GRAMMAR}.")
    found = Where(kind, parse_path(path))
    if holds_secret(found.path, None):
        raise BadInput(f"{address!r} names a secret, which no lever may hold", hint=f"Write {GRAMMAR}.")
    return found


class PortkeySystem(FileSystem[Where]):
    """Values of one config file."""

    def __init__(self, options: PortkeyOptions, place: Place) -> None:
        super().__init__(options.file, place, "/etc/app/portkey.json")
        self._reload_s = options.reload_s

    def control(self, address: str) -> Control:
        """Understand an address, without reading the file."""
        place = where(address)
        return Control(
            address=address,
            capability=place.capability,
            what=f"{'the order of' if place.kind == 'target' else 'the value of'} {place.words} in {self._file.name}",
            reach="everybody whose application sends this config",
            effect_s=(0.0, self._reload_s),
            leaves="applications that keep the config they read at their start",
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn a target as people write it into a value: JSON, a plain word, or the names of targets in order."""
        place = where(address)
        if place.kind == "target":
            names: list[Any] = [name.strip() for name in text.split(",")]
            if not all(names) or len(set(names)) < len(names):
                raise BadInput(f"{text!r} is no order", hint="Write the names of all targets: backup, primary.")
            return names
        try:
            value: Value = json.loads(text)
        except (ValueError, RecursionError):
            value = text
        return value

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read a value from the file."""
        value = self._value(where(address), self._config(read_text(self._file)))
        return Reading(value, _version(value), _shown(value))

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Name the targets answers can come from, where the change closes one that answers can come from now."""
        config = self._config(read_text(self._file))
        new = self._with(config, where(address), value)
        refuse_broken(config)
        refuse_broken(new)
        closed = set(indexes(config)) - set(indexes(new))
        if not closed or where(address).kind == "target":
            return None
        return Expectation(CARRIER, tuple(indexes(new)), tuple(sorted(closed)))

    def _where(self, address: str) -> Where:
        return where(address)

    def _examined(self, text: str) -> tuple[str, Sequence[Finding]]:
        """Make sure that the gateway would take it, and warn of keys in it."""
        config = self._config(text)
        refuse_broken(config)
        if not holds_secret((), config):
            return str(self._file), ()
        step = "Use virtual keys, or let the application add the keys it has from its environment."
        return str(self._file), (Finding("secrets", Verdict.WARNING, "the file holds keys in clear", step),)

    def _changed(self, text: str, place: Where, write: Write) -> str:
        config = self._config(text)
        now = self._value(place, config)
        if now == write.value and type(now) is type(write.value):
            return text
        if write.version and _version(now) != write.version:
            raise Moved(f"{place.words} was {_shown(write.before)} when this was planned, it is {_shown(now)} now")
        new = self._with(config, place, write.value)
        refuse_broken(new)
        found = at(new, place.path)
        return edit(text, Format.JSON, self._file.name, [(place.path, found)])

    def _value(self, place: Where, config: Any) -> Any:
        found = at(config, place.path)
        if place.kind == "target":
            return labels(found)
        if found is None:
            raise Refused(f"{place.words} is null, which a lever can't tell from nothing", hint="Take the key away.")
        if holds_secret(place.path, found):
            raise Refused(f"{place.words} holds a key, which no lever may", hint="Name a deeper place.")
        return None if found is MISSING else found

    def _with(self, config: Any, place: Where, value: Value) -> Any:
        if place.kind == "json":
            if holds_secret(place.path, value):
                raise BadInput(f"the value for {place.words} holds a key, which no lever may")
            return with_value(config, place.path, MISSING if value is None else value)
        targets = at(config, place.path)
        names = labels(targets)
        if not isinstance(value, list) or sorted(map(str, value)) != sorted(names):
            raise BadInput(f"{value} is no order of {', '.join(names)}", hint="Name each target once.")
        return with_value(config, place.path, [targets[names.index(str(name))] for name in value])

    def _config(self, text: str) -> Any:
        config = load(text, Format.JSON, str(self._file))
        if not isinstance(config, dict):
            raise Refused(f"{self._file} holds no config: that is an object")
        return config


def _version(value: Value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _shown(value: Value) -> str:
    if value is None:
        return "not set"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)
