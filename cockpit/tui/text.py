"""Safe text for every widget: the only way from an outside string to something drawn.

`untrusted` makes Content of a hostile string, `line` and `template` put several together, `Plain` shows them. Nothing
here ever parses markup out of a value.
"""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static  # noqa: TID251

from cockpit.domain.text import clean

VIEW_CHARS = 8_000
"""Characters one view draws of one text; the rest is counted, not drawn."""
VIEW_LINES = 200
"""Lines one view draws of one text."""

Part = Content | str | tuple[object, str]
"""A piece of a line: ready Content, the program's own words, or (outside text, style)."""


def untrusted(
    text: object, style: str = "", *, multiline: bool = False, limit: int = VIEW_CHARS, lines: int = VIEW_LINES
) -> Content:
    """Make drawable Content of outside text; `style` is a Textual style such as "bold $error"."""
    cleaned = clean(text, multiline=multiline, limit=limit, lines=lines)
    return Content.styled(cleaned, style) if style else Content(cleaned)


def line(*parts: Part) -> Content:
    """Join pieces into one Content; strings and the texts of pairs pass the door, markup in them stays text."""
    return Content("").join([_content(part) for part in parts])


def template(markup: str, **values: object) -> Content:
    """Fill a literal markup template: `template("[b]$who[/b]: $what", who=…, what=…)`.

    `markup` must be the program's own literal; values pass the door and are never parsed.
    """
    return Content.from_markup(markup, **{name: clean(value, multiline=False) for name, value in values.items()})


def fit(text: object, width: int, *, right: bool = False) -> str:
    """Clean and cut or pad a text to exactly `width` cells, with an ellipsis where something was cut."""
    content = Content(clean(text, multiline=False, limit=max(64, width * 4)))
    if content.cell_length > width:
        content = content.truncate(width, ellipsis=True)
    gap = " " * max(0, width - content.cell_length)
    return gap + content.plain if right else content.plain + gap


class Plain(Static):
    """A Static that never reads markup: a plain string is cleaned and drawn as it stands."""

    def __init__(
        self,
        content: Content | str = "",
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(_drawable(content), markup=False, name=name, id=id, classes=classes, disabled=disabled)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show something else; strings pass the door."""
        super().update(_drawable(content), layout=layout)


def _content(part: Part) -> Content:
    if isinstance(part, Content):
        return part
    if isinstance(part, str):
        return untrusted(part, multiline=True)
    return untrusted(part[0], part[1], multiline=True)


def _drawable(content: VisualType) -> VisualType:
    return untrusted(content, multiline=True) if isinstance(content, str) else content
