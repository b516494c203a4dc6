"""One file of flags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import Moved, Refused, Unreachable
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
from cockpit_adapters.documents import edit, format_of, load
from cockpit_adapters.documents.files import read_text
from cockpit_adapters.documents.system import FileSystem
from cockpit_adapters.flagd.flags import Flag, Where, where
from cockpit_adapters.values import flag_or_share

if TYPE_CHECKING:
    from cockpit_adapters.flagd import FlagdOptions

EFFECT_S = (0.2, 1.0)
"""Measured: the provider looks at the file's date every 0.5 s unless its deadline_ms says otherwise."""


class FlagdSystem(FileSystem[Where]):
    """Flags and shares of one file."""

    def __init__(self, options: FlagdOptions, place: Place) -> None:
        super().__init__(options.file, place, "/etc/flags/flags.json")
        self._format = format_of(self._file.name)

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
        return flag_or_share(where(address).kind, text)

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read a flag from the file."""
        flag = self._flag(where(address), read_text(self._file))
        return Reading(flag.value(), flag.version(), flag.shown(), at=self._date())

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Nothing: what an answer carries is up to the application; see `proof` in the page of this adapter."""
        where(address)
        return None

    def _where(self, address: str) -> Where:
        return where(address)

    def _examined(self, text: str) -> tuple[str, Sequence[Finding]]:
        """Count the flags, and warn of those that don't obey."""
        flags = self._flags(text)
        told = f"{self._file}: {len(flags)} flags"
        disabled = sorted(
            name for name, one in flags.items() if isinstance(one, dict) and one.get("state") == "DISABLED"
        )
        if not disabled:
            return told, ()
        unheard = f"{', '.join(disabled)}: disabled, so that each application uses the default in its own code"
        step = "Set the state to ENABLED and the variant you mean."
        return told, (Finding("state", Verdict.WARNING, unheard, step),)

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
