"""A system that is one file of this machine: read whole, and replaced whole under a lock."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from cockpit.errors import BadInput, WorldError
from cockpit.world.contract import Control, Deadline, Finding, Place, Verdict, Version, Write
from cockpit_adapters.documents.files import change, read_text

At = TypeVar("At")
"""How an adapter understands an address."""


class FileSystem(ABC, Generic[At]):
    """Values of one file."""

    def __init__(self, file: str, place: Place, example: str) -> None:
        if not file:
            raise BadInput(f"{place.name} names no file", hint=f'Add a line: file = "{example}"')
        self._file = Path(file).expanduser()

    @abstractmethod
    def control(self, address: str) -> Control:
        """Understand an address, without reading the file."""

    @abstractmethod
    def _where(self, address: str) -> At:
        """Understand an address; raise BadInput when it is none."""

    @abstractmethod
    def _examined(self, text: str) -> tuple[str, Sequence[Finding]]:
        """Return what is said of a readable file, and what else is found in it; raise when it can't be used."""

    @abstractmethod
    def _changed(self, text: str, at: At, write: Write) -> str:
        """Return the file's text with one value changed; the same text where it is there already."""

    def close(self) -> None:
        """Nothing is held."""

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Prove that the file can be read and replaced, and say what else is found in it."""
        try:
            told, more = self._examined(read_text(self._file))
        except WorldError as problem:
            return [Finding("reached", Verdict.WRONG, problem.message, problem.hint or "Correct the file.")]
        return [Finding("reached", Verdict.FINE, told), self._writable(), *more]

    def write(self, write: Write, deadline: Deadline) -> None:
        """Replace the file by one in which this value differs; under a lock, so that no two cockpits mix."""
        at = self._where(write.address)
        change(self._file, deadline, lambda text: self._changed(text, at, write))

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return nothing: a file keeps no history; keep it in git and use that adapter where you need one."""
        self._where(address)
        return ()

    def _writable(self) -> Finding:
        target = self._file.resolve()
        if os.access(target, os.W_OK) and os.access(target.parent, os.W_OK | os.X_OK):
            return Finding("rights", Verdict.FINE, "the file may be replaced")
        step = "Let the responders' user write the file and its folder: it is replaced as a whole."
        return Finding("rights", Verdict.WRONG, f"{target} or its folder may not be written", step)
