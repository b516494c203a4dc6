"""One config file of Portkey's gateway."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused, WorldError
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
    Version,
    Write,
)
from cockpit_adapters.documents import MISSING, Format, at, edit, load, parse_path, with_value
from cockpit_adapters.documents.files import change, read_text
from cockpit_adapters.documents.secrecy import holds_secret
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


class PortkeySystem:
    """Values of one config file."""

    def __init__(self, options: PortkeyOptions, place: Place) -> None:
        if not options.file:
            raise BadInput(f"{place.name} names no file", hint='Add a line: file = "/etc/app/portkey.json"')
        self._file = Path(options.file).expanduser()
        self._reload_s = options.reload_s

    def close(self) -> None:
        """Nothing is held."""

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Prove that the file can be read and replaced, and that the gateway would take it."""
        try:
            config = self._config(read_text(self._file))
            refuse_broken(config)
        except WorldError as problem:
            return [Finding("reached", Verdict.WRONG, problem.message, problem.hint or "Correct the file.")]
        found = [Finding("reached", Verdict.FINE, str(self._file)), self._writable()]
        if holds_secret((), config):
            step = "Use virtual keys, or let the application add the keys it has from its environment."
            found.append(Finding("secrets", Verdict.WARNING, "the file holds keys in clear", step))
        return found

    def _writable(self) -> Finding:
        target = self._file.resolve()
        if os.access(target, os.W_OK) and os.access(target.parent, os.W_OK | os.X_OK):
            return Finding("rights", Verdict.FINE, "the file may be replaced")
        step = "Let the responders' user write the file and its folder: it is replaced as a whole."
        return Finding("rights", Verdict.WRONG, f"{target} or its folder may not be written", step)

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

    def write(self, write: Write, deadline: Deadline) -> None:
        """Replace the file by one in which this value differs, unless the gateway would refuse that."""
        place = where(write.address)
        change(self._file, deadline, lambda text: self._changed(text, place, write))

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Nothing: a file keeps no history; keep it in git and use that adapter where you need one."""
        where(address)
        return ()

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
