"""A Langfuse project: labels of prompts are read past Langfuse's own cache, and moved by one request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Unsure, WorldError
from cockpit.world.contract import (
    Deadline,
    Finding,
    Reading,
    Value,
    Verdict,
    Version,
    Write,
)
from cockpit.world.port import Change
from cockpit_adapters.answers import moment, part, words
from cockpit_adapters.findings import Trial
from cockpit_adapters.hosted import Get, segment
from cockpit_adapters.pointers import MOST_PAGES, Grammar, Pointer, briefly, described, version_number
from cockpit_adapters.prompt_registry import PromptRegistry

if TYPE_CHECKING:
    pass

PROMPTS = "/api/public/v2/prompts"
PAGE = 100
TOLD = 10
"""Of so many versions the notes are fetched, one request each; older ones are listed by number alone."""

EXPLAIN_S = 2.0
"""So long the notes of versions are waited for in all, in seconds."""

GRAMMAR = Grammar(
    "label",
    re.compile(r"(?!\.{1,2}\Z)[^\s|@/?#%\x00-\x1f\x7f][^@?#%|\x00-\x1f\x7f]{0,199}"),
    re.compile(r"[a-z0-9_.-]{1,36}"),
    "Labels are of a-z, 0-9, _ . and -; a prompt in a folder is written folder/name.",
    re.compile("latest"),
)


class Langfuse(PromptRegistry):
    """The labels of one Langfuse project; the value of one is the number of a version."""

    vendor, grammar = "Langfuse", GRAMMAR

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return the prompts of which a version was made or a label moved: Langfuse does not tell which."""
        rows = self._listed({"fromUpdatedAt": since.isoformat().replace("+00:00", "Z")}, deadline)
        found = [change for row in rows if (change := self._changed(row)) and change.at >= since]
        return sorted(found, key=lambda change: change.at, reverse=True)

    def _named(self, pointer: Pointer, get: Get) -> Any:
        # Unresolved prompts are answered from the database, all others from Langfuse's cache.
        with self._or_missing(pointer):
            return get(_path(pointer), params={"label": pointer.name, "resolve": "false"}).table()

    def _in_force(self, pointer: Pointer, row: Any) -> Reading:
        number = part(row, "version", int)
        return Reading(number, shown=described(number, words(row, "commitMessage")))

    def _move(self, pointer: Pointer, write: Write, row: Any, deadline: Deadline) -> None:
        """Put the label on a version; the former one loses it, and other labels stay where they are."""
        path = f"{_path(pointer)}/versions/{version_number(str(write.value))}"
        self._line.ask("PATCH", path, deadline, json={"newLabels": [pointer.name]})

    def _history(self, pointer: Pointer, current: Value, deadline: Deadline) -> Sequence[Version]:
        """Return the prompt's versions; notes of the newest ten, as far as they come in time."""
        numbers = {
            number
            for row in self._listed({"name": pointer.prompt}, deadline)
            if words(row, "name") == pointer.prompt
            for number in part(row, "versions", list)
        }
        if not all(isinstance(number, int) for number in numbers):
            raise Unsure(f"Langfuse names versions of {pointer.prompt} that are no numbers")
        newest_first = sorted(numbers, reverse=True)
        told = self._told(pointer, newest_first[:TOLD], deadline)
        return [_version(number, told.get(number), current) for number in newest_first]

    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        return (
            ("reached", "Check the url.", lambda: self._reached(deadline)),
            ("keys", "Check public_key and token.", lambda: self._keys(deadline)),
        )

    def _listed(self, only: Mapping[str, str], deadline: Deadline) -> Iterator[Any]:
        for page in range(1, MOST_PAGES + 1):
            asked = {**only, "page": str(page), "limit": str(PAGE)}
            table = self._line.read(PROMPTS, deadline, params=asked).table()
            yield from part(table, "data", list)
            if page >= part(part(table, "meta", dict), "totalPages", int):
                return

    def _told(self, pointer: Pointer, numbers: Sequence[int], deadline: Deadline) -> dict[int, Any]:
        soon, found = briefly(deadline, EXPLAIN_S, self._place.monotonic), dict[int, Any]()
        for number in numbers:
            try:
                params = {"version": str(number), "resolve": "false"}
                found[number] = self._line.ask("GET", _path(pointer), soon, params=params).table()
            except WorldError:
                break
        return found

    def _changed(self, row: Any) -> Change | None:
        prompt, at = part(row, "name", str), moment(words(row, "lastUpdatedAt"))
        newest = max((one for one in part(row, "versions", list) if isinstance(one, int)), default=0)
        if at is None:
            return None
        return Change(
            ref=f"{self._place.name}:{prompt}:v{newest}",
            at=at,
            what=f"prompt {prompt}: a new version, or a label moved",
            kind="prompt",
            before="",
            after=f"newest v{newest}",
            by="",
            note="Langfuse tells when, neither what nor who",
        )

    def _reached(self, deadline: Deadline) -> Finding:
        table = self._line.read("/api/public/health", deadline).table()
        version = clean(words(table, "version") or "of an unknown version", multiline=False, limit=40)
        return Finding("reached", Verdict.FINE, f"Langfuse {version}")

    def _keys(self, deadline: Deadline) -> Finding:
        part(self._line.read(PROMPTS, deadline, params={"limit": "1"}).table(), "data", list)
        projects = part(self._line.read("/api/public/projects", deadline).table(), "data", list)
        names = clean(", ".join(words(one, "name") for one in projects), multiline=False, limit=80)
        return Finding(
            "keys", Verdict.FINE,
            f"prompts of the project {names} can be read; Langfuse's keys may do everything in their project",
        )  # fmt: skip


def _path(pointer: Pointer) -> str:
    return f"{PROMPTS}/{segment(pointer.prompt)}"


def _version(number: int, row: Any, current: Value) -> Version:
    note = clean(words(row, "commitMessage"), multiline=False, limit=200)
    made = moment(words(row, "createdAt"))  # newer servers tell, their specification does not promise it
    return Version(number, f"v{number}", made, "", note, number == current)
