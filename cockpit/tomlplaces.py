"""Finds the line of a TOML file that a setting is written on, whatever table it is in and however it is spelt."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

Path = tuple[str, ...]


def line_of(text: str, path: Sequence[str]) -> int:
    """Return the line, from 1, of the statement that sets a path, else of the one that comes nearest to it.

    `text` must be TOML. What is written in a value of several lines is found at its first.
    """
    wanted, best, line = tuple(path), 0, 1
    for number, found in _written(text):
        shared = _shared(found, wanted)
        if shared > best:
            best, line = shared, number
    return line


def _written(text: str) -> Iterator[tuple[int, Path]]:
    """Yield every path that is written, headers of tables too, each with the line its statement begins on."""
    table: Path = ()
    for number, statement, said in _statements(text):
        if statement.startswith("["):
            table = next(_paths(said))
            yield number, table
        else:
            yield from ((number, (*table, *path)) for path in _paths(said))


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield every statement with its first line and what it says; TOML's own reader tells where one ends."""
    begun, kept = 0, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not kept and line.lstrip()[:1] in ("", "#"):
            continue
        begun, kept = (begun, f"{kept}\n{line}") if kept else (number, line.lstrip())
        try:
            said = tomllib.loads(kept)
        except tomllib.TOMLDecodeError:
            continue  # it goes on in the next line
        yield begun, kept, said
        kept = ""


def _paths(said: Any) -> Iterator[Path]:
    """Yield the paths to all leaves."""
    if isinstance(said, list) and said and isinstance(said[0], dict):
        said = said[0]
    if not isinstance(said, dict) or not said:
        yield ()
        return
    for key, inner in said.items():
        yield from ((key, *path) for path in _paths(inner))


def _shared(found: Path, wanted: Path) -> int:
    length = 0
    for one, other in zip(found, wanted, strict=False):
        if one != other:
            break
        length += 1
    return length
