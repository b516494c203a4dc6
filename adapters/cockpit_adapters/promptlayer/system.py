"""A PromptLayer workspace: a release label is an object of its own, with an id, that is moved between versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Refused, WorldError
from cockpit.world.contract import (
    Deadline,
    Finding,
    Reading,
    Value,
    Verdict,
    Version,
    Write,
)
from cockpit_adapters.answers import moment, part, words
from cockpit_adapters.findings import Trial
from cockpit_adapters.hosted import Get, looked, segment
from cockpit_adapters.pointers import Grammar, Pointer, briefly, described, version_number
from cockpit_adapters.prompt_registry import PromptRegistry

if TYPE_CHECKING:
    pass

TEMPLATES, LABELS = "/prompt-templates", "release_labels"
RAW = {"resolve_snippets": "false"}

TOLD = 10
"""So many versions are offered, each fetched by a request of its own: PromptLayer has no list of them."""

GONE: dict[str, Any] = {}
"""Stands for a version that is not there any more."""

EXPLAIN_S = 2.0
"""So long the dates and notes of versions are waited for in all, in seconds."""

_NAME = re.compile(r"(?!\.{1,2}\Z)[^\s@?#%\x00-\x1f\x7f][^@?#%\x00-\x1f\x7f]{0,199}")
GRAMMAR = Grammar("label", _NAME, _NAME, "The prompt is a template's name or its number.")


class PromptLayer(PromptRegistry):
    """The release labels of one workspace; the value of one is the number of a version."""

    vendor, grammar = "PromptLayer", GRAMMAR
    leaves = "what the application keeps, and users whom a dynamic release label sends elsewhere"

    def _named(self, pointer: Pointer, get: Get) -> Any:
        for row in part(get(f"{_path(pointer)}/labels").table(), LABELS, list):
            if words(row, "release_label") == pointer.name:
                return row
        raise Refused(
            f"the template {pointer.prompt} has no release label {pointer.name}",
            hint="Add the label to a version once, in PromptLayer; the cockpit moves labels that are there.",
        )

    def _in_force(self, pointer: Pointer, row: Any) -> Reading:
        return Reading(part(row, "prompt_version_number", int))

    def _explained(self, pointer: Pointer, row: Any, deadline: Deadline) -> Reading:
        number = part(row, "prompt_version_number", int)
        told = self._told(pointer, number, briefly(deadline, EXPLAIN_S, self._place.monotonic))
        return Reading(number, shown=described(number, words(told, "commit_message")))

    def _move(self, pointer: Pointer, write: Write, row: Any, deadline: Deadline) -> None:
        path = f"/prompt-labels/{looked(lambda: part(row, 'release_label_id', int))}"
        self._line.ask("PATCH", path, deadline, json={"prompt_version_number": version_number(str(write.value))})

    def _history(self, pointer: Pointer, current: Value, deadline: Deadline) -> Sequence[Version]:
        """Return the newest ten versions and the one in force, with dates and notes as far as they come in time."""
        newest = part(self._line.read(_path(pointer), deadline, params=RAW).table(), "version", int)
        soon = briefly(deadline, EXPLAIN_S, self._place.monotonic)
        numbers = [*range(newest, max(0, newest - TOLD), -1)]
        numbers += [current] if isinstance(current, int) and current not in numbers else []
        told = {number: self._told(pointer, number, soon) for number in numbers}
        return [_version(number, row, current) for number, row in told.items() if row is not GONE]

    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        return (("reached", "Check url and token.", lambda: self._reached(deadline)),)

    def _told(self, pointer: Pointer, number: int, deadline: Deadline) -> Any:
        try:
            params = {**RAW, "version": str(number)}
            return self._line.ask("GET", _path(pointer), deadline, params=params).table()
        except Refused as problem:
            return GONE if "answered 404" in problem.message else None
        except WorldError:
            return None

    def _reached(self, deadline: Deadline) -> Finding:
        params = {"page": "1", "per_page": "1"}
        part(self._line.read(TEMPLATES, deadline, params=params).table(), "items", list)
        told = "templates can be read; PromptLayer's keys may do everything in their workspace"
        return Finding("reached", Verdict.FINE, told)


def _path(pointer: Pointer) -> str:
    return f"{TEMPLATES}/{segment(pointer.prompt)}"


def _version(number: int, row: Any, current: Value) -> Version:
    note = clean(words(row, "commit_message"), multiline=False, limit=200)
    return Version(number, f"v{number}", moment(words(row, "created_at")), "", note, number == current)
