"""One file of flags."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused, Unreachable, WorldError
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
from cockpit_adapters.documents import edit, format_of, load
from cockpit_adapters.documents.files import change, read_text
from cockpit_adapters.flagd.flags import Flag, Where, parsed, where

if TYPE_CHECKING:
    from cockpit_adapters.flagd import FlagdOptions

EFFECT_S = (0.2, 1.0)
"""Measured: the provider looks at the file's date every 0.5 s unless its deadline_ms says otherwise."""


class FlagdSystem:
    """Flags and shares of one file."""

    def __init__(self, options: FlagdOptions, place: Place) -> None:
        if not options.file:
            raise BadInput(f"{place.name} names no file", hint='Add a line: file = "/etc/flags/flags.json"')
        self._file = Path(options.file).expanduser()
        self._format = format_of(self._file.name)

    def close(self) -> None:
        """Nothing is held."""

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Prove that the file can be read and replaced, and warn of flags that don't obey."""
        try:
            flags = self._flags(read_text(self._file))
        except WorldError as problem:
            return [Finding("reached", Verdict.WRONG, problem.message, problem.hint or "Correct the file.")]
        found = [Finding("reached", Verdict.FINE, f"{self._file}: {len(flags)} flags"), self._writable()]
        disabled = sorted(
            name for name, one in flags.items() if isinstance(one, dict) and one.get("state") == "DISABLED"
        )
        if disabled:
            told = f"{', '.join(disabled)}: disabled, so that each application uses the default in its own code"
            found.append(
                Finding("state", Verdict.WARNING, told, "Set the state to ENABLED and the variant you mean.")
            )
        return found

    def _writable(self) -> Finding:
        target = self._file.resolve()
        if os.access(target, os.W_OK) and os.access(target.parent, os.W_OK | os.X_OK):
            return Finding("rights", Verdict.FINE, "the file may be replaced")
        step = "Let the responders' user write the file and its folder: it is replaced as a whole."
        return Finding("rights", Verdict.WRONG, f"{target} or its folder may not be written", step)

    def control(self, address: str) -> Control:
        """Understand an address, without reading the file."""
        at = where(address)
        share = at.kind == "share"
        return Control(
            address=address,
            capability=Capability.CANARY if share else Capability.FLAG,
            what=f"{'the share of users that get' if share else 'whether users get'} {at.name}",
            reach=f"everybody whose application reads {self._file}",
            effect_s=EFFECT_S,
            leaves="applications that read another copy of the file",
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn `on`, `off` or a percentage into a value."""
        return parsed(where(address), text)

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read a flag from the file."""
        flag = self._flag(where(address), read_text(self._file))
        return Reading(flag.value(), flag.version(), flag.shown(), at=self._date())

    def write(self, write: Write, deadline: Deadline) -> None:
        """Replace the file by one in which this flag differs; under a lock, so that no two cockpits mix."""
        at = where(write.address)
        change(self._file, deadline, lambda text: self._changed(text, at, write))

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Nothing: a file keeps no history; keep it in git and use that adapter where you need one."""
        where(address)
        return ()

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Nothing: what an answer carries is up to the application; see `proof` in the page of this adapter."""
        where(address)
        return None

    def _changed(self, text: str, at: Where, write: Write) -> str:
        flag = self._flag(at, text)
        if flag.value() == write.value:
            return text
        if write.version and flag.version() != write.version:
            raise Moved(f"flag {at.name} is not what it was when this was planned: it is {flag.shown()} now")
        return edit(text, self._format, self._file.name, flag.changes(write.value))

    def _flag(self, at: Where, text: str) -> Flag:
        flags = self._flags(text)
        entry = flags.get(at.name)
        if not isinstance(entry, dict):
            raise Refused(
                f"{self._file} has no flag {at.name}", hint=f"It has {', '.join(sorted(flags)[:10]) or 'none'}."
            )
        return Flag(at, entry)

    def _flags(self, text: str) -> dict[str, Any]:
        document = load(text, self._format, str(self._file))
        flags = document.get("flags") if isinstance(document, dict) else None
        if not isinstance(flags, dict):
            raise Refused(f"{self._file} has no table of flags", hint='A flagd file begins with {"flags": {…}}.')
        return flags

    def _date(self) -> datetime:
        try:
            return datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except OSError as problem:
            raise Unreachable(f"{self._file} can't be read: {problem.strerror}") from None
