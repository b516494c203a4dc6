"""How a postmortem stands, in one line; its keys; and what its screen is for."""

from __future__ import annotations

from datetime import timedelta

from textual.content import Content

from cockpit.postmortem.writer import Page
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN
from cockpit.tui.text import Part, line

HELP = """# The postmortem
It is written already, from the journal alone: read it, and fill in what only people know. What it can't know is
marked **Open:**; what the lint finds (blame, gaps, an action item without owner or date) is listed on top, **enter**
or **n** goes there.

**e** or enter writes in the part under the cursor, **E** in the whole in your own $EDITOR. When the draft is made
anew (**r**), what people wrote is kept; where both changed the same lines, both stand there until you keep one.

**a** the action items: add, owner, date, done, ticket. **s** signs this version. **x** writes it as Markdown, **h**
as an HTML page with the plots, personal data masked. **tab** other column, **esc** back.
"""

_KEYS = (
    ("n", "next ▲"), ("e", "edit"), ("a", "actions"), ("s", "sign"), ("x", "md"), ("h", "html"), ("E", "$EDITOR"),
    ("?", "help"), ("esc", "back"), ("tab", "parts"), ("r", "draft again"),
)  # fmt: skip
"""Keys and words, the most needed first."""


def keys_line(width: int) -> Content:
    """List as many keys as there is room for."""
    made = Content("")
    for key, words in _KEYS:
        longer = made + line("  " if made.plain else "", (key, KEY), f" {words}")
        if longer.cell_length > width:
            break
        made = longer
    return made


def head_line(incident: str, page: Page | None) -> Content:
    """Name the incident."""
    return line((f"Postmortem {incident}", "bold"), f"  {page.state.title}" if page else "")


def standing(page: Page) -> Content:
    """Say whether it is signed, until when that is due, and whether the incident is closed."""
    learning = page.state.learning
    parts: list[Part] = [_signed(page)]
    if learning.closed_at:
        parts.append((f"  ·  incident closed {_day(learning.closed_at)}", GOOD))
    parts += [
        (f"  ·  {one.what} waived by {one.actor}{f' until {one.until}' if one.until else ''}", WARN)
        for one in learning.waivers
    ]
    open_items = sum(not one.done for one in page.items)
    parts.append((f"  ·  {open_items} open action item{'' if open_items == 1 else 's'}", DIM))
    return line(*parts)


def _signed(page: Page) -> Part:
    written = page.state.learning.written
    if written.done_at:
        more = "; CHANGED SINCE: s signs it again" if page.changed else ""
        return (f"✔ signed by {written.done_by}, {_day(written.done_at)}{more}", WARN if page.changed else GOOD)
    if page.due is None:
        return ("○ not signed; due after the all-clear", DIM)
    left = page.due - page.now
    if left < timedelta(0):
        return (f"▲ OVERDUE by {about(-left)}: s signs it", f"bold {BAD}")
    return (f"○ not signed yet; due in {about(left)}", WARN)


def about(span: timedelta) -> str:
    """Write a long time roughly: days, hours or minutes."""
    hours = span.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"


def _day(moment: object) -> str:
    return f"{moment:%d %b %Y}"
