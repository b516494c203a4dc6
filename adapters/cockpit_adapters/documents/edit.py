"""One value of a JSON, YAML or TOML text changed; what comes out is read again and compared first."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from cockpit.errors import BadInput, Refused
from cockpit_adapters.documents import jsontext, tomltext, yamltext
from cockpit_adapters.documents.paths import with_value

LONGEST = 4 * 1024 * 1024
"""No document of settings is longer, in characters."""


class Format(StrEnum):
    """How a document is written."""

    JSON = "json"
    YAML = "yaml"
    TOML = "toml"


_ENDINGS = {".json": Format.JSON, ".yaml": Format.YAML, ".yml": Format.YAML, ".toml": Format.TOML}


def format_of(name: str) -> Format:
    """Return how a file is written, by its ending.

    Raises:
        BadInput: it is none of the known ones.
    """
    found = _ENDINGS.get(PurePosixPath(name).suffix.lower())
    if found is None:
        raise BadInput(
            f"{name} is no JSON, YAML or TOML by its name", hint="Name a .json, .yaml, .yml or .toml file."
        )
    return found


def load(text: str, kind: Format, name: str) -> Any:
    """Read a document.

    Raises:
        Refused: it can't be read; the message names the place.
    """
    if len(text) > LONGEST:
        raise Refused(f"{name} is longer than {LONGEST >> 20} MB", hint="Is that the right file?")
    try:
        if kind is Format.JSON:
            return json.loads(text, object_pairs_hook=_unambiguous)
        return yamltext.load(text) if kind is Format.YAML else tomllib.loads(text)
    except (ValueError, RecursionError, yamltext.YAMLError) as problem:
        reason = yamltext.reason(problem) if isinstance(problem, yamltext.YAMLError) else str(problem)[:200]
        raise Refused(
            f"{name} is no readable {kind.value.upper()}: {reason}", hint="Correct the file first."
        ) from None


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} is there twice")
    return made


def edit(text: str, kind: Format, name: str, changes: Sequence[tuple[tuple[str, ...], Any]]) -> str:
    """Return a text with other values at some places; MISSING takes a key away.

    Raises:
        BadInput: a place does not exist.
        Refused: the document can't be read, or not be changed without losing something, such as comments.
    """
    expected = load(text, kind, name)
    for path, value in changes:
        expected = with_value(expected, path, value)
    for path, value in changes:
        text = _one(text, kind, name, path, value)
    if not _same(load(text, kind, name), expected):
        raise Refused(f"{name} could not be changed without changing something else", hint="Change it by hand.")
    return text


def _one(text: str, kind: Format, name: str, path: tuple[str, ...], value: Any) -> str:
    if kind is Format.JSON:
        return jsontext.put(text, path, value)
    if kind is Format.YAML:
        return yamltext.put(text, path, value, name)
    return tomltext.put(text, path, value, name)


def _same(one: Any, other: Any) -> bool:
    """Compare by what is written, so that 1, 1.0 and true are three things."""
    return repr(one) == repr(other) or (isinstance(one, dict) and _sorted(one) == _sorted(other))


def _sorted(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{key!r}:{_sorted(item)}" for key, item in value.items())) + "}"
    return "[" + ",".join(map(_sorted, value)) + "]" if isinstance(value, list) else repr(value)
