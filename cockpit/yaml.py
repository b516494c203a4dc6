"""Reading YAML that a stranger may have written: one safe subset, with a line number for every value.

The subset is YAML 1.2's core: `on`, `off`, `yes` and `no` are words, `0123` and `10:30` are words, dates are
words. Anchors, aliases, merges, tags and duplicate keys are refused, and so is anything huge or deeply nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import yaml

from cockpit.errors import ScenarioError

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 50

Path = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?|[-+]?(0|[1-9][0-9]*)(\.)?[eE][-+]?[0-9]+")
_WORDS: dict[str, Any] = {"null": None, "~": None, "": None, "true": True, "false": False}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file said: plain dicts, lists and scalars, and where each of them stood."""

    data: Any
    file: str
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line (from 1) of a value, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read_text(path: PathLike[str]) -> str:
    """Read a text file, and never more of it than may be used: devices and pipes have no size and may not end.

    Raises:
        ScenarioError: there is none, it may not be read, it is too large, or no UTF-8 text.
    """
    file = str(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise _too_large(file)
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeError:
        raise ScenarioError("the file is not UTF-8 text", file=file, line=1) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"can't be read: {reason}", file=file) from None


def _too_large(file: str) -> ScenarioError:
    return ScenarioError(f"the file is larger than {MAX_BYTES:,} bytes", file=file, line=1)


def read_yaml(text: str, file: str) -> Document:
    """Read one document. Raises ScenarioError with file and line for whatever is not in the subset."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _too_large(file)
    builder = _Builder(file)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this can't be read"
        line = mark.line + 1 if mark else 1
        raise ScenarioError(f"not YAML: {what}", file=file, line=line, hint="Check the indentation.") from None
    except (UnicodeError, ValueError) as error:
        raise ScenarioError(f"not YAML: {error}", file=file, line=1) from None
    return Document(builder.root, file, builder.lines)


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_Loader)


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style not in (None, ""):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


@dataclass(slots=True)
class _Frame:
    """One open list or mapping; `key` is the mapping's key that still waits for its value."""

    value: Any
    path: Path
    key: str | None = None


class _Builder:
    """Turns the parser's events into data without recursion, counting as it goes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.lines: dict[Path, int] = {}
        self._open: list[_Frame] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._wrong("a second document begins here", line)
        elif isinstance(event, yaml.AliasEvent):
            raise self._wrong("aliases (*name) are not allowed", line)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _node(self, event: Any, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._wrong(f"more than {MAX_NODES:,} values", line)
        if event.anchor:
            raise self._wrong(f"anchors (&{event.anchor}) are not allowed", line)
        if event.tag and event.tag != "!":
            raise self._wrong(f"tags ({event.tag}) are not allowed", line)
        if isinstance(event, yaml.ScalarEvent):
            self._place_scalar(event, line)
            return
        if len(self._open) >= MAX_DEPTH:
            raise self._wrong(f"nested deeper than {MAX_DEPTH} levels", line)
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Frame(value, self._place(value, line)))

    def _place_scalar(self, event: Any, line: int) -> None:
        frame = self._open[-1] if self._open else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._key(frame, event.value, line)
        else:
            self._place(_scalar(event), line)

    def _key(self, frame: _Frame, key: str, line: int) -> None:
        if key in frame.value:
            raise self._wrong(f"the key {key!r} is here twice", line)
        if key == "<<":
            raise self._wrong("merges (<<) are not allowed", line)
        frame.key = key
        self.lines[(*frame.path, key)] = line

    def _place(self, value: Any, line: int) -> Path:
        """Put a value where it belongs and return its path."""
        if not self._open:
            self.root = value
            self.lines[()] = line
            return ()
        frame = self._open[-1]
        if isinstance(frame.value, list):
            path = (*frame.path, len(frame.value))
            frame.value.append(value)
            self.lines[path] = line
            return path
        if frame.key is None:
            raise self._wrong("a key must be a word", line)
        path = (*frame.path, frame.key)
        frame.value[frame.key] = value
        frame.key = None
        return path

    def _wrong(self, what: str, line: int) -> ScenarioError:
        return ScenarioError(what, file=self.file, line=line)
