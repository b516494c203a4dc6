"""A line of Markdown as styled text: bold and code are all there is, and what a backslash protects stays as it is."""

from __future__ import annotations

import re

from textual.content import Content

from cockpit.tui.panes.words import DIM, WARN
from cockpit.tui.text import Part, line, untrusted

_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#|~&+=.)-])")
_PIECES = re.compile(r"\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*|`(?P<code>[^`]+)`")
_MARKED = re.compile(r"[\\*`]")
OPEN = "Open:"


def styled(text: str, base: str = "") -> Content:
    """Draw one line; what is still open stands out."""
    if not _MARKED.search(text):
        return untrusted(text, base)
    parts: list[Part] = []
    place = 0
    for piece in _PIECES.finditer(text):
        parts += [_part(text[place : piece.start()], base), _marked(piece, base)]
        place = piece.end()
    return line(*parts, _part(text[place:], base))


def unescaped(text: str) -> str:
    """Take away the backslashes that keep outside text from being markup."""
    return _ESCAPED.sub(r"\1", text)


def _marked(piece: re.Match[str], base: str) -> Part:
    if piece["code"] is not None:
        return (piece["code"], DIM)
    words = unescaped(piece["bold"])
    loud = WARN if words in (OPEN, "nobody yet", "no date") else base
    return (words, f"bold {loud}".strip())


def _part(text: str, base: str) -> Part:
    return (unescaped(text), base) if base else unescaped(text)
