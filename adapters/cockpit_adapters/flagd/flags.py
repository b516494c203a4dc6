"""One flag of a flagd file, and what its two controls make of it; nothing here touches a file.

A kill is `defaultVariant` on the off side *and* no targeting, since targeting wins over the default; never
`"state": "DISABLED"`, with which an application falls back to the default in its own code, which may well be on.
What no single word can say (a flag with targeting) is a value with all three fields, so that an undo restores them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.errors import BadInput, Refused
from cockpit.world.contract import Value
from cockpit_adapters.documents import MISSING

GRAMMAR = "flag:NAME (on, off) or share:NAME (0 to 100)"
_ADDRESS = re.compile(r"(?P<kind>flag|share):(?P<name>[^\s:@]{1,200})")
STATE, DEFAULT, TARGETING = "state", "defaultVariant", "targeting"
FIELDS = (STATE, DEFAULT, TARGETING)


@dataclass(frozen=True, slots=True)
class Where:
    """One control: `kind` is `flag` or `share`."""

    kind: str
    name: str


def where(address: str) -> Where:
    """Understand an address.

    Raises:
        BadInput: it is none.
    """
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise BadInput(f"{address!r} is no control of a flagd file", hint=f"Write {GRAMMAR}.")
    return Where(**found.groupdict())


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag as the file has it."""

    at: Where
    entry: Mapping[str, Any]

    @property
    def sides(self) -> tuple[str, str]:
        """The names of the variants that mean on and off.

        Raises:
            Refused: it has no such two.
        """
        variants = self.entry.get("variants")
        found = variants if isinstance(variants, dict) else {}
        on, off = _side(found, True, "on"), _side(found, False, "off")
        if not on or not off:
            raise Refused(
                f"flag {self.at.name} has no two variants that mean on and off",
                hint='A lever needs a variant that is true and one that is false, or two named "on" and "off".',
            )
        return on, off

    def value(self) -> Value:
        """Return what the control holds: the word for it where one says it all, else all three fields."""
        fields = {name: self.entry[name] for name in FIELDS if name in self.entry}
        words: tuple[Value, ...] = (False, True) if self.at.kind == "flag" else (0, 100)
        guess = self._share() if self.at.kind == "share" else None
        for word in (*words, guess):
            if word is not None and fields == self.fields(word):
                return word
        return fields

    def fields(self, value: Value) -> dict[str, Any]:
        """Return the fields that stand for a value; a field that is missing has to go.

        Raises:
            BadInput: it is no value of this control.
        """
        if isinstance(value, dict):
            if not set(value) <= set(FIELDS):
                raise BadInput(f"{sorted(value)} are no fields of flag {self.at.name}")
            return dict(value)
        on, off = self.sides
        state = {STATE: "ENABLED"} if STATE in self.entry else {}
        percent = _percent(self.at, value)
        if percent in (0, 100):
            return {**state, DEFAULT: on if percent else off}
        return {**state, DEFAULT: off, TARGETING: {"fractional": [[on, percent], [off, 100 - percent]]}}

    def changes(self, value: Value) -> list[tuple[tuple[str, ...], Any]]:
        """Return what to change in the document; only what differs."""
        wanted = self.fields(value)
        return [
            (("flags", self.at.name, name), wanted.get(name, MISSING))
            for name in FIELDS
            if self.entry.get(name, MISSING) != wanted.get(name, MISSING)
        ]

    def shown(self) -> str:
        """Return the value as people know it."""
        on, off = self.sides
        told = {on: "on", off: "off"}.get(str(self.entry.get(DEFAULT)), f"variant {self.entry.get(DEFAULT)}")
        if self.entry.get(STATE) == "DISABLED":
            return "disabled: whatever the application's code has as its default"
        if not self.entry.get(TARGETING):
            return told
        share = self._share()
        return f"{told}, with targeting" if share is None else f"{share} %"

    def version(self) -> str:
        """Return a digest of the flag as the file has it."""
        return hashlib.sha256(json.dumps(self.entry, sort_keys=True).encode()).hexdigest()[:16]

    def _share(self) -> int | None:
        """Return the percent of a plain fractional targeting."""
        on, off = self.sides
        match self.entry.get(TARGETING):
            case {"fractional": [[str(one), int(some)], [str(other), int(rest)]], **more} if not more:
                return some if (one, other, some + rest) == (on, off, 100) else None
        return None


def _side(variants: Mapping[str, Any], meaning: bool, name: str) -> str:
    found = [key for key, value in variants.items() if value is meaning]
    return found[0] if len(found) == 1 else name if name in variants else ""


def _percent(at: Where, value: Value) -> int:
    if at.kind == "flag" and isinstance(value, bool):
        return 100 if value else 0
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    if at.kind == "share" and whole and 0 <= int(str(int(value))) <= 100:  # type: ignore[arg-type]
        return int(value)  # type: ignore[arg-type]
    raise BadInput(f"{value!r} is nothing {at.kind}:{at.name} can be")
