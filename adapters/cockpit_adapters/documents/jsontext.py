"""JSON edited in place: only the characters of the one value change."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from cockpit_adapters.documents.paths import MISSING

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of an object or item of a list: where its key (or itself) begins, where its value does, and ends."""

    key: str
    begin: int
    value: int
    end: int


def put(text: str, path: tuple[str, ...], value: Any) -> str:
    """Return a text with another value at a place that exists, or a new key in an object that does."""
    start = _skip(text, 0)
    for part in path[:-1]:
        start = next(one for one in _members(text, start) if one.key == part).value
    members = _members(text, start)
    found = next((one for one in members if one.key == path[-1]), None)
    if value is MISSING:
        return text if found is None else _without(text, members, found)
    if found is not None:
        return text[: found.value] + _written(text, value, found.begin) + text[found.end :]
    return _added(text, start, members, path[-1], value)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _members(text: str, start: int) -> list[_Member]:
    """Return what an object or list that starts at a place holds; the text is known to be sound JSON."""
    named = text[start] == "{"
    found: list[_Member] = []
    place = _skip(text, start + 1)
    while text[place] not in "}]":
        begin, key = place, str(len(found))
        if named:
            key, place = _DECODER.raw_decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
        _, end = _DECODER.raw_decode(text, place)
        found.append(_Member(key, begin, place, end))
        place = _skip(text, end)
        place = _skip(text, place + 1) if text[place] == "," else place
    return found


def _without(text: str, members: list[_Member], gone: _Member) -> str:
    place = members.index(gone)
    if place:
        return text[: members[place - 1].end] + text[gone.end :]
    if len(members) > 1:
        return text[: gone.begin] + text[members[1].begin :]
    return text[: gone.begin].rstrip(" \t\r\n") + text[_skip(text, gone.end) :]


def _added(text: str, start: int, members: list[_Member], key: str, value: Any) -> str:
    name = json.dumps(key, ensure_ascii=False) + ": "
    if not members:
        return text[: start + 1] + name + json.dumps(value, ensure_ascii=False) + text[_skip(text, start + 1) :]
    last = members[-1]
    before = members[-2].end if len(members) > 1 else start
    between = text[before : last.begin].lstrip(",{") or " "
    return text[: last.end] + "," + between + name + _written(text, value, last.begin) + text[last.end :]


def _written(text: str, value: Any, begin: int) -> str:
    """Write a value in the manner of the document: over several lines when the document has them and it is long."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or "\n" not in text or len(flat) <= 60:
        return flat
    line = text[text.rfind("\n", 0, begin) + 1 : begin]
    margin = line[: len(line) - len(line.lstrip())]
    return json.dumps(value, ensure_ascii=False, indent=_indent(text)).replace("\n", "\n" + margin)


def _indent(text: str) -> str:
    found = re.search(r"\n([ \t]+)", text)
    return found[1] if found else "  "
