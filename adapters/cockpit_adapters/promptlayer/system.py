"""A PromptLayer workspace: a release label is an object of its own, with an id, that is moved between versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cockpit.domain.text import clean
from cockpit.errors import Refused, WorldError
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
from cockpit_adapters.pointers import (
    Ask,
    Grammar,
    Pointer,
    attempt,
    briefly,
    described,
    in_force,
    looked,
    moment,
    part,
    until_wrong,
    version_number,
    words,
)

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.promptlayer import PromptLayerOptions

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


class PromptLayer:
    """The release labels of one workspace; the value of one is the number of a version."""

    def __init__(self, line: Line, options: PromptLayerOptions, place: Place) -> None:
        self._line = line
        self._options = options
        self._place = place

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def control(self, address: str) -> Control:
        """Understand `label:PROMPT@LABEL`."""
        pointer = GRAMMAR.read(address)
        return Control(
            address,
            Capability.PROMPT,
            f"the version of the template {pointer.prompt} that is labelled {pointer.name}",
            f"everybody whose request uses {pointer.prompt} by its label {pointer.name}",
            (0.0, max(1.0, self._options.app_cache_s)),
            leaves="what the application keeps, and users whom a dynamic release label sends elsewhere",
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn a version as people say it (`3`, `v3`) into its number."""
        GRAMMAR.read(address)
        return version_number(text)

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read which version the label stands on; PromptLayer does not tell who moved it."""
        pointer = GRAMMAR.read(address)
        number = part(self._label(pointer, deadline), "prompt_version_number", int)
        told = self._explained(pointer, number, briefly(deadline, EXPLAIN_S, self._place.monotonic))
        return Reading(number, shown=described(number, words(told, "commit_message")))

    def write(self, write: Write, deadline: Deadline) -> None:
        """Move the label to another version."""
        pointer = GRAMMAR.read(write.address)
        label = looked(lambda: self._label(pointer, deadline, self._line.ask))
        if in_force(write, Reading(looked(lambda: part(label, "prompt_version_number", int)))):
            return
        path = f"/prompt-labels/{looked(lambda: part(label, 'release_label_id', int))}"
        self._line.ask("PATCH", path, deadline, json={"prompt_version_number": version_number(str(write.value))})

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the newest ten versions, newest first, with dates and notes as far as they come in time."""
        pointer = GRAMMAR.read(address)
        current = part(self._label(pointer, deadline), "prompt_version_number", int)
        newest = part(self._line.read(_path(pointer), deadline, params=RAW).table(), "version", int)
        soon = briefly(deadline, EXPLAIN_S, self._place.monotonic)
        numbers = [*range(newest, max(0, newest - TOLD), -1)]
        numbers += [current] if current not in numbers else []
        told = {number: self._explained(pointer, number, soon) for number in numbers}
        return [_version(number, row, current) for number, row in told.items() if row is not GONE]

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Return None: answers carry what the application puts into them, see `proof` in cockpit.toml."""
        return None

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Reach PromptLayer and read a template with the key."""
        return until_wrong([lambda: attempt("reached", "Check url and token.", lambda: self._reached(deadline))])

    def _label(self, pointer: Pointer, deadline: Deadline, ask: Ask | None = None) -> Any:
        rows = part((ask or self._line.repeat)("GET", f"{_path(pointer)}/labels", deadline).table(), LABELS, list)
        for row in rows:
            if words(row, "release_label") == pointer.name:
                return row
        raise Refused(
            f"the template {pointer.prompt} has no release label {pointer.name}",
            hint="Add the label to a version once, in PromptLayer; the cockpit moves labels that are there.",
        )

    def _explained(self, pointer: Pointer, number: int, deadline: Deadline) -> Any:
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
    return f"{TEMPLATES}/{quote(pointer.prompt, safe='')}"


def _version(number: int, row: Any, current: int) -> Version:
    note = clean(words(row, "commit_message"), multiline=False, limit=200)
    return Version(number, f"v{number}", moment(words(row, "created_at")), "", note, number == current)
