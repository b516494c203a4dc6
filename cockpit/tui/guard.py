"""The last line of defence: what every widget, toast and border passes on its way to the terminal.

`cockpit.domain.text.clean` is the first line; this filter catches what somebody forgot to clean. It cannot prevent
a crash from malformed markup, and it silently drops what the door would have shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from cockpit.domain.text import MAX_MARKS

_STRIPPED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    f"\ufe20-\ufe2f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{{{MAX_MARKS}}})"
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe20-\ufe2f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+"
)


class TerminalGuard(LineFilter):
    """Strips control characters, terminal hyperlinks and every action that is not on the allow-list.

    Wire it as the first filter: `def get_line_filters(self): return [self._guard, *super().get_line_filters()]`.
    `actions` are the exact action strings that drawn text may carry; none by default.
    """

    def __init__(self, actions: Sequence[str] = ()) -> None:
        super().__init__()
        self._actions = frozenset(actions)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of one line without anything a terminal would obey."""
        return [
            Segment(_harmless(text), self._inert(style), control)
            if style is not None and (style._link is not None or style._meta is not None)
            else Segment(_harmless(text), style, control)
            for text, style, control in segments
        ]

    def _inert(self, style: Style) -> Style:
        if style._link is not None:
            style = style.update_link(None)
        if style._meta is None:
            return style
        meta = style.meta
        kept = {key: value for key, value in meta.items() if not key.startswith("@") or self._allowed(value)}
        if len(kept) == len(meta):
            return style
        return Style.combine([style.clear_meta_and_links(), Style.from_meta(kept)])

    def _allowed(self, action: object) -> bool:
        return isinstance(action, str) and action in self._actions


def _harmless(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _STACKED.sub(r"\1", _STRIPPED.sub("", text))
