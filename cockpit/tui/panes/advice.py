"""The two lines that are always there: the next sensible step with its key, and why, or what just happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer

from cockpit.domain.levers import Stage
from cockpit.tui.actions import BY_ID, Keys, command_for
from cockpit.tui.panes.rows import paragraph
from cockpit.tui.panes.words import BAD, DIM, KEY
from cockpit.tui.runner import Notice
from cockpit.tui.text import Plain, line, untrusted

if TYPE_CHECKING:
    from cockpit.domain.guidance.next_step import Advice
    from cockpit.session.snapshot import Snapshot

NOTICE_S = 8.0
"""Seconds for which an outcome is shown before the reason for the next step comes back."""

KILL_SWITCH = "kill_switch"
OVER = "Over: read the debrief"
THEN = ": make the worst answer a test."
OVER_WHY = "Every point of the score is tied to what you did, and to what would have been different."

_TONES = {
    "good": ("✔", "bold $text-success"),
    "waiting": ("◌", "bold $text-warning"),
    "refused": ("✘", "bold $text-warning"),
    "bad": ("▲", "bold $text-error"),
}


class AdviceBar(Plain):
    """What to do next; the line below says why, and for some seconds what became of the last key."""

    DEFAULT_CSS = """
    AdviceBar { height: 2; padding: 0 1; background: $surface; color: $foreground; text-wrap: nowrap; }
    """

    def __init__(self, keys: Keys, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("", id=id)
        self._keys = keys
        self._snapshot: Snapshot | None = None
        self._notice: Notice | None = None
        self._timer: Timer | None = None

    @property
    def notice(self) -> str:
        """What is being said about the last key, or an empty text."""
        return self._notice.text if self._notice else ""

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now."""
        self._snapshot = snapshot
        self._draw()

    def say(self, notice: Notice) -> None:
        """Show an outcome for a while."""
        self._notice = notice
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(NOTICE_S, self._forget)
        self._draw()

    def _forget(self) -> None:
        self._notice = None
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width
        if not width:
            return
        first = next_step(self._snapshot, self._keys) if self._snapshot else line(("Next ▸ ", "bold"), "one moment …")
        urgent = _urgent(self._snapshot, self._notice)
        if urgent and self._notice and urgent.cell_length > width:
            parts = folded(urgent, width)  # a reason with its next step is worth both lines while it is shown
        elif not urgent and first.cell_length > width:
            parts = folded(first, width)
        else:
            parts = (first, urgent or _why(self._snapshot))
        self.update(Content("\n").join(part.truncate(width, ellipsis=True) for part in parts), layout=False)


def folded(text: Content, width: int) -> tuple[Content, Content]:
    """Break a text that is too long for one line over two, and cut what is longer than that."""
    first, second, *more = (row.content for row in paragraph(text, width, hang=2))
    return first, second + Content(" …") if more else second


def next_step(snapshot: Snapshot, keys: Keys) -> Content:
    """Write the next sensible step with the key that leads to it."""
    advice = snapshot.advice
    over = _to_debrief(snapshot)
    command = command_for("debrief" if over else _asked(advice)) if over or advice.action else None
    text = untrusted(OVER if over else advice.text, "bold", limit=300)
    if command is None:
        return line(("Next ▸ ", "bold $text-accent"), text)
    then = line(("; then ", "bold"), (keys.label(BY_ID["learn"]), KEY), (THEN, "bold")) if over else ""
    return line(("Next ▸ ", "bold $text-accent"), "press ", (keys.label(command), KEY), "  ", text, then)


def _asked(advice: Advice) -> str:
    """Name what is advised; the kill switch has a key of its own."""
    return KILL_SWITCH if advice.lever == KILL_SWITCH else advice.action


def _urgent(snapshot: Snapshot | None, notice: Notice | None) -> Content | None:
    """Say what became of the last key, or else what is in doubt or out of order."""
    if notice:
        glyph, style = _TONES.get(notice.tone, _TONES["bad"])
        return line((f"{glyph} ", style), (notice.text, style))
    if snapshot and (doubted := [pull.title for pull in snapshot.state.pulls if pull.stage is Stage.UNKNOWN]):
        words = f"UNKNOWN whether {' and '.join(doubted)} arrived: asked again until that is certain, assume nothing"
        return line(("? ", f"bold {BAD}"), (words, f"bold {BAD}"))
    if snapshot and snapshot.problem:
        return line(("▲ ", "bold $text-error"), (snapshot.problem, "bold $text-error"))
    return None


def _why(snapshot: Snapshot | None) -> Content:
    """Say why the next step makes sense."""
    if snapshot is None:
        return Content("")
    return line(("why: ", DIM), (OVER_WHY if _to_debrief(snapshot) else snapshot.advice.why, DIM))


def _to_debrief(snapshot: Snapshot) -> bool:
    """Tell whether the debrief is next: the run is over, and nobody has begun to learn from it."""
    return bool(snapshot.ended) and not snapshot.state.learning.begun
