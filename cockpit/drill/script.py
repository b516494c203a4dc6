"""Response scripts: who responds, and what they do how long after the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, ScenarioError
from cockpit.session.action import parse
from cockpit.session.actions import find

if TYPE_CHECKING:
    from cockpit.yaml import Document

Place = tuple[str | int, ...]

_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})")

LONGEST_NAME = 64
"""Characters of a responder's name, as in the settings."""


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One action, `after` the page; `actor` is empty for the script's own responder."""

    after: timedelta
    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A response, in order of time."""

    responder: str
    steps: tuple[ScriptStep, ...]


NOTHING = Script("nobody", ())
"""The policy that does nothing."""


def load_script(path: Path) -> Script:
    """Read a response script.

    Raises:
        ScenarioError: what is wrong, with file and line.
    """
    from cockpit.yaml import read_text, read_yaml

    return read_script(read_yaml(read_text(path), str(path)))


def read_script(document: Document) -> Script:
    """Make a script of a document.

    Raises:
        ScenarioError: what is wrong, with file and line.
    """
    whole = _mapping(document, (), {"responder", "steps"})
    responder = _name(document, ("responder",), whole.get("responder", "responder"))
    steps = whole.get("steps", [])
    if not isinstance(steps, list):
        raise _wrong(document, ("steps",), "steps is a list of `- {at: ..., do: ...}`")
    made = [_read_step(document, number) for number in range(len(steps))]
    return Script(responder, tuple(sorted(made, key=lambda step: step.after)))


def _read_step(document: Document, number: int) -> ScriptStep:
    path = ("steps", number)
    step = _mapping(document, path, {"at", "do", "with", "as"})
    for key in ("at", "do"):
        if not isinstance(step.get(key), str):
            raise _wrong(document, path, f'a step needs `{key}`, for instance {{at: "00:20", do: acknowledge}}')
    given = {} if step.get("with") is None else step["with"]
    if not isinstance(given, dict):
        raise _wrong(document, (*path, "with"), "`with` holds the arguments by name")
    actor = _name(document, (*path, "as"), step["as"]) if "as" in step else ""
    try:
        return make_step(step["at"], step["do"], given, actor)
    except ValueError as problem:
        raise _wrong(document, (*path, "at"), str(problem)) from None
    except BadInput as problem:
        raise _wrong(document, (*path, "do"), problem.message, problem.hint) from None


def _mapping(document: Document, path: Place, known: set[str]) -> dict[str, Any]:
    value = document.data
    for part in path:
        value = value[part]
    if not isinstance(value, dict):
        raise _wrong(document, path, f"here belong the fields {', '.join(sorted(known))}")
    for name in value:
        if name not in known:
            raise _wrong(document, (*path, name), f"unknown field {name!r}: known are {', '.join(sorted(known))}")
    return value


def _name(document: Document, path: Place, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME:
        raise _wrong(document, path, f"{path[-1]} is a name of at most {LONGEST_NAME} characters")
    return value


def _wrong(document: Document, path: Place, message: str, hint: str = "") -> ScenarioError:
    return ScenarioError(message, file=document.file, line=document.line(path), hint=hint)


def clock_span(text: str) -> timedelta:
    """Read `mm:ss` or `hh:mm:ss`; minutes may exceed 59 where they come first.

    Raises:
        ValueError: it is neither.
    """
    found = _CLOCK.fullmatch(text)
    if not found or int(found[3]) > 59 or (found[1] and int(found[2]) > 59):
        raise ValueError(f"a time is mm:ss or hh:mm:ss after the page, not {text!r}")
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2]), seconds=int(found[3]))


def make_step(at: str, action: str, arguments: Mapping[str, Any] | None = None, actor: str = "") -> ScriptStep:
    """Make a step, checking the action's name and its arguments.

    Raises:
        ValueError: the time can't be read.
        BadInput: there is no such action, or its arguments are wrong.
    """
    parse(find(action), arguments)
    return ScriptStep(clock_span(at), action, dict(arguments or {}), actor)
