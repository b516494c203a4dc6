"""Reads a file into a model, and turns whatever is wrong with it into an error with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from cockpit.errors import BadInput, ScenarioError
from cockpit.yaml import MAX_BYTES, Document, read_yaml

_Model = TypeVar("_Model", bound=BaseModel)


def read_text(path: Path) -> str:
    """Read a small UTF-8 file; raises BadInput or ScenarioError in one clear sentence."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise BadInput(f"{path} can't be read: {problem.strerror or problem}") from None
    if len(raw) > MAX_BYTES:
        raise ScenarioError("the file is larger than 1 MB", file=str(path), line=1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise ScenarioError("the text is not UTF-8", file=str(path), line=line) from None


def read_model(text: str, file: str, model: type[_Model]) -> _Model:
    """Read a text into a model; raises ScenarioError for the first thing that is wrong.

    What was read last is kept: nobody changes it, and the shipped files are asked for with every incident.
    """
    return cast(_Model, _read_model(text, file, model))


@lru_cache(maxsize=32)
def _read_model(text: str, file: str, model: type[BaseModel]) -> BaseModel:
    document = read_yaml(text, file)
    if not isinstance(document.data, dict):
        raise ScenarioError("the file must hold fields and values", file=file, line=1)
    try:
        return model.model_validate(document.data)
    except ValidationError as invalid:
        raise _first(document, invalid) from None


def suggest(word: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, or list them all."""
    names = sorted(known)
    near = get_close_matches(word, names, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"


def _first(document: Document, invalid: ValidationError) -> ScenarioError:
    """Pick what to tell first: a misspelt field rather than that the right one is missing, then the first line."""
    ranked: list[tuple[bool, int, ScenarioError]] = []
    for one in invalid.errors():
        line = document.line(_existing(document.data, one["loc"]))
        ranked.append((one["type"] == "missing", line, ScenarioError(_sentence(one), file=document.file, line=line)))
    return min(ranked, key=lambda entry: entry[:2])[2]


def _existing(data: Any, loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """Keep the part of pydantic's path that is in the file (it adds names of its own on the way)."""
    place: list[str | int] = []
    for part in loc:
        known = part in data if isinstance(data, dict) else isinstance(data, list) and part in range(len(data))
        if known:
            data = data[part]
            place.append(part)
    return tuple(place)


def _sentence(one: Mapping[str, Any]) -> str:
    place = [str(part) for part in one["loc"] if part != "[key]"]
    if one["type"] == "extra_forbidden":
        return f"unknown field {place[-1]!r}"
    if one["type"] == "missing":
        return f"{'.'.join(place)} is missing"
    message = str(one["msg"]).removeprefix("Value error, ")
    return f"{'.'.join(place)}: {message}" if place else message
