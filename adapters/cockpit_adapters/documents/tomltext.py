"""TOML edited in place: one `key = value` line of one table."""

from __future__ import annotations

import json
import math
import re
import tomllib
from typing import Any

from cockpit.errors import Refused
from cockpit_adapters.documents.paths import MISSING, at

_HEADER = re.compile(r"\s*\[(?!\[)\s*([^\]]+?)\s*\]\s*(#.*)?$")
_MEMBER = re.compile(r"""(\s*)([\w-]+|"[^"\\]*"|'[^']*')(\s*=\s*)(.*)$""")


def put(text: str, path: tuple[str, ...], value: Any, name: str) -> str:
    """Return a text with another value at a key that exists and stands on one line.

    Raises:
        Refused: it does not.
    """
    lines = text.splitlines(keepends=True)
    table: tuple[str, ...] | None = ()
    for place, line in enumerate(lines):
        header = _HEADER.match(line)
        if header or line.lstrip().startswith("[["):
            table = _keys(header[1]) if header else None
            continue
        member = _MEMBER.match(line.rstrip("\r\n"))
        if member and table is not None and (*table, _bare(member[2])) == path and value is not MISSING:
            new = member[1] + member[2] + member[3] + _written(value, name) + _tail(member[4])
            lines[place] = new + line[len(line.rstrip("\r\n")) :]
            return "".join(lines)
    raise Refused(
        f"{name}: {'.'.join(path)} is not written on a line of its own", hint="Write it as key = value in its table."
    )


def _keys(header: str) -> tuple[str, ...] | None:
    try:
        document: Any = tomllib.loads(f"[{header}]")
    except tomllib.TOMLDecodeError:
        return None
    keys: list[str] = []
    while document:
        keys += document
        document = at(document, (keys[-1],))
    return tuple(keys)


def _bare(key: str) -> str:
    return key[1:-1] if key[0] in "\"'" else key


def _tail(rest: str) -> str:
    """Return the comment after a value: the shortest rest that leaves a sound value."""
    for found in re.finditer(r"\s*#", rest):
        try:
            tomllib.loads("x = " + rest[: found.start()])
        except tomllib.TOMLDecodeError:
            continue
        return rest[found.start() :]
    return ""


def _written(value: Any, name: str) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, dict):
        raise Refused(f"{name}: TOML has no way to write {json.dumps(value)[:80]} on one line")
    if isinstance(value, list):
        return "[" + ", ".join(_written(item, name) for item in value) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")
