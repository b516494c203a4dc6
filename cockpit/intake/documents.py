"""The documents of a file: one JSON value, one a line, packed or not, whole or cut off. Never raises on contents."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cockpit.errors import BadInput

MAX_LINE = 64 * 1024 * 1024
"""Bytes of one line, and of one document that goes over many lines eight times as much."""
MAX_WHOLE = 8 * MAX_LINE

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[{}\[\],]', re.DOTALL)
"""A string, also one that is cut off, is taken in one go: looked at again from each quote in it, it takes hours."""
_CLOSER = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value, or why there is none; `line` counts from 1. `problem` beside a value: it is not all."""

    line: int
    value: Any = None
    problem: str = ""


def documents(path: Path, limit: int) -> Iterator[Document]:
    """Read a file's documents one after the other.

    Raises:
        BadInput: there is no such file, or it may not be read.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            yield from _documents(gzip.GzipFile(fileobj=raw) if packed else raw, limit)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        yield Document(0, problem=f"the packed data breaks off: {problem}")
    except OSError as problem:
        raise BadInput(f"{path}: can't be read: {problem.strerror or problem}.", hint="Check the name.") from None


class _Stream(Protocol):
    """What is read from, packed or not."""

    def readline(self, size: int, /) -> bytes: ...
    def read(self, size: int, /) -> bytes: ...


def _documents(stream: _Stream, limit: int) -> Iterator[Document]:
    number, first = 0, b""
    while not first.strip() and (first := stream.readline(MAX_LINE)):
        number += 1
    if not first:
        return
    first = first.removeprefix(b"\xef\xbb\xbf")
    found = _loaded(first)
    if found is None or not isinstance(found.value, dict | list):
        rest = stream.read(min(limit, MAX_WHOLE) + 1)
        if _looks_like_lines(first, rest):
            yield Document(number, problem="it is no JSON")
            yield from _lines(iter(rest.splitlines()), number, limit)
        else:
            yield _whole(first + rest, number, min(limit, MAX_WHOLE))
        return
    yield Document(number, found.value)
    yield from _lines(iter(lambda: stream.readline(MAX_LINE), b""), number, limit - len(first))


def _looks_like_lines(first: bytes, rest: bytes) -> bool:
    """Whether a file whose first line is broken has a document on a later one."""
    after = (line for line in rest.split(b"\n", 3)[:3] if line.strip())
    return first.lstrip()[:1] == b"{" and any(
        isinstance(found.value, dict) for line in after if (found := _loaded(line)) is not None
    )


def _lines(lines: Iterator[bytes], number: int, left: int) -> Iterator[Document]:
    for line in lines:
        number += 1
        left -= len(line)
        if left < 0:
            yield Document(number, problem="the file is larger than may be read")
            return
        if not line.strip():
            continue
        found = _loaded(line)
        if found is not None:
            yield Document(number, found.value)
        else:
            yield _salvaged(line.rstrip().decode("utf-8", "replace"), number)


def _whole(content: bytes, number: int, limit: int) -> Document:
    if len(content) > limit:
        return Document(number, problem="the file is larger than may be read at once; write one trace a line")
    if content.lstrip()[:1] not in (b"{", b"["):
        return Document(number, problem="it is no JSON")
    found = _loaded(content)
    return found or _salvaged(content.decode("utf-8", "replace"), number)


def _loaded(content: bytes) -> Document | None:
    try:
        return Document(0, json.loads(content))
    except (ValueError, RecursionError):
        return None


def _salvaged(content: str, number: int) -> Document:
    """Return what stands before the place where a document breaks; half a value is left out."""
    try:
        json.loads(content)
    except RecursionError:
        return Document(number, problem="it is nested too deeply")
    except json.JSONDecodeError as fault:
        place = number + fault.lineno - 1
        value = _loaded(closed(content[: fault.pos]).encode("utf-8", "replace"))
        reason = f"{fault.msg} at character {fault.colno}"
        if value is not None and value.value:
            return Document(place, value.value, f"it breaks off here ({reason}); what stands before was kept")
        return Document(place, problem=f"it is no JSON ({reason})")
    except ValueError as fault:
        return Document(number, problem=f"it is no JSON ({fault})")
    # Only the encoding was broken: as text it can be read.
    return Document(number, json.loads(content), "it is no UTF-8 everywhere; other bytes became �")


def closed(content: str) -> str:
    """Cut a JSON text after the last whole member and close what is open."""
    stack: list[str] = []
    good, still_open = 0, ""
    for token in _TOKEN.finditer(content):
        sign = token[0]
        if sign in "{[":
            stack.append(sign)
        elif sign in "}]":
            if not stack:
                break
            stack.pop()
            good, still_open = token.end(), "".join(stack)
        elif sign == "," and stack:
            good, still_open = token.start(), "".join(stack)
        if len(stack) > 2_000:
            break
    return content[:good] + "".join(_CLOSER[sign] for sign in reversed(still_open))
