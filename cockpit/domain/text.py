"""The one neutralising door: every text from outside passes here before it is drawn or exported.

Raw bytes stay in the journal as evidence. What leaves for a screen, a pipe or a report has every code point that
could move a cursor, hide, reorder or impersonate replaced by something visible, and is bounded in length and lines.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

MAX_CHARS = 20_000
"""Default cap in characters: 20,000 newlines already take Textual seconds to lay out."""
MAX_LINES = 1_000
"""Default cap in lines."""
MAX_MARKS = 4
"""Combining marks kept in a row; more than any living script stacks."""

_DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U000f0000-\U0010ffff]"
)
_HIDDEN_TAGS = re.compile("[\U000e0020-\U000e007e]+")
# Only these stretches can hold a stack of marks, so that the full table is built for such texts alone.
_MAY_STACK = re.compile(
    "[^\x00-\u02ff\u0370-\u0482\u2000-\u20cf\u2100-\u2cee\u3041-\u3096\u30a0-\ua66e\uac00-\ud7ff]"
    f"{{{MAX_MARKS + 1},}}"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&])")
_LAST_MARK = 0x1E94A


def clean(text: object, *, multiline: bool = True, limit: int = MAX_CHARS, lines: int = MAX_LINES) -> str:
    """Make outside text safe to draw or print: dangerous code points visible, marks, lines and length capped.

    `limit` counts characters of the input and `lines` its lines; what was cut is said at the end. A newline
    survives only when `multiline`. The result holds no control character but the newline.
    """
    raw = text if isinstance(text, str) else str(text)
    cut = max(0, len(raw) - limit)
    if cut:
        raw = raw[:limit]
    if not (raw.isascii() and raw.isprintable()):
        raw = _neutralise(raw)
        # Spelled out, a hidden character takes eight: without a second cap a short text could still flood a view.
        over = len(raw) - 2 * limit
        if over > 0:
            raw, cut = raw[: 2 * limit], cut + over
        raw = _cap_lines(raw, lines) if multiline else raw.replace("\n", "\u2424")
    return f"{raw}\u2039+{cut} chars\u203a" if cut else raw


def markdown(text: object, *, multiline: bool = False, limit: int = MAX_CHARS) -> str:
    """Clean outside text for a Markdown file: no markup, link, heading or HTML of its own survives."""
    return _MARKDOWN.sub(r"\\\1", clean(text, multiline=multiline, limit=limit))


def _neutralise(raw: str) -> str:
    raw = raw.replace("\r\n", "\n")
    raw = _HIDDEN_TAGS.sub(_spell_tags, raw)
    raw = _DANGEROUS.sub(_visible, raw)
    if not raw.isascii() and _MAY_STACK.search(raw):
        raw = _marks().sub(_cap_marks, raw)
    return raw.replace("\t", "    ")


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"\u2039U+{code:04X}\u203a"


def _spell_tags(found: re.Match[str]) -> str:
    # The tag block mirrors ASCII invisibly: spelling it out shows the reader what was smuggled.
    spelled = "".join(chr(ord(character) - 0xE0000) for character in found[0])
    return f"\u2039TAGS:{spelled}\u203a"


def _cap_marks(found: re.Match[str]) -> str:
    return f"{found[0][:MAX_MARKS]}\u2039+{len(found[0]) - MAX_MARKS} marks\u203a"


def _cap_lines(raw: str, lines: int) -> str:
    extra = raw.count("\n") + 1 - lines
    if extra <= 0:
        return raw
    return "\n".join(raw.split("\n", lines)[:lines]) + f"\n\u2039+{extra} lines\u203a"


@cache
def _marks() -> re.Pattern[str]:
    """Build the pattern of mark stacks from Python's own Unicode table (about 15 ms, once)."""
    spans: list[list[int]] = []
    for code in range(0x300, _LAST_MARK + 1):
        if unicodedata.category(chr(code)) not in ("Mn", "Me"):
            continue
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    inside = "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)
    return re.compile(f"[{inside}]{{{MAX_MARKS + 1},}}")
