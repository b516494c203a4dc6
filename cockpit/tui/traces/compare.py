"""A passing trace beside a failing one, with what differs in their settings on top."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from cockpit.tui.text import Plain, line
from cockpit.tui.traces import detail as write
from cockpit.tui.traces.differences import Difference, compare, table
from cockpit.tui.traces.messages import TracePinned
from cockpit.tui.traces.screen import BREAKPOINTS, Section
from cockpit.world.port import TraceDetail


class Differences(Widget):
    """The settings of both, those that differ marked."""

    DEFAULT_CSS = "Differences { height: auto; }"

    def __init__(self, lines: list[Difference]) -> None:
        super().__init__()
        self._lines = lines

    def render(self) -> Content:
        """Draw the table as wide as there is room."""
        return table(self._lines, self.size.width or 80)


class Side(VerticalScroll):
    """One of the two: verdict, scores, conversation, retrieval and tools."""

    def __init__(self, detail: TraceDetail, name: str, mark: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, classes="compare-side")
        self._detail = detail
        self.border_title = line(f"{mark} {name}  #{detail.row.id}  ", write.verdict(detail.row.verdict))

    def compose(self) -> ComposeResult:
        yield Plain(write.score_line(self._detail.row.scores), classes="compare-scores")
        yield Section("Messages", write.messages(self._detail))
        yield Section("Retrieved", write.chunks(self._detail))
        yield Section("Tool calls", write.tool_calls(self._detail))


class CompareScreen(Screen[None]):
    """Two traces side by side from 120 columns on, one above the other below that."""

    CSS_PATH = "compare.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d", "close", "Back", id="compare.back"),
        Binding("tab", "app.focus_next", "Other side", id="compare.other"),
        Binding("x", "pin", "Pin failing", tooltip="Put the failing one on the timeline", id="compare.pin"),
    ]
    HELP = """# Passing beside failing
On top, the settings in which the two traces differ (**≠**). **Tab** changes sides, arrows scroll, **x** pins the
failing one to the timeline, **Escape** goes back.
"""

    def __init__(self, passing: TraceDetail, failing: TraceDetail) -> None:
        super().__init__()
        self._passing, self._failing = passing, failing

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="compare-settings", can_focus=False) as box:
            box.border_title = Content("What differs")
            yield Differences(compare(self._passing, self._failing))
        with Container(id="compare-sides"):
            yield Side(self._passing, "passing", "✔", id="compare-passing")
            yield Side(self._failing, "failing", "✘", id="compare-failing")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one("#compare-failing").focus()

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss()

    def action_pin(self) -> None:
        """Ask for the failing trace to be put on the timeline."""
        self.post_message(TracePinned(self._failing.row.id, self._failing.row.verdict))
        self.notify("Pinned to the timeline", markup=False)
